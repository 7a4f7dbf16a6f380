package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops once a number of points in a row lie far below the best.
 *
 * <p>How far is a share of what the curve has spanned so far: drop = (best - gain) / (best - worst), all points up to
 * and including this one, within 0..1; 0 on a constant curve. Stops at a point if it and the {@code points - 1}
 * before it have a drop of more than {@code share}. NaN and positive infinity say nothing about a drop: such a point
 * neither counts nor breaks the row. Negative infinity is a drop beyond every share.
 *
 * <p>Why not relative to |best|: a loss that has come near 0 would drop by hundreds of percent with each wiggle, a
 * reward of -1000 hardly ever, and one added constant would change all decisions.
 *
 * <p>Not for the first points of a noisy curve, which span so little that any wiggle is a large share of it: combine
 * it with {@link #notBefore}. It never stops a run that has reached its plateau and stays there. O(1) time and memory
 * in every step.
 *
 * @param share of the span so far; at least 0 and below 1
 * @param points how many in a row; at least 1
 */
public record RelativeDrop(double share, int points) implements StopPolicy {
  public RelativeDrop {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(
          "drop must be a share of the span of at least 0 and below 1, but was " + share);
    }
    if (points < 1) {
      throw new IllegalArgumentException("a drop must last at least 1 point, but was asked to last " + points);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final Extent extent = new Extent();
      private long row;

      @Override
      Decision observePoint(Step step, double gain) {
        extent.add(gain);
        if (Double.isNaN(gain) || gain == Double.POSITIVE_INFINITY) {
          return Decision.CONTINUE;
        }
        double drop = extent.drop(gain);
        row = drop > share ? row + 1 : 0;
        return row >= points ? stop(gain, drop) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        extent.save(out);
        out.writeLong(row);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        extent.restore(in);
        row = in.readLong();
      }

      private Decision stop(double gain, double drop) {
        String reason =
            String.format(
                Locale.ROOT,
                "%d points in a row are far from the best, %.4g; the last, %.4g, by %.4g of the span",
                row,
                inUnit(extent.best()),
                inUnit(gain),
                drop);
        return new Decision.Stop(RelativeDrop.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "drop(" + share + " of span, " + points + " in a row)";
  }
}
