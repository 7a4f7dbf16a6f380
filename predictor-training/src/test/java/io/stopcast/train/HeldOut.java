package io.stopcast.train;

import io.stopcast.history.History;
import io.stopcast.history.TaskId;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Outlook;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.CheckedHistory;
import io.stopcast.replay.Fold;
import io.stopcast.replay.Part;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the probabilities and gains that a model tells come true on runs that it has not seen, source by source, and the runs on
 * which it was most wrong. {@code checks/held-out} runs {@link #main}.
 *
 * <p>Points of a run, runs of a task and tasks weigh the same.
 */
final class HeldOut {
  private static final double LOW = .93;
  private static final double HIGH = .97;
  /** A source with a smaller share of its points there is left out: so few points tell nothing. */
  private static final double FEWEST = .02;
  private static final int WORST = 8;

  /** What was said at a point, and what was so. NaN for a gain that nobody could expect yet. */
  private record Said(
      ScoredRun run, int price, double weight, double score, double probability, boolean right, double gain, double median, double high) {}

  /** A stop, and what a stop in hindsight would have lost. */
  private record Stopped(ScoredRun run, int price, int point, double probability, double lost) {}

  /** What was said at all points of a run, in order, and where it was stopped. */
  private record Watched(List<Said> said, Stopped stopped) {}

  private final double[] prices = Protocol.standard().prices().stream().mapToDouble(Double::doubleValue).toArray();
  private final List<ScoredRun> runs;
  private final List<ScoredRun> shipped;

  private HeldOut(List<ScoredRun> runs, List<ScoredRun> shipped) {
    this.runs = runs;
    this.shipped = shipped;
  }

  /** Asks models of five folds of the development part. */
  public static void main(String[] args) throws Exception {
    Optional<List<Run>> history = CheckedHistory.at(args[0]);
    if (history.isEmpty()) {
      return;
    }
    List<ScoredRun> runs = Part.DEVELOPMENT.read(ScoredRun.of(history.get()));
    Set<TaskId> known = runs.stream().map(ScoredRun::task).collect(Collectors.toSet());
    List<ScoredRun> shipped =
        ScoredRun.of(History.read(List.of(Path.of(args[1])), History.Options.STRICT).runs()).stream()
            .filter(run -> !known.contains(run.task()))
            .toList();
    HeldOut heldOut = new HeldOut(runs, shipped);
    heldOut.ask(Split.KNOWN_TASK);
    heldOut.ask(Split.UNSEEN_TASK);
  }

  private void ask(Split split) {
    Protocol protocol = Protocol.standard();
    List<Said> said = new ArrayList<>();
    List<Stopped> stops = new ArrayList<>();
    for (Fold fold : split.folds(runs, protocol.folds(), protocol.seed()).folds()) {
      List<ScoredRun> training = Arrays.stream(fold.training()).mapToObj(runs::get).toList();
      List<ScoredRun> judged = Arrays.stream(fold.judged()).mapToObj(runs::get).toList();
      ModelFile model = new LearnedRecipe(Recipe.standard(training.size() + shipped.size()), shipped).train(training, prices, Map.of());
      for (int p = 0; p < prices.length; p++) {
        LearnedPolicy policy = LearnedPolicy.of(model, prices[p]);
        int price = p;
        for (Watched watched : judged.parallelStream().map(run -> watch(run, policy, price)).toList()) {
          said.addAll(watched.said);
          stops.add(watched.stopped);
        }
      }
    }
    System.out.printf("## %s%n", split.word());
    for (int p = 0; p < prices.length; p++) {
      int price = p;
      tell(prices[p], said.stream().filter(s -> s.price == price).toList());
    }
    stops.stream()
        .sorted(Comparator.comparingDouble((Stopped s) -> -s.lost))
        .filter(distinctTask())
        .limit(WORST)
        .forEach(this::tell);
  }

  private static Predicate<Stopped> distinctTask() {
    Set<TaskId> seen = new HashSet<>();
    return stop -> seen.add(stop.run.task());
  }

  private Watched watch(ScoredRun run, LearnedPolicy policy, int price) {
    Objective objective = run.run().context().objective();
    StopPolicy.Watch watch = policy.watch(run.run().context());
    double[] advantage = run.hindsight().advantage(prices[price]);
    double[] best = run.curve().best();
    List<Said> said = new ArrayList<>();
    int last = run.length() - 1;
    int point = 0;
    int stop = last;
    double probability = Double.NaN;
    for (Step step : run.run().steps()) {
      boolean stopped = watch.observe(step).isStop();
      if (!objective.isReportedBy(step)) {
        continue;
      }
      if (point < last && !Double.isNaN(watch.score()) && watch.outlook().isPresent()) {
        Outlook outlook = watch.outlook().get();
        said.add(
            new Said(
                run, price, 1. / last, watch.score(), outlook.probability(), advantage[point] >= 0, run.curve().finalBest() - best[point],
                outlook.gainMedian(), outlook.gainHigh()));
        if (stopped && stop == last) {
          stop = point;
          probability = outlook.probability();
        }
      }
      point++;
    }
    double lost = run.hindsight().loss(stop, prices[price]) - run.hindsight().loss(run.hindsight().oracle(prices[price]), prices[price]);
    return new Watched(said, new Stopped(run, price, stop, probability, lost));
  }

  /** Means in which points of a run, runs of a task and tasks weigh the same. */
  private static Map<TaskId, double[]> byTask(List<Said> said, ToDoubleFunction<Said> value) {
    Map<TaskId, double[]> sums = new TreeMap<>();
    for (Said s : said) {
      double x = value.applyAsDouble(s);
      if (!Double.isNaN(x)) {
        double[] sum = sums.computeIfAbsent(s.run.task(), t -> new double[2]);
        sum[0] += s.weight * x;
        sum[1] += s.weight;
      }
    }
    return sums;
  }

  private static double mean(List<Said> said, ToDoubleFunction<Said> value) {
    return byTask(said, value).values().stream().mapToDouble(sum -> sum[0] / sum[1]).average().orElse(Double.NaN);
  }

  private static double square(double x) {
    return x * x;
  }

  private void tell(double price, List<Said> said) {
    double base = mean(said, s -> s.right ? 1 : 0);
    List<Said> sure = said.stream().filter(HeldOut::isSure).toList();
    System.out.printf(
        "price %s: Brier of the score %.3f, of the probability %.3f, of the base rate %.3f; says %.3f where it says .93 to .97 (%.1f %% of points),"
            + " right %.3f; gain below the median %.2f, below the high one %.2f%n",
        price,
        mean(said, s -> square(s.score - (s.right ? 1 : 0))),
        mean(said, s -> square(s.probability - (s.right ? 1 : 0))),
        base * (1 - base),
        mean(sure, Said::probability),
        100 * mean(said, s -> isSure(s) ? 1 : 0),
        mean(sure, s -> s.right ? 1 : 0),
        mean(said, s -> below(s.gain, s.median)),
        mean(said, s -> below(s.gain, s.high)));
    Stream<Map.Entry<String, List<Said>>> bySource =
        said.stream().collect(Collectors.groupingBy(s -> s.run.run().context().source(), TreeMap::new, Collectors.toList())).entrySet().stream();
    bySource.forEach(
        source -> {
          List<Said> there = source.getValue().stream().filter(HeldOut::isSure).toList();
          double share = mean(source.getValue(), s -> isSure(s) ? 1 : 0);
          double[] tasks = byTask(there, s -> s.right ? 1 : 0).values().stream().mapToDouble(sum -> sum[0] / sum[1]).toArray();
          double right = Arrays.stream(tasks).average().orElse(Double.NaN);
          double spread = Math.sqrt(Arrays.stream(tasks).map(x -> square(x - right)).sum() / Math.max(1, tasks.length - 1) / tasks.length);
          System.out.printf(
              "  %s: %s, %d tasks, %.1f %% of points; below the high gain %.2f%n",
              source.getKey(),
              share < FEWEST ? "too few" : "right %.3f +- %.3f".formatted(right, 1.96 * spread),
              tasks.length,
              100 * share,
              mean(source.getValue(), s -> below(s.gain, s.high)));
        });
  }

  private static boolean isSure(Said said) {
    return said.probability >= LOW && said.probability < HIGH;
  }

  private static double below(double gain, double quantile) {
    return Double.isNaN(quantile) || Double.isNaN(gain) ? Double.NaN : gain <= quantile ? 1 : 0;
  }

  private void tell(Stopped stop) {
    ScoredRun run = stop.run;
    Objective objective = run.run().context().objective();
    int sign = objective.gain(Step.of(1, 1, objective.metric(), 1)) > 0 ? 1 : -1;
    double[] best = run.curve().best();
    int chosen = run.hindsight().oracle(prices[stop.price]);
    System.out.printf(
        "  worst: %s, %s, %s at %s: stopped at %d of %d, best %s %.6g, said %.2f; hindsight stops at %d, best %.6g; lost %.3f more than that%n",
        run.task().source(), run.task().task(), run.run().context().run(), prices[stop.price], stop.point + 1, run.length(), objective.metric(),
        sign * best[stop.point], stop.probability, chosen + 1, sign * best[chosen], stop.lost);
  }
}
