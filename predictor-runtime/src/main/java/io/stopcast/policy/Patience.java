package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Stops once the last improvement is {@code steps} points old.
 *
 * <p>The usual baseline. A point is an improvement if its gain exceeds that of the last improvement by more than the
 * min-delta; the first finite value is one. Stops at every point that has {@code steps} or more points behind the
 * last improvement, or behind the start where there was none. NaN and infinite values are points without improvement,
 * and NaN itself never stops a run.
 *
 * <p>O(1) time and memory in every step. It needs no history and gives no guarantee: on a curve with a plateau longer
 * than {@code steps} it gives up all that comes after. Not for runs of very different lengths, see {@link
 * PatienceShare}.
 *
 * <p>With {@link MinDelta.Absolute} it is what the tools mean by patience; each rounds and takes a first NaN in its own way, see
 * {@link KerasEarlyStopping}, {@link LightningEarlyStopping}, {@link BoostingEarlyStopping}, {@link Dl4jScoreImprovement}; with
 * {@link MinDelta#NONE} it is CatBoost's {@code Iter}. This is not
 * <i>UP<sub>s</sub></i> of Prechelt, see {@link SuccessiveIncreases}, which counts increases of the error in a row.
 *
 * @param steps how many points without improvement are tolerated, the one that stops included; at least 1
 * @param minDelta by how much a value must beat the last improvement to count
 */
public record Patience(int steps, MinDelta minDelta) implements StopPolicy {
  public Patience {
    Objects.requireNonNull(minDelta, "minDelta");
    if (steps < 1) {
      throw new IllegalArgumentException("patience must be at least 1 step, but was " + steps);
    }
  }

  /** Patience for which every better value counts. */
  public Patience(int steps) {
    this(steps, MinDelta.NONE);
  }

  /**
   * Patience with a min-delta in the metric's unit.
   *
   * @param minGain by how much a value must beat the last improvement; at least 0
   */
  public Patience(int steps, double minGain) {
    this(steps, MinDelta.absolute(minGain));
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final Improvements improvements = new Improvements(minDelta);
      private long improvedAt;

      @Override
      Decision observePoint(Step step, double gain) {
        if (improvements.add(gain)) {
          improvedAt = points();
        }
        return points() - improvedAt < steps ? Decision.CONTINUE : stop();
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        improvements.save(out);
        out.writeLong(improvedAt);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        improvements.restore(in);
        improvedAt = in.readLong();
      }

      private Decision stop() {
        long since = points() - improvedAt;
        String reason =
            improvedAt == 0
                ? String.format(Locale.ROOT, "no finite value in %d points", since)
                : String.format(
                    Locale.ROOT,
                    "the last improvement, to %.4g at point %d, is %d points old",
                    inUnit(improvements.last()),
                    improvedAt,
                    since);
        return new Decision.Stop(Patience.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "patience(" + steps + " steps" + (minDelta.equals(MinDelta.NONE) ? "" : ", " + minDelta) + ")";
  }
}
