package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.Locale;

/**
 * Stops a run once what may be spent on it is spent, whatever it shows; for use as in {@code policy.or(Budget.ofCost(1e9))}.
 *
 * <p>It stops at the first point at which so much was spent, and so may go beyond by what lies between two points. A cost that
 * is NaN spends nothing, and at a point whose value is NaN it waits for the next one, as every policy does: what must not be
 * exceeded in any case is the trainer's to enforce. O(1) time and memory in every step.
 *
 * @param cost cumulative cost in the run's unit, positive; infinite if only points count
 * @param points how many points, at least 1; {@link Long#MAX_VALUE} if only the cost counts
 */
public record Budget(double cost, long points) implements StopPolicy {
  public Budget {
    if (!(cost > 0)) {
      throw new IllegalArgumentException("the budget must be positive, in the run's unit of cost, but was " + cost);
    }
    if (points < 1) {
      throw new IllegalArgumentException("the budget must be at least 1 point, but was " + points);
    }
  }

  /** So much of the run's unit of cost. */
  public static Budget ofCost(double cost) {
    return new Budget(cost, Long.MAX_VALUE);
  }

  /** So many reports of the objective. */
  public static Budget ofPoints(long points) {
    return new Budget(Double.POSITIVE_INFINITY, points);
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      @Override
      Decision observePoint(Step step, double gain) {
        return step.cost() >= cost || points() >= points ? stop(step) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) {}

      @Override
      void restorePoints(DataInput in) {}

      private Decision stop(Step step) {
        String reason = String.format(Locale.ROOT, "the budget is spent: cost %.6g at point %d", step.cost(), points());
        return new Decision.Stop(Budget.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    String ofPoints = points == Long.MAX_VALUE ? "" : points + " points";
    return "budget(" + (Double.isInfinite(cost) ? ofPoints : "cost " + cost + (ofPoints.isEmpty() ? "" : ", " + ofPoints)) + ")";
  }
}
