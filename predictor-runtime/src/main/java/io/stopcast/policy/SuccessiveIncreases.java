package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops when the objective has got worse in a number of strips in a row: Prechelt's <i>UP<sub>s</sub></i>.
 *
 * <p>The curve is cut into strips of k = {@code strip} points. A strip is worse if its last value is worse than the
 * last value of the strip before, however little; the first has none before it. Stops at the end of a strip if it and
 * the {@code strips - 1} before it are worse. NaN and infinite values are skipped: the last value is the latest
 * finite one, so that a strip without any is not worse, and ends the row.
 *
 * <p>Only order counts, so it is the same in every unit. Not for noisy curves, which hardly ever get worse s times in
 * a row, nor for flat ones, which never do; and with short strips it stops a curve that still rises by chance. O(1)
 * time and memory in every step.
 *
 * <p>Source: L. Prechelt, "Early Stopping - But When?", Neural Networks: Tricks of the Trade, 1998, where k is 5.
 * With k = 1 it is what others call consecutive increases of the validation error.
 *
 * @param strips how many in a row, s; at least 1
 * @param strip how many points make a strip, k; at least 1
 */
public record SuccessiveIncreases(int strips, int strip) implements StopPolicy {
  public SuccessiveIncreases {
    if (strips < 1) {
      throw new IllegalArgumentException("at least 1 strip must get worse, but asked was " + strips);
    }
    if (strip < 1) {
      throw new IllegalArgumentException("a strip must have at least 1 point, but had " + strip);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private double last = Double.NaN;
      private double before = Double.NaN;
      private long row;

      @Override
      Decision observePoint(Step step, double gain) {
        if (Double.isFinite(gain)) {
          last = gain;
        }
        if (points() % strip != 0) {
          return Decision.CONTINUE;
        }
        row = last < before ? row + 1 : 0;
        double previous = before;
        before = last;
        return row >= strips ? stop(previous) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        out.writeDouble(last);
        out.writeDouble(before);
        out.writeLong(row);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        last = in.readDouble();
        before = in.readDouble();
        row = in.readLong();
      }

      private Decision stop(double previous) {
        String reason =
            String.format(
                Locale.ROOT,
                "%d strips in a row got worse, the last from %.4g to %.4g",
                row,
                inUnit(previous),
                inUnit(last));
        return new Decision.Stop(SuccessiveIncreases.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "prechelt-up(" + strips + " strips of " + strip + ")";
  }
}
