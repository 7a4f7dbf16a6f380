package io.stopcast.xgboost4j;

import io.stopcast.policy.Decision;
import io.stopcast.run.Step;
import java.util.List;
import java.util.Optional;
import ml.dmlc.xgboost4j.java.Booster;

/**
 * What a training came to.
 *
 * @param booster with all rounds that were trained, those after the best one included; it has the attributes {@code
 *     best_iteration} and {@code best_score}, as XGBoost's own early stopping sets them. The caller disposes of it
 * @param steps what every round reported, as the policy saw it; with the run's context, a run to learn from
 * @param bestIteration the first round with the best value, counted from 0 as XGBoost does; -1 if no value was finite. So
 *     {@code booster.predict(data, false, bestIteration + 1)} uses the best rounds, or all
 * @param stop why it was stopped; empty if it went to the planned end
 * @param asked the changes that the policy asked for, in order
 */
public record StoppedBooster(
    Booster booster, List<Step> steps, int bestIteration, Optional<Decision.Stop> stop, List<Asked> asked) {
  /**
   * A change that the policy asked for.
   *
   * @param round after which, counted from 0
   * @param change what and why
   * @param isMade whether it was made, from the next round on
   */
  public record Asked(int round, Decision.Continue change, boolean isMade) {}

  public StoppedBooster {
    steps = List.copyOf(steps);
    asked = List.copyOf(asked);
  }
}
