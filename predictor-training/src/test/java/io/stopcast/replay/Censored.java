package io.stopcast.replay;

import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Stochastic;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.NothingToLearnException;
import io.stopcast.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What becomes of a model that is trained again and again on a history in which the model before it stopped runs: by generation, with some
 * runs exempt or none, with what is not shown accounted for or not.
 *
 * <p>A fifth of the runs is held out, complete, and judges every generation; the rest comes in equal batches. The first batch is recorded
 * before anything is stopped; each later one is watched by the model of the generation before. Where a history has nothing to learn from, that model
 * stays, and the row says so. {@code checks/censoring} runs {@link #main}.
 */
final class Censored {
  private static final int GENERATIONS = 5;
  private static final int JUDGED_ONE_IN = 5;

  /** What a learner makes of stopped runs. */
  private enum Treatment {
    /** Nothing was stopped: what could be had at best. */
    COMPLETE("nothing was stopped"),
    /** Sure parts and inverse propensities, thresholds drawn towards those of the generation before. */
    CORRECTED("corrected"),
    /** As {@link ScoredRun#of} does: stopped runs are left out. */
    LEFT_OUT("stopped runs left out"),
    /** As if the stop were the end that was planned. */
    AS_IF_COMPLETE("stopped runs as if complete");

    private final String words;

    Treatment(String words) {
      this.words = words;
    }
  }

  private final List<ScoredRun> judged = new ArrayList<>();
  private final List<List<Run>> batches = new ArrayList<>();
  private final double price;
  private final double clip;
  private final int window;
  private final int seed;

  private Censored(List<ScoredRun> runs, double price, double clip, int window, int most, int seed) {
    this.price = price;
    this.clip = clip;
    this.window = window;
    this.seed = seed;
    for (int g = 0; g <= GENERATIONS; g++) {
      batches.add(new ArrayList<>());
    }
    for (ScoredRun run : runs) {
      int judge = (int) (Stochastic.drawn(run.run().context(), 1) * JUDGED_ONE_IN);
      double place = Stochastic.drawn(run.run().context(), 1000 + seed);
      if (judge == 0) {
        judged.add(run);
      } else if (Stochastic.drawn(run.run().context(), 2000 + seed) * runs.size() < most) {
        batches.get((int) (place * batches.size())).add(run.run());
      }
    }
  }

  /**
   * Prints a row for each way to explore and to learn, as it is known.
   *
   * @param args the history, the price, how many batches a generation learns from, the clip, how many runs to take at most, the seeds, the
   *     shares of runs that are exempt, and the ways to learn, as the constants of {@link Treatment} in small letters
   */
  public static void main(String[] args) throws Exception {
    Optional<List<Run>> history = CheckedHistory.at(args[0]);
    if (history.isEmpty()) {
      return;
    }
    double price = Double.parseDouble(args[1]);
    int window = Integer.parseInt(args[2]);
    List<ScoredRun> runs = Part.DEVELOPMENT.read(ScoredRun.of(history.get()));
    for (String seed : args[5].split(",")) {
      Censored check =
          new Censored(runs, price, Double.parseDouble(args[3]), window, Integer.parseInt(args[4]), Integer.parseInt(seed));
      List<Treatment> ways = Arrays.stream(args[7].split(",")).map(way -> Treatment.valueOf(way.toUpperCase(Locale.ROOT))).toList();
      check.print(Arrays.stream(args[6].split(",")).mapToDouble(Double::parseDouble).toArray(), ways);
    }
  }

  private void print(double[] explorations, List<Treatment> ways) {
    System.out.printf(
        Locale.ROOT,
        "%nseed %d, price %s: batches of %s runs, learned from the last %d; judged on %d complete runs: never %.4f, oracle %.4f%n%n",
        seed,
        price,
        batches.stream().map(List::size).toList(),
        window,
        judged.size(),
        mean(losses(StopPolicy.NEVER)),
        mean(oracle()));
    System.out.printf(
        "| exempt | learned from | loss by generation 0..%d | last less first [95 %%] | saved, first and last | stopped + exempt |%n", GENERATIONS);
    System.out.println("|--:|---|---|---|---|---|");
    ModelFile first = fit(recipe(), ScoredRun.of(batches.get(0)));
    for (double exploration : explorations) {
      ways.stream().filter(way -> way != Treatment.COMPLETE).forEach(way -> row(exploration, way, first));
    }
    if (ways.contains(Treatment.COMPLETE)) {
      row(1, Treatment.COMPLETE, first);
    }
  }

  private void row(double exploration, Treatment treatment, ModelFile first) {
    StopPolicy policy = LearnedPolicy.of(first, price);
    double savedFirst = saved(policy);
    List<double[]> losses = new ArrayList<>(List.of(losses(policy)));
    List<List<WatchedRun>> seen = new ArrayList<>(List.of(batches.get(0).stream().map(WatchedRun::of).toList()));
    StringBuilder stopped = new StringBuilder();
    ModelFile model = first;
    List<Integer> nothing = new ArrayList<>();
    for (int g = 1; g <= GENERATIONS; g++) {
      boolean stops = treatment != Treatment.COMPLETE;
      Stochastic logging = Stochastic.of(policy, stops ? 1 - exploration : 1, 31L * seed + g);
      List<WatchedRun> batch =
          batches.get(g).parallelStream().map(run -> stops ? WatchedRun.of(cut(run, logging), logging, clip) : WatchedRun.of(run)).toList();
      seen.add(batch);
      stopped.append(g == 1 ? "" : ", ").append(batch.stream().filter(run -> run.censoring().isStopped()).count());
      stopped.append('+').append(batch.stream().filter(run -> run.censoring().weight() > 1).count());
      List<WatchedRun> history = seen.subList(Math.max(0, seen.size() - window), seen.size()).stream().flatMap(List::stream).toList();
      try {
        model = fit(treatment == Treatment.CORRECTED ? recipe().after(model) : recipe(), learned(history, treatment));
        policy = LearnedPolicy.of(model, price);
      } catch (NothingToLearnException e) { // the model before it stays
        nothing.add(g);
      }
      losses.add(losses(policy));
    }
    double[] change = new double[losses.get(0).length];
    Arrays.setAll(change, task -> losses.get(GENERATIONS)[task] - losses.get(0)[task]);
    double error = 1.96 * Math.sqrt(Arrays.stream(change).map(x -> (x - mean(change)) * (x - mean(change))).sum()) / change.length;
    System.out.printf(
        Locale.ROOT,
        "| %.0f %% | %s%s | %s | %+.4f [%+.4f, %+.4f] | %.0f %%, %.0f %% | %s |%n",
        100 * exploration,
        treatment.words,
        nothing.isEmpty() ? "" : " (nothing to learn from in generations " + nothing + ": the model before stayed)",
        String.join(" ", losses.stream().map(of -> String.format(Locale.ROOT, "%.4f", mean(of))).toList()),
        mean(change),
        mean(change) - error,
        mean(change) + error,
        100 * savedFirst,
        100 * saved(policy),
        stopped);
  }

  private static List<ScoredRun> learned(List<WatchedRun> history, Treatment treatment) {
    return switch (treatment) {
      case COMPLETE, CORRECTED -> ScoredRun.ofWatched(history);
      case LEFT_OUT -> ScoredRun.of(history.stream().map(WatchedRun::run).toList());
      case AS_IF_COMPLETE ->
          ScoredRun.of(
              history.stream()
                  .map(WatchedRun::run)
                  .map(run -> run.end().isScored() ? run : new Run(run.context(), run.steps(), End.COMPLETED))
                  .toList());
    };
  }

  /** The record of a run that was watched by that policy. */
  private static Run cut(Run run, StopPolicy policy) {
    int point = Replay.pointOf(policy, run);
    int[] steps = Curve.of(run).step();
    return point == steps.length - 1 ? run : new Run(run.context(), run.steps().subList(0, steps[point] + 1), End.EARLY_STOPPED);
  }

  /** Smaller than the shipped recipe, and without improvement of the policy, so that a hundred models take minutes. */
  private LearnedRecipe recipe() {
    return new LearnedRecipe(new Recipe(25, 3, .25, .6, .4, 10, 5, 12, Integer.MAX_VALUE, .3, 0, 0, 150, 40, 0, 3, .5, .15, 20_260_101 + seed));
  }

  private ModelFile fit(LearnedRecipe recipe, List<ScoredRun> runs) {
    return recipe.train(runs, new double[] {price}, Map.of());
  }

  /** By task. */
  private double[] losses(StopPolicy policy) {
    double[] losses =
        judged.parallelStream().mapToDouble(run -> run.hindsight().loss(Replay.pointOf(policy, run.run()), price)).toArray();
    return byTask(losses);
  }

  private double[] oracle() {
    return byTask(judged.stream().mapToDouble(run -> run.hindsight().loss(run.hindsight().oracle(price), price)).toArray());
  }

  private double saved(StopPolicy policy) {
    return 1 - mean(byTask(judged.parallelStream().mapToDouble(run -> run.hindsight().share()[Replay.pointOf(policy, run.run())]).toArray()));
  }

  private double[] byTask(double[] values) {
    Map<TaskId, List<Double>> byTask = new TreeMap<>();
    for (int r = 0; r < values.length; r++) {
      byTask.computeIfAbsent(judged.get(r).task(), t -> new ArrayList<>()).add(values[r]);
    }
    return byTask.values().stream().mapToDouble(of -> of.stream().mapToDouble(x -> x).average().orElseThrow()).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
