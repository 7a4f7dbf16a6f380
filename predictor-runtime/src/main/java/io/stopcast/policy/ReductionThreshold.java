package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Stops once a number of reports in a row lie further below the best than is tolerated: a dynamic reduction threshold.
 *
 * <p>How far that is, a {@link Drop} says: an amount, a share of the best (an EM below 90 % of its best), of the span, or a
 * multiple of the run's own noise; each may tighten as the budget is spent. Stops at a point if it and the {@code points - 1}
 * before it lie below the best of all points so far by more than that. NaN and positive infinity say nothing: such a point
 * neither counts nor breaks the row. Negative infinity is a drop beyond every amount, but none while the noise is not known.
 *
 * <pre>{@code
 * new ReductionThreshold(Drop.relative(0.1), 1).notBefore(20)       // EM below 90 % of its best, from point 20 on
 * new ReductionThreshold(Drop.ofNoise(6).tightening(0.5), 3)        // 6 deviations at first, 3 at the end
 * }</pre>
 *
 * <p>Not for the first points of a noisy curve, unless in units of the noise: combine it with {@link #notBefore}. It never
 * stops a run that has reached its plateau and stays there, see {@link Patience}. Where the share of the span is fixed it is
 * {@link RelativeDrop}. O(1) time and memory in every step.
 *
 * @param drop how far below the best a point may lie
 * @param points how many in a row; at least 1
 */
public record ReductionThreshold(Drop drop, int points) implements StopPolicy {
  public ReductionThreshold {
    Objects.requireNonNull(drop, "drop");
    if (points < 1) {
      throw new IllegalArgumentException("a drop must last at least 1 point, but was asked to last " + points);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    String name = toString();
    return new PointWatch(run) {
      private final Extent extent = new Extent();
      private final Noise noise = new Noise();
      private long row;

      @Override
      Decision observePoint(Step step, double gain) {
        extent.add(gain);
        double noiseBefore = noise.level();
        noise.add(gain);
        if (Double.isNaN(gain) || gain == Double.POSITIVE_INFINITY) {
          return Decision.CONTINUE;
        }
        double progress = run.horizon().progress(points(), step.cost());
        double tolerated = drop.tolerated(extent.best(), extent.span(), noiseBefore, progress);
        row = extent.best() - gain > tolerated ? row + 1 : 0;
        return row >= points ? stop(gain, tolerated) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        extent.save(out);
        noise.save(out);
        out.writeLong(row);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        extent.restore(in);
        noise.restore(in);
        row = in.readLong();
      }

      /** Worded when somebody asks: as an adviser it may say so at every point of a long decline. */
      private Decision stop(double gain, double tolerated) {
        long inARow = row;
        double best = extent.best();
        return new Decision.Stop(
            name,
            () ->
                String.format(
                    Locale.ROOT,
                    "%d points in a row are too far from the best, %.4g; the last, %.4g, by %.4g, of which %.4g are tolerated",
                    inARow,
                    inUnit(best),
                    inUnit(gain),
                    best - gain,
                    tolerated));
      }
    };
  }

  @Override
  public String toString() {
    return "reduction(" + drop + ", " + points + " in a row)";
  }
}
