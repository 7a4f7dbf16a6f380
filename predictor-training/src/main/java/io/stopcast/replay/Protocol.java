package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The one way in which policies are judged here: every run is held out once, rules are tuned and models trained on the
 * other folds only, and all of them are replayed on it.
 *
 * @param prices what a full run's compute is worth, in units of the task's scale
 * @param folds into how many parts the runs are split
 * @param seed decides the folds
 */
public record Protocol(List<Double> prices, int folds, long seed) {
  public Protocol {
    prices = List.copyOf(prices);
    if (prices.isEmpty() || prices.stream().anyMatch(p -> !(p > 0) || p.isInfinite())) {
      throw new IllegalArgumentException("prices must be positive numbers, such as 0.03,0.1,0.3, but were " + prices);
    }
    if (folds < 2) {
      throw new IllegalArgumentException("a split needs at least 2 folds, but was given " + folds);
    }
  }

  public static Protocol standard() {
    return new Protocol(List.of(0.03, 0.1, 0.3), 5, 20_260_101);
  }

  private double[] priceArray() {
    return prices.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Replays every setting of every family on every run; done once, whatever the splits.
   *
   * @return [setting over all families][run]: the point at which it stopped
   */
  public static int[][] replayAll(List<Family> families, List<ScoredRun> runs, Runnable afterEachRun) {
    List<StopPolicy> settings = families.stream().flatMap(f -> f.settings().stream()).toList();
    int[][] stops = new int[settings.size()][runs.size()];
    IntStream.range(0, runs.size())
        .parallel()
        .forEach(
            r -> {
              for (int s = 0; s < settings.size(); s++) {
                stops[s][r] = Replay.of(settings.get(s), runs.get(r).run()).point();
              }
              afterEachRun.run();
            });
    return stops;
  }

  /**
   * Judges a learner beside the rules.
   *
   * @param stops what {@link #replayAll} returned for these families and runs
   * @param afterEachFold told when a fold is done
   */
  public Results judge(
      Split split, List<ScoredRun> runs, List<Family> families, int[][] stops, Learner learner, Runnable afterEachFold) {
    int[] foldOf = split.assign(runs, folds, seed);
    double[] prices = priceArray();
    List<String> policies = new ArrayList<>(List.of(Results.NEVER, Results.ORACLE));
    families.forEach(f -> policies.add(f.name()));
    policies.add(Results.TUNED_RULE);
    policies.add(Results.LEARNED);
    int[][][] results = new int[policies.size()][prices.length][runs.size()];
    for (int p = 0; p < prices.length; p++) {
      for (int r = 0; r < runs.size(); r++) {
        results[0][p][r] = runs.get(r).length() - 1;
        results[1][p][r] = runs.get(r).hindsight().oracle(prices[p]);
      }
    }
    IntStream.range(0, split.wanted(runs, folds))
        .parallel()
        .forEach(
            fold -> {
              tune(runs, foldOf, fold, families, stops, results);
              learn(runs, foldOf, fold, learner, results[policies.size() - 1]);
              afterEachFold.run();
            });
    List<String> names = families.stream().map(Family::name).toList();
    return new Results(split, runs, prices, policies, names, results);
  }

  /** Picks for each price and family the setting with the smallest mean loss on the training part. */
  private void tune(
      List<ScoredRun> runs, int[] foldOf, int fold, List<Family> families, int[][] stops, int[][][] results) {
    double[] prices = priceArray();
    int[] training = IntStream.range(0, foldOf.length).filter(r -> foldOf[r] != fold).toArray();
    double[] weights = TaskWeights.of(runs, training);
    for (int p = 0; p < prices.length; p++) {
      double bestOfAll = Double.POSITIVE_INFINITY;
      int ruleOfAll = -1;
      int setting = 0;
      for (int f = 0; f < families.size(); f++) {
        double best = Double.POSITIVE_INFINITY;
        int rule = -1;
        for (int i = 0; i < families.get(f).settings().size(); i++, setting++) {
          double loss = 0;
          for (int k = 0; k < training.length; k++) {
            int r = training[k];
            loss += weights[k] * runs.get(r).hindsight().loss(stops[setting][r], prices[p]);
          }
          if (loss < best) {
            best = loss;
            rule = setting;
          }
        }
        if (best < bestOfAll) {
          bestOfAll = best;
          ruleOfAll = rule;
        }
        copyHeldOut(foldOf, fold, stops[rule], results[2 + f][p]);
      }
      copyHeldOut(foldOf, fold, stops[ruleOfAll], results[2 + families.size()][p]);
    }
  }

  private static void copyHeldOut(int[] foldOf, int fold, int[] from, int[] into) {
    for (int r = 0; r < foldOf.length; r++) {
      if (foldOf[r] == fold) {
        into[r] = from[r];
      }
    }
  }

  private void learn(List<ScoredRun> runs, int[] foldOf, int fold, Learner learner, int[][] into) {
    List<StopPolicy> learned = learner.fit(Split.select(runs, foldOf, fold, false), priceArray());
    for (int p = 0; p < learned.size(); p++) {
      for (int r = 0; r < foldOf.length; r++) {
        if (foldOf[r] == fold) {
          into[p][r] = Replay.of(learned.get(p), runs.get(r).run()).point();
        }
      }
    }
  }
}
