package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.Locale;
import java.util.Objects;

/**
 * Stops once something else that the run reports has come to a level: the seconds that it took where its cost counts tokens, or
 * a gradient norm.
 *
 * <p>Looks at the signal at the points of the curve only, those that report the objective as well: stops at each at which the
 * signal is at least {@code most}. A signal that is NaN, or not reported there, says nothing. There is no clock in it, so that
 * a replayed run stops where the live one did. For the cost itself, and for points, there is {@link Budget}. O(1) time and
 * memory in every step.
 *
 * @param metric the name under which steps report the signal
 * @param most the level, in the signal's unit; finite
 */
public record SignalLimit(String metric, double most) implements StopPolicy {
  public SignalLimit {
    Objects.requireNonNull(metric, "metric");
    if (metric.isEmpty()) {
      throw new IllegalArgumentException("a limit needs the name of a signal, but it was empty");
    }
    if (!Double.isFinite(most)) {
      throw new IllegalArgumentException("the limit of '" + metric + "' must be finite, but was " + most);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      @Override
      Decision observePoint(Step step, double gain) {
        double value = step.value(metric);
        return value >= most ? stop(value) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) {}

      @Override
      void restorePoints(DataInput in) {}

      private Decision stop(double value) {
        String reason = String.format(Locale.ROOT, "%s has come to %.6g at point %d", metric, value, points());
        return new Decision.Stop(SignalLimit.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "limit(" + metric + " " + most + ")";
  }
}
