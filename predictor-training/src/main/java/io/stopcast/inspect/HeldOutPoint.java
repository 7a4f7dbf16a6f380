package io.stopcast.inspect;

import io.stopcast.history.TaskId;
import io.stopcast.model.Outlook;
import io.stopcast.model.StopModel;
import java.util.Optional;

/**
 * A point of a judged run at which a policy that had not seen the run was asked.
 *
 * @param task the run's
 * @param model that was asked; the same for all points of a fold
 * @param weight share of this point in a mean in which tasks weigh the same, and within them runs, and within these points
 * @param share of the run's recorded cost that was spent, within 0..1
 * @param score the model's probability that stopping is right, not calibrated
 * @param threshold from which score on the policy stops
 * @param outlook what the policy expected
 * @param advantage by how much going on is worse than stopping here, in hindsight, in units of the task's scale: stopping is right where
 *     it is not negative, and a wrong answer costs its size
 * @param gain what was still to come of the best value, in the metric's unit
 * @param features the row that was scored; treat it as read-only
 */
public record HeldOutPoint(
    TaskId task,
    StopModel model,
    double weight,
    double share,
    float score,
    double threshold,
    Optional<Outlook> outlook,
    double advantage,
    double gain,
    float[] features) {

  /** Whether stopping here is right, in hindsight. */
  public boolean right() {
    return advantage >= 0;
  }

  /** Whether the policy says stop. */
  public boolean saysStop() {
    return score >= threshold;
  }
}
