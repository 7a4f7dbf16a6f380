package io.stopcast.policy;

import io.stopcast.run.RunContext;

/**
 * Stops where the patience of PyTorch Lightning's {@code EarlyStopping} does.
 *
 * <p>A value counts as better if value - min-delta exceeds the best one so far (for a minimised metric: if value + min-delta
 * lies below), in 32-bit numbers, as Lightning logs them. The best starts at negative infinity, so that a NaN never is the
 * best. Patience counts checks, that is reports of the objective, not epochs.
 *
 * <p>Its other conditions are policies of their own. Together they stop at the same point:
 *
 * <pre>{@code
 * new LightningEarlyStopping(3, 0.01)
 *     .or(Target.beyond(0.99))     // stopping_threshold
 *     .or(new Divergence(0.2))     // divergence_threshold
 *     .or(new NonFinite(1))        // check_finite, on by default
 * }</pre>
 *
 * <p>Lightning may stop at a NaN, and this never does: there it stops at the next value that is none, if that is not better.
 * Not a setting for many tasks: min-delta is in the metric's unit. O(1) time and memory in every step.
 *
 * <p>Source: {@code lightning/pytorch/callbacks/early_stopping.py} of Lightning 2.6.6.
 *
 * @param patience how many checks in a row may be no better, the one that stops included; at least 0, which is as 1
 * @param minDelta by how much a value must be better, in the metric's unit; at least 0
 */
public record LightningEarlyStopping(int patience, double minDelta) implements StopPolicy {
  public LightningEarlyStopping {
    WaitingWatch.requirePatience(patience, 0);
    WaitingWatch.requireMinDelta(minDelta);
  }

  @Override
  public Watch watch(RunContext run) {
    WaitingWatch watch =
        new WaitingWatch(run, this, patience) {
          @Override
          boolean beats(double gain, double best) {
            return (float) gain - (float) minDelta > (float) best;
          }
        };
    watch.setBest(Double.NEGATIVE_INFINITY);
    return watch;
  }

  @Override
  public String toString() {
    return "lightning(patience " + patience + ", min-delta " + minDelta + ")";
  }
}
