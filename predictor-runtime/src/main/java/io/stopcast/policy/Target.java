package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.Locale;

/**
 * Stops once the objective has come to a level at which nothing more is wanted of the run.
 *
 * <p>Stops at every point whose value is at least as good as the level, or better than it. An infinite value may be that; NaN
 * never is. O(1) time and memory in every step.
 *
 * <p>Reaching a level is what a plain target means. Going beyond one is {@code stopping_threshold} of Lightning's {@code
 * EarlyStopping} and DL4J's {@code BestScoreEpochTerminationCondition}, where the level itself is not enough.
 *
 * @param level in the metric's unit; finite
 * @param beyond whether the level itself is not enough
 */
public record Target(double level, boolean beyond) implements StopPolicy {
  public Target {
    if (!Double.isFinite(level)) {
      throw new IllegalArgumentException("the target must be a finite value of the metric, but was " + level);
    }
  }

  /** At least as good as this. */
  public static Target reached(double level) {
    return new Target(level, false);
  }

  /** Better than this. */
  public static Target beyond(double level) {
    return new Target(level, true);
  }

  @Override
  public Watch watch(RunContext run) {
    double wanted = run.objective().gain(level);
    return new PointWatch(run) {
      @Override
      Decision observePoint(Step step, double gain) {
        return gain > wanted || !beyond && gain == wanted ? stop(gain) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) {}

      @Override
      void restorePoints(DataInput in) {}

      private Decision stop(double gain) {
        String reason = String.format(Locale.ROOT, "%.6g at point %d is all that was wanted", inUnit(gain), points());
        return new Decision.Stop(Target.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "target(" + (beyond ? "beyond " : "") + level + ")";
  }
}
