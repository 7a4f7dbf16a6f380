package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.Locale;

/**
 * Stops once the objective is worse than a level from which no run comes back.
 *
 * <p>Stops at every point whose value is worse than the level; the level itself is not. An infinity on the worse side is. NaN
 * says nothing, see {@link NonFinite}. Where no such level is known, {@link ReductionThreshold} judges by the run's own best.
 * Not for a run that starts beyond the level: combine it with {@link #notBefore}. O(1) time and memory in every step.
 *
 * <p>It is {@code divergence_threshold} of Lightning's {@code EarlyStopping}, and DL4J's {@code
 * MaxScoreIterationTerminationCondition} but for its NaN.
 *
 * @param level in the metric's unit; finite
 */
public record Divergence(double level) implements StopPolicy {
  public Divergence {
    if (!Double.isFinite(level)) {
      throw new IllegalArgumentException("the level of divergence must be a finite value of the metric, but was " + level);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    double least = run.objective().gain(level);
    return new PointWatch(run) {
      @Override
      Decision observePoint(Step step, double gain) {
        return gain < least ? stop(gain) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) {}

      @Override
      void restorePoints(DataInput in) {}

      private Decision stop(double gain) {
        String reason = String.format(Locale.ROOT, "%.6g at point %d is worse than %.6g", inUnit(gain), points(), level);
        return new Decision.Stop(Divergence.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "divergence(" + level + ")";
  }
}
