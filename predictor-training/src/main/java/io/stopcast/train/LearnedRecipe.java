package io.stopcast.train;

import io.stopcast.model.ModelFile;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.StopModel;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Learner;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains the stop model: rows, trees, thresholds, model file. The one way to do it, in retraining as in evaluation.
 *
 * <p>First by hindsight; then, as often as the recipe says, half by hindsight and half by what the policy so far would do.
 * That policy, and the thresholds, come from scores of models that have not seen the task in question; the shipped trees see
 * all runs. Safe for several threads, which share the extracted rows.
 */
public final class LearnedRecipe implements Learner {
  private final Recipe recipe;
  private final TrainingRows rows;
  private final TreeGrower grower;

  public LearnedRecipe(Recipe recipe) {
    this.recipe = recipe;
    this.rows = new TrainingRows(recipe);
    this.grower = new TreeGrower(recipe, rows);
  }

  @Override
  public List<StopPolicy> fit(List<ScoredRun> training, double[] prices) {
    ModelFile file = train(training, prices, Map.of());
    StopModel model = file.scorer();
    List<StopPolicy> policies = new ArrayList<>();
    for (double price : prices) {
      policies.add(new LearnedPolicy(model, price, file.thresholds().thresholdFor(price)));
    }
    return policies;
  }

  /**
   * Returns the model file, checked as any reader would check it.
   *
   * @param metadata what else the file should say of itself, under keys that start with {@code stopcast.}
   */
  public ModelFile train(List<ScoredRun> training, double[] prices, Map<String, String> metadata) {
    List<ScoredRun> chosen = rows.choose(training);
    Targets targets = Targets.hindsight(chosen, prices);
    PriceThresholds thresholds = ThresholdTuning.neutral(prices);
    for (int round = 0; round <= recipe.improvements(); round++) {
      Optional<Map<ScoredRun, float[][]>> scores = OutOfFold.scores(chosen, prices, targets, grower, recipe);
      if (scores.isEmpty()) {
        break;
      }
      thresholds = ThresholdTuning.tune(chosen, prices, scores.get(), recipe.thresholdShrinkage());
      if (round < recipe.improvements()) {
        targets = targets.improvedBy(scores.get(), thresholds);
      }
    }
    return grower.grow(chosen, prices, targets, thresholds, metadata);
  }
}
