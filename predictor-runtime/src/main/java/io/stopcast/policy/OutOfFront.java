package io.stopcast.policy;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Stops a run once no point that it can still reach would enter a front: even the best that is possible in both objectives at once is no
 * better than a point that is there.
 *
 * <p>What is possible is the user's to say, see {@link Reach}: with bounds that hold, it never stops a run that would have entered. It
 * looks at both signals at the points of the run's own objective. A bound that is not known (a signal that is NaN or not reported yet, an
 * unknown cost) stops nothing, nor does a front without points. The front is as it was when the policy was made: runs that end later add
 * to another one. What the run itself has reached so far is not added, so that a run is not stopped by its own points. O(log points)
 * time in a step, O(1) memory.
 *
 * @param front what other runs have reached
 * @param first how good the run may still become in the front's first objective
 * @param second the same in its second one
 */
public record OutOfFront(ParetoFront front, Reach first, Reach second) implements StopPolicy {
  public OutOfFront {
    Objects.requireNonNull(front, "front");
    requireSense(front.first(), first);
    requireSense(front.second(), second);
  }

  private static void requireSense(Objective objective, Reach reach) {
    Objects.requireNonNull(reach, "reach");
    if (reach instanceof Reach.Spent && objective.gain(1.0) > 0) {
      throw new IllegalArgumentException(
          "what is spent must be minimised, but '" + objective.metric() + "' is to be as large as possible");
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private double bestFirst = Double.NEGATIVE_INFINITY;
      private double bestSecond = Double.NEGATIVE_INFINITY;

      @Override
      Decision observePoint(Step step, double gain) {
        bestFirst = better(bestFirst, front.first().gain(step));
        bestSecond = better(bestSecond, front.second().gain(step));
        double a = first.from(front.first(), step, bestFirst);
        double b = second.from(front.second(), step, bestSecond);
        boolean isKnown = !Double.isNaN(a) && !Double.isNaN(b);
        return isKnown && !front.admitsGains(a, b) ? stop(a, b) : Decision.CONTINUE;
      }

      private double better(double best, double gain) {
        return Double.isFinite(gain) ? Math.max(best, gain) : best;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        out.writeDouble(bestFirst);
        out.writeDouble(bestSecond);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        bestFirst = in.readDouble();
        bestSecond = in.readDouble();
      }

      private Decision stop(double a, double b) {
        String reason =
            String.format(
                Locale.ROOT,
                "no better than %.4g in %s and %.4g in %s is possible: the front has as good a point",
                front.first().gain(a),
                front.first().metric(),
                front.second().gain(b),
                front.second().metric());
        return new Decision.Stop(OutOfFront.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "out-of-front(" + front + ": " + first + "; " + second + ")";
  }
}
