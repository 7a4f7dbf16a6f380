package io.stopcast.replay;

import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * The one way in which policies are judged here: every run is judged at most once, rules are tuned and models trained on the
 * training part of its fold only, and all of them are replayed on it.
 *
 * @param prices what a full run's compute is worth, in units of the task's scale
 * @param folds into how many parts the runs are split
 * @param seed decides the folds, and whatever else is drawn
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

  double[] priceArray() {
    return prices.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Judges a learner beside the rules. Each fold is learned once, and replayed under each of the given horizons.
   *
   * @param split what the folds are of
   * @param rules replays of all runs, one for each way of showing the horizon
   * @param afterEachFold told, by any thread, when a fold is done
   * @return results for each of {@code rules}, in their order
   */
  public List<Results> judge(
      Split split, Folds folds, List<RuleReplays> rules, Learner learner, Runnable afterEachFold) {
    return judge(split, folds, rules, learner, Strategies.NONE, afterEachFold);
  }

  /**
   * Judges a learner beside the rules, and further policies beside both.
   *
   * @param split what the folds are of
   * @param rules replays of all runs, one for each way of showing the horizon
   * @param strategies what else has a row; its rules are replayed as {@code rules} are
   * @param afterEachFold told, by any thread, when a fold is done
   * @return results for each of {@code rules}, in their order
   */
  public List<Results> judge(
      Split split, Folds folds, List<RuleReplays> rules, Learner learner, Strategies strategies, Runnable afterEachFold) {
    double[] prices = priceArray();
    List<String> names = rules.get(0).families().stream().map(Family::name).toList();
    List<ScoreSheet> sheets = rules.stream().map(r -> new ScoreSheet(r, prices, names, strategies.names())).toList();
    folds.folds().parallelStream()
        .forEach(
            fold -> {
              List<ScoredRun> training = Fold.select(folds.runs(), fold.training());
              Learned learned = learner.fit(training, prices);
              for (int i = 0; i < sheets.size(); i++) {
                for (int p = 0; p < prices.length; p++) {
                  sheets.get(i).tuned(names, p, rules.get(i).losses(fold.training(), prices[p]), fold.judged());
                }
                sheets.get(i).learned(learned.policies(), fold.judged());
                further(strategies, i, fold, prices, sheets.get(i));
              }
              for (Contender contender : strategies.contenders()) {
                Learned other = contender.learner().fit(training, prices);
                for (int i = 0; i < sheets.size(); i++) {
                  contend(contender.name(), other, rules.get(i).shown(), folds.runs(), fold.judged(), prices.length, sheets.get(i));
                }
              }
              afterEachFold.run();
            });
    List<Results> results = new ArrayList<>();
    for (int i = 0; i < sheets.size(); i++) {
      if (strategies.adapting()) {
        sheets.get(i).adapt(folds.judged());
      }
      List<RuleReplays> further = strategies.rules().isEmpty() ? List.of() : List.of(strategies.rules().get(i));
      results.add(sheets.get(i).results(split, folds.judged(), folds.leftOut(), further));
    }
    return results;
  }

  /** Tunes each further family as the protocol's own are tuned. */
  private static void further(Strategies strategies, int horizon, Fold fold, double[] prices, ScoreSheet sheet) {
    if (strategies.rules().isEmpty()) {
      return;
    }
    RuleReplays rules = strategies.rules().get(horizon);
    for (int p = 0; p < prices.length; p++) {
      int[] best = rules.best(rules.losses(fold.training(), prices[p]));
      for (int f = 0; f < best.length; f++) {
        for (int r : fold.judged()) {
          sheet.stop(rules.families().get(f).name(), p, r, rules.stop(best[f], r));
        }
      }
    }
  }

  private static void contend(
      String name, Learned learned, ShownHorizon shown, List<ScoredRun> runs, int[] judged, int prices, ScoreSheet sheet) {
    for (int r : judged) {
      Run run = shown.show(runs.get(r).run());
      for (int p = 0; p < prices; p++) {
        sheet.stop(name, p, r, Replay.pointOf(learned.policies().get(p), run));
      }
      for (Setting setting : learned.settings()) {
        sheet.setting(name, setting.name(), r, Replay.pointOf(setting.policy(), run));
      }
    }
  }
}
