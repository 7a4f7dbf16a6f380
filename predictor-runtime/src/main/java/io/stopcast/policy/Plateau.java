package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Stops once the last points hardly differ: their standard deviation lies below a limit.
 *
 * <p>The deviation is that of the last {@code points} values, divided by their number. A NaN or infinite value among them
 * silences the rule. It does not ask whether the curve rises: a run that creeps upwards looks still to it, and with a limit
 * below the noise of one point it never stops. Not for the first points of a run that stands still before it leaps: combine it
 * with {@link #notBefore}. It costs O({@code points}) time in a step, and as many numbers of memory.
 *
 * <p>With {@link MinDelta.Absolute} it decides as Ray Tune's {@code TrialPlateauStopper}, whose {@code grace_period} is {@link
 * #notBefore} and whose {@code metric_threshold} is {@code and(Target.reached(threshold))}. Source: {@code
 * ray/tune/stopper/trial_plateau.py} of Ray 2.60.0.
 *
 * @param points how many of the last points are looked at; 2 to 1000
 * @param deviation below which deviation it stops: an amount in the metric's unit, a share of the mean, or of the span of all
 *     points before this one; above 0
 */
public record Plateau(int points, MinDelta deviation) implements StopPolicy {
  private static final int MAX_POINTS = 1000;

  public Plateau {
    Objects.requireNonNull(deviation, "deviation");
    if (points < 2 || points > MAX_POINTS) {
      throw new IllegalArgumentException("a plateau needs 2 to " + MAX_POINTS + " points, but was to have " + points);
    }
    if (!(deviation.of(1, 1) > 0)) {
      throw new IllegalArgumentException("no deviation is below 0: the limit must be above it");
    }
  }

  /** With a limit in the metric's unit. */
  public Plateau(int points, double deviation) {
    this(points, MinDelta.absolute(deviation));
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final double[] last = new double[points];
      private final Extent before = new Extent();

      @Override
      Decision observePoint(Step step, double gain) {
        last[(int) (points() % points)] = gain;
        double span = before.span();
        before.add(gain);
        if (points() < points) {
          return Decision.CONTINUE;
        }
        double mean = 0;
        for (int i = 1; i <= points; i++) {
          mean += value(i);
        }
        mean /= points;
        double squares = 0;
        for (int i = 1; i <= points; i++) {
          double off = value(i) - mean;
          squares += off * off;
        }
        double found = Math.sqrt(squares / points);
        return found < deviation.of(mean, span) ? stop(found, mean) : Decision.CONTINUE;
      }

      private double value(int fromOldest) {
        return last[(int) ((points() + fromOldest) % points)];
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        before.save(out);
        for (double value : last) {
          out.writeDouble(value);
        }
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        before.restore(in);
        for (int i = 0; i < last.length; i++) {
          last[i] = in.readDouble();
        }
      }

      private Decision stop(double found, double mean) {
        String reason =
            String.format(Locale.ROOT, "the last %d points deviate by %.4g from their mean, %.4g", points, found, inUnit(mean));
        return new Decision.Stop(Plateau.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "plateau(" + points + " points, " + deviation.toString().replace("min-delta", "deviation below") + ")";
  }
}
