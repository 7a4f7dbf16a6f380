package io.stopcast.replay;

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
    double[] prices = priceArray();
    List<String> names = rules.get(0).families().stream().map(Family::name).toList();
    List<ScoreSheet> sheets = rules.stream().map(r -> new ScoreSheet(r, prices, names)).toList();
    folds.folds().parallelStream()
        .forEach(
            fold -> {
              Learned learned = learner.fit(Fold.select(folds.runs(), fold.training()), prices);
              for (int i = 0; i < sheets.size(); i++) {
                for (int p = 0; p < prices.length; p++) {
                  sheets.get(i).tuned(names, p, rules.get(i).losses(fold.training(), prices[p]), fold.judged());
                }
                sheets.get(i).learned(learned.policies(), fold.judged());
              }
              afterEachFold.run();
            });
    return sheets.stream().map(sheet -> sheet.results(split, folds.judged(), folds.leftOut())).toList();
  }
}
