package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops where Hugging Face's {@code EarlyStoppingCallback} does, in a {@code Trainer} that evaluates and saves at the same
 * steps.
 *
 * <p>A value starts the patience over if it is better than the best by more than the threshold. The best is that of the
 * trainer, which follows every better value, however little: many small gains, none of which exceeds the threshold, never add
 * up to one. That is the difference to {@link Patience} and to the other tools. The first value always counts; a NaN is never
 * the best.
 *
 * <p>The callback may stop at a NaN, and this never does: there it stops at the next value that is none, if that is not
 * better. Not a setting for many tasks: the threshold is in the metric's unit. O(1) time and memory in every step.
 *
 * <p>Source: {@code EarlyStoppingCallback.check_metric_value} in {@code trainer_callback.py} and {@code
 * Trainer._determine_best_metric} in {@code trainer.py} of Transformers 5.24.0.
 *
 * @param patience how many evaluations in a row may be no better, the one that stops included; at least 1
 * @param threshold by how much a value must be better than the best, in the metric's unit; at least 0
 */
public record TransformersEarlyStopping(int patience, double threshold) implements StopPolicy {
  public TransformersEarlyStopping {
    WaitingWatch.requirePatience(patience, 1);
    WaitingWatch.requireMinDelta(threshold);
  }

  @Override
  public Watch watch(RunContext run) {
    return new WaitingWatch(run, this, patience) {
      @Override
      Decision observePoint(Step step, double gain) {
        boolean better = !hasBest() || beats(gain, best());
        setBest(gain > best() ? gain : best());
        if (better) {
          startOver();
          return Decision.CONTINUE;
        }
        return waitOn();
      }

      @Override
      boolean beats(double gain, double best) {
        return gain - best > threshold;
      }
    };
  }

  @Override
  public String toString() {
    return "transformers(patience " + patience + ", threshold " + threshold + ")";
  }
}
