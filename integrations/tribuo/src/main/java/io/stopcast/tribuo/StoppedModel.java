package io.stopcast.tribuo;

import io.stopcast.policy.Decision;
import io.stopcast.run.Step;
import java.util.List;
import java.util.Optional;
import org.tribuo.classification.sgd.linear.LinearSGDModel;

/**
 * What a training came to.
 *
 * @param model as it was after the last epoch that was trained: the same that Tribuo trains in so many epochs
 * @param best as it was after the best epoch; {@code model} if no value was finite
 * @param bestEpoch the first epoch with the best value, counted from 1; 0 if no value was finite
 * @param steps what every epoch reported, as the policy saw it; with the run's context, a run to learn from
 * @param stop why it was stopped; empty if it went to the planned end
 */
public record StoppedModel(
    LinearSGDModel model, LinearSGDModel best, int bestEpoch, List<Step> steps, Optional<Decision.Stop> stop) {
  public StoppedModel {
    steps = List.copyOf(steps);
  }
}
