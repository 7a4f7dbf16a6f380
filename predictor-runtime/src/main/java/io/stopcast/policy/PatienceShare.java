package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Stops once the last improvement lies a share of the planned run behind.
 *
 * <p>{@link Patience} for runs of different lengths: {@code patience / horizon} is what people tune by hand. The age
 * of the last improvement is the number of points since it over the planned points; where only a cost is planned, the
 * cost since it over the planned cost. Stops where that is at least {@code share}. An improvement is what it is for
 * {@link Patience}; before the first one, the age is counted from the start.
 *
 * <p>Not for open-ended runs: with an unknown {@link io.stopcast.run.Horizon} it never stops, nor where the plan is a
 * cost and the cost of this point or of the last improvement is unknown. O(1) time and memory in every step.
 *
 * @param share how much of the plan may pass without improvement; above 0, at most 1
 * @param minDelta by how much a value must beat the last improvement to count
 */
public record PatienceShare(double share, MinDelta minDelta) implements StopPolicy {
  public PatienceShare {
    Objects.requireNonNull(minDelta, "minDelta");
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "patience must be a share of the plan above 0 and at most 1, but was " + share);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final Improvements improvements = new Improvements(minDelta);
      private long improvedAt;
      private double costThen;

      @Override
      Decision observePoint(Step step, double gain) {
        if (improvements.add(gain)) {
          improvedAt = points();
          costThen = step.cost();
        }
        // Asked for the difference, as a difference of shares would miss 0.3 by a rounding error.
        double age = run.horizon().progress(points() - improvedAt, step.cost() - costThen);
        return age >= share ? stop(age) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        improvements.save(out);
        out.writeLong(improvedAt);
        out.writeDouble(costThen);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        improvements.restore(in);
        improvedAt = in.readLong();
        costThen = in.readDouble();
      }

      private Decision stop(double age) {
        String reason =
            improvedAt == 0
                ? String.format(Locale.ROOT, "no finite value in %.4g of the plan", age)
                : String.format(
                    Locale.ROOT,
                    "the last improvement, to %.4g at point %d, is %.4g of the plan old",
                    inUnit(improvements.last()),
                    improvedAt,
                    age);
        return new Decision.Stop(PatienceShare.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "patience(" + share + " of plan" + (minDelta.equals(MinDelta.NONE) ? "" : ", " + minDelta) + ")";
  }
}
