package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops a run that would not come to a level by the end of its plan, even if its best value went on rising as fast as of late.
 *
 * <p>How fast that is: what the best value has gained over the last {@code points} points, over the share of the plan that they
 * took. Stops at each point at which best + that rate * the rest of the plan is worse than the level; beyond the plan, if the
 * best is. Curves that flatten do not even get there; one that leaps does. It goes on before point {@code points} + 1, and
 * while there is no finite value older than that.
 *
 * <p>For use beside a floor: {@code policy.unlessBelow(0.8).or(new OutOfReach(0.8, 20))}. Not for open-ended runs: with an
 * unknown horizon, or an unknown cost where only a cost is planned, it never stops. O(1) time in a step, 2 {@code points}
 * numbers of memory.
 *
 * @param level in the metric's unit; finite
 * @param points over how many points the rate is taken; 1 to 1000
 */
public record OutOfReach(double level, int points) implements StopPolicy {
  private static final int MAX_POINTS = 1000;

  public OutOfReach {
    if (!Double.isFinite(level)) {
      throw new IllegalArgumentException("the level to be reached must be a finite value of the metric, but was " + level);
    }
    if (points < 1 || points > MAX_POINTS) {
      throw new IllegalArgumentException(
          "the rate must be taken over 1 to " + MAX_POINTS + " points, but was to be over " + points);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    double wanted = run.objective().gain(level);
    return new PointWatch(run) {
      private final double[] bests = new double[points];
      private final double[] shares = new double[points];
      private double best = Double.NEGATIVE_INFINITY;

      @Override
      Decision observePoint(Step step, double gain) {
        if (Double.isFinite(gain)) {
          best = Math.max(best, gain);
        }
        double done = run.horizon().progress(points(), step.cost());
        int slot = (int) (points() % points);
        double rate = (best - bests[slot]) / (done - shares[slot]);
        bests[slot] = best;
        shares[slot] = done;
        if (points() <= points) {
          return Decision.CONTINUE;
        }
        double reach = done >= 1 ? best : best + rate * (1 - done);
        return reach < wanted ? stop(reach) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        for (int i = 0; i < points; i++) {
          out.writeDouble(bests[i]);
          out.writeDouble(shares[i]);
        }
        out.writeDouble(best);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        for (int i = 0; i < points; i++) {
          bests[i] = in.readDouble();
          shares[i] = in.readDouble();
        }
        best = in.readDouble();
      }

      private Decision stop(double reach) {
        String reason =
            String.format(
                Locale.ROOT, "the best, %.4g, would come to %.4g by the end of the plan", inUnit(best), inUnit(reach));
        return new Decision.Stop(OutOfReach.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "out-of-reach(" + level + ", rate over " + points + " points)";
  }
}
