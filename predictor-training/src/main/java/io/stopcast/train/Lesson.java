package io.stopcast.train;

import io.stopcast.model.PriceThresholds;
import io.stopcast.replay.ScoredRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What is learned from runs that are all shown in the same way: with a history of their task, or without one.
 *
 * <p>First by hindsight; then, as often as the recipe says, half by hindsight and half by what the policy so far would do. That
 * policy and the thresholds come from scores of models that have not seen the task in question; the trees see all runs.
 *
 * <p>Its rows, which take more memory than all else, are not kept.
 *
 * @param own the runs at hand about which the model will be asked
 * @param scales what each run's task has to gain, as far as the run was shown; NaN where it was shown nothing
 * @param golden a few of the rows in full, by which a reader of the model file can check its scorer
 * @param thresholds from which score on to stop; neutral where no task could be held out
 * @param scores out of fold, [price][point], if any task could be held out
 * @param grown the trees
 */
record Lesson(
    List<ScoredRun> own,
    ToDoubleFunction<ScoredRun> scales,
    float[][] golden,
    PriceThresholds thresholds,
    Optional<Map<ScoredRun, float[][]>> scores,
    TreeGrower.Grown grown) {
  /** How many rows of each lesson travel in the model file. */
  private static final int GOLDEN_ROWS = 24;

  /**
   * @param own runs at hand, from which the trees learn
   * @param others runs of others, from which the trees learn as well, and the thresholds a little; if there are none at hand,
   *     they are all there is
   * @param asked about which of them the model will be asked: on these its thresholds are tuned; some must be
   * @param shrinkage how far thresholds are drawn towards the neutral one
   * @param before thresholds of the model that stopped some of the runs, if one did and is known
   */
  static Lesson learn(
      Recipe recipe,
      List<ScoredRun> own,
      List<ScoredRun> others,
      Predicate<ScoredRun> asked,
      double[] prices,
      TrainingRows rows,
      double shrinkage,
      Optional<PriceThresholds> before) {
    List<ScoredRun> judged = own.stream().filter(asked).toList();
    List<ScoredRun> judgedOthers = others.stream().filter(asked).toList();
    List<ScoredRun> tuned = judged.isEmpty() ? judgedOthers : judged;
    List<ScoredRun> beside = judged.isEmpty() ? List.of() : judgedOthers;
    List<ScoredRun> chosen = Stream.concat(own.stream(), others.stream()).toList();
    TreeGrower grower = new TreeGrower(recipe, rows);
    Targets targets = Targets.hindsight(chosen, prices);
    PriceThresholds thresholds = ThresholdTuning.neutral(prices);
    Optional<Map<ScoredRun, float[][]>> scores = Optional.empty();
    for (int round = 0; round <= recipe.improvements(); round++) {
      scores = heldOut(chosen, prices, targets, grower, rows, recipe);
      if (scores.isEmpty()) {
        break;
      }
      PriceThresholds best = ThresholdTuning.tune(tuned, beside, prices, scores.get(), shrinkage, recipe.seed());
      thresholds = before.map(known -> ThresholdTuning.drawn(best, known, tuned)).orElse(best);
      if (round < recipe.improvements()) {
        targets = targets.improvedBy(scores.get(), thresholds);
      }
    }
    TreeGrower.Grown grown = grower.grow(chosen, prices, targets);
    return new Lesson(judged, rows.scales(), rows.golden(chosen, GOLDEN_ROWS), thresholds, scores, grown);
  }

  /** Where some tasks alone tell what they know by complete runs, there may be nothing to learn from without them, and yet enough with them. */
  private static Optional<Map<ScoredRun, float[][]>> heldOut(
      List<ScoredRun> chosen, double[] prices, Targets targets, TreeGrower grower, TrainingRows rows, Recipe recipe) {
    try {
      return OutOfFold.scores(chosen, prices, targets, grower, rows, recipe);
    } catch (NothingToLearnException e) {
      return Optional.empty();
    }
  }
}
