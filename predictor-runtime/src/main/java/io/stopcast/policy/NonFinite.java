package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops a run whose objective was NaN or infinite a number of times in a row.
 *
 * <p>An infinite value that completes the row stops at once. A NaN never does, as with every policy: a row that a NaN completes,
 * or goes on with, stops the run at the next value that is not NaN, even a finite one. A run that is NaN for good is therefore
 * not stopped by this: that is the trainer's to end. O(1) time and memory in every step.
 *
 * <p>With one point it is {@code check_finite} of Lightning's {@code EarlyStopping} and DL4J's {@code
 * InvalidScoreIterationTerminationCondition}, but for the NaN itself, at which they stop.
 *
 * @param points how many in a row; at least 1
 */
public record NonFinite(int points) implements StopPolicy {
  public NonFinite {
    if (points < 1) {
      throw new IllegalArgumentException(
          "a row of values that are not finite must have at least 1 point, but was to have " + points);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private long row;
      private boolean due;

      @Override
      Decision observePoint(Step step, double gain) {
        boolean overdue = due;
        long before = row;
        row = Double.isFinite(gain) ? 0 : row + 1;
        due = Double.isNaN(gain) && row >= points;
        return overdue || row >= points ? stop(Math.max(row, before)) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        out.writeLong(row);
        out.writeBoolean(due);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        row = in.readLong();
        due = in.readBoolean();
      }

      private Decision stop(long length) {
        long end = row == 0 ? points() - 1 : points();
        String reason = String.format(Locale.ROOT, "%d points in a row up to point %d are not finite", length, end);
        return new Decision.Stop(NonFinite.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "non-finite(" + points + " in a row)";
  }
}
