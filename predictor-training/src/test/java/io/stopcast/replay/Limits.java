package io.stopcast.replay;

import io.stopcast.history.Curve;
import io.stopcast.label.TaskScales;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How much of the gap somebody would close who knew more of a run than any policy may: what a predictor can hope for.
 *
 * <p>Both stop where no plan to go on for a fixed time is expected to pay, given the best value so far and some draws of what may
 * come. The one who knows <i>the trend</i> is told the run's own curve, past and future, as a moving mean over a tenth of it, and
 * draws the noise around that anew; what separates him from hindsight is noise alone. The one who knows <i>the seeds</i> is told
 * how at least three other runs of the very same configuration went on from here, shifted to where this one stands; the protocol
 * keeps these from every policy. {@code checks/limits} runs {@link #main}.
 */
final class Limits {
  private static final int DRAWS = 32;
  private static final int FEWEST_SEEDS = 3;
  private static final int LEVEL_POINTS = 5;

  /** What may come after a point, in draws. */
  private interface Futures {
    int draws();

    /** The gain at a later point in one of the draws, as told at point {@code now}; NaN if it has none. */
    double gain(int draw, int now, int later);
  }

  private final List<ScoredRun> runs;
  private final TaskScales scales;
  private final Map<ScoredRun, double[]> gains = new HashMap<>();
  private final Map<String, List<ScoredRun>> seeds = new HashMap<>();
  private final Configurations configurations;

  private Limits(List<ScoredRun> runs) {
    this.runs = runs;
    scales = TaskScales.of(runs.stream().map(ScoredRun::run).toList());
    configurations = new Configurations(runs);
    for (ScoredRun run : runs) {
      gains.put(run, gains(run));
      seeds.computeIfAbsent(seedsOf(run), k -> new ArrayList<>()).add(run);
    }
  }

  /** Judges both on the development part of a history. */
  public static void main(String[] args) throws Exception {
    Optional<List<Run>> history = CheckedHistory.at(args[0]);
    if (history.isEmpty()) {
      return;
    }
    List<ScoredRun> runs = Part.DEVELOPMENT.read(ScoredRun.of(history.get()));
    Limits limits = new Limits(runs);
    RuleReplays rules = RuleReplays.of(Baselines.families(), runs, ShownHorizon.PLANNED, () -> {});
    limits.judge("the trend", Split.KNOWN_TASK, rules, limits::trend);
    limits.judge("the seeds", Split.KNOWN_TASK, rules, limits::seeds);
    limits.judge("the trend", Split.UNSEEN_TASK, rules, limits::trend);
  }

  private interface Knowledge {
    /** Nothing if this is not known of the run. */
    Optional<Futures> of(ScoredRun run);
  }

  private void judge(String name, Split split, RuleReplays rules, Knowledge knowledge) {
    Protocol protocol = Protocol.standard();
    double[] prices = protocol.priceArray();
    List<String> families = rules.families().stream().map(Family::name).toList();
    ScoreSheet sheet = new ScoreSheet(rules, prices, families);
    List<Integer> judged = new ArrayList<>();
    for (Fold fold : split.folds(runs, protocol.folds(), protocol.seed()).folds()) {
      int[] told = Arrays.stream(fold.judged()).filter(r -> knowledge.of(runs.get(r)).isPresent()).toArray();
      Arrays.stream(told).forEach(judged::add);
      for (int p = 0; p < prices.length; p++) {
        sheet.tuned(families, p, rules.losses(fold.training(), prices[p]), told);
      }
    }
    IntStream.range(0, judged.size())
        .parallel()
        .forEach(
            i -> {
              ScoredRun run = runs.get(judged.get(i));
              Futures futures = knowledge.of(run).orElseThrow();
              for (int p = 0; p < prices.length; p++) {
                sheet.stop(Results.LEARNED, p, judged.get(i), stop(run, futures, prices[p]));
              }
            });
    int[] sorted = judged.stream().mapToInt(Integer::intValue).sorted().toArray();
    Results results = sheet.results(split, sorted, new LeftOut(0, 0, ""));
    for (int p = 0; p < prices.length; p++) {
      Results.Comparison c = results.compare(results.bestRule(p), p, protocol.seed());
      System.out.printf(
          "%s, who knows %s: price %s, %,d runs of %d tasks, gap closed %.2f [%.2f, %.2f] against %s;",
          split.word(), name, prices[p], sorted.length, results.tasks().size(), c.gapClosed(), c.low(), c.high(), c.against());
      results.bySource(p).forEach(group -> System.out.printf(" %s %.2f", group.name(), group.gap()));
      System.out.println();
    }
  }

  /** The first point at which no fixed time to go on is expected to pay, or the last point. */
  private int stop(ScoredRun run, Futures futures, double price) {
    double scale = scales.of(run.task());
    double[] own = gains.get(run);
    double[] best = run.curve().best();
    int last = run.length() - 1;
    for (int t = 0; t < last && scale > 0; t++) {
      if (!Double.isNaN(best[t])) {
        double[] rise = new double[own.length];
        for (int d = 0; d < futures.draws(); d++) {
          double highest = best[t];
          for (int u = t + 1; u <= last; u++) {
            double gain = futures.gain(d, t, u);
            highest = gain > highest ? gain : highest;
            rise[u] += (highest - best[t]) / futures.draws();
          }
        }
        boolean pays = false;
        for (int u = t + 1; u <= last && !pays; u++) {
          double cost = price * (run.hindsight().share()[u] - run.hindsight().share()[t]);
          pays = Math.min(1, rise[u] / scale) > cost;
        }
        if (!pays) {
          return t;
        }
      }
    }
    return last;
  }

  private Optional<Futures> trend(ScoredRun run) {
    double[] own = gains.get(run);
    int n = own.length;
    double[] trend = new double[n];
    int half = Math.max(1, n / 20);
    for (int t = 0; t < n; t++) {
      trend[t] = mean(own, Math.max(0, t - half), Math.min(n - 1, t + half));
    }
    // The noise is that of a random point nearby.
    Random random = new Random(run.run().context().run().hashCode());
    int near = Math.max(5, n / 10);
    double[][] drawn = new double[DRAWS][n];
    for (double[] draw : drawn) {
      for (int t = 0; t < n; t++) {
        int low = Math.max(0, t - near);
        int from = low + random.nextInt(Math.min(n - 1, t + near) - low + 1);
        draw[t] = trend[t] + own[from] - trend[from];
      }
    }
    return Optional.of(
        new Futures() {
          @Override
          public int draws() {
            return DRAWS;
          }

          @Override
          public double gain(int draw, int now, int later) {
            return drawn[draw][later];
          }
        });
  }

  private Optional<Futures> seeds(ScoredRun run) {
    List<double[]> others = seeds.get(seedsOf(run)).stream().filter(other -> other != run).map(gains::get).toList();
    if (others.size() < FEWEST_SEEDS) {
      return Optional.empty();
    }
    double[] own = gains.get(run);
    return Optional.of(
        new Futures() {
          @Override
          public int draws() {
            return others.size();
          }

          @Override
          public double gain(int draw, int now, int later) {
            double[] other = others.get(draw);
            int from = Math.max(0, now - LEVEL_POINTS + 1);
            double shift = now < other.length ? mean(own, from, now) - mean(other, from, now) : Double.NaN;
            return later < other.length ? other[later] + shift : Double.NaN;
          }
        });
  }

  private String seedsOf(ScoredRun run) {
    return run.task() + "\n" + configurations.of(run);
  }

  /** Of the usable values within, NaN if there is none. */
  private static double mean(double[] values, int first, int last) {
    return Arrays.stream(values, first, last + 1).filter(Double::isFinite).average().orElse(Double.NaN);
  }

  private static double[] gains(ScoredRun run) {
    Objective objective = run.run().context().objective();
    List<Step> steps = run.run().steps();
    Curve curve = run.curve();
    return Arrays.stream(curve.step()).mapToDouble(i -> objective.gain(steps.get(i))).toArray();
  }
}
