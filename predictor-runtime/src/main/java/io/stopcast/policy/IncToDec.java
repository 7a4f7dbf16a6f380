package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops when what was lost since the best is large beside what the curve used to gain: CatBoost's overfitting
 * detector {@code IncToDec}.
 *
 * <p>The gain to be expected, I, is the largest rise to a recent point, forgotten at 1 % a point: with I<sub>0</sub>
 * = 0, I<sub>t</sub> = max(0.99 I<sub>t-1</sub>, max over i of 0.99<sup>i</sup> (gain<sub>t</sub> -
 * gain<sub>t-i</sub>)). From {@code points} points after the best on, p = exp(-0.5 (best - gain<sub>t</sub>) /
 * I<sub>t</sub>), and the run stops where p &lt; {@code pValue}. A curve that never rose has p = 0 and stops as soon
 * as the wait is over; p is no probability, in spite of its name.
 *
 * <p>As CatBoost, but for two things that only extreme curves show. It looks back 2,000 points and this 511, where a
 * rise counts for less than 0.6 %; and it bounds both denominators by 1e-10 in the metric's unit, and this does not,
 * so that it decides the same in every unit. NaN and infinite values count for the wait, leave I as it is, and are
 * judged by the last finite value; without any finite value it never stops.
 *
 * <p>Not for plateaus: without a loss p is 1. A run with a plateau wants {@link Patience}, CatBoost's {@code Iter}. A
 * step costs up to 511 multiplications, on noisy and on rising curves; 4 KiB of memory.
 *
 * <p>Source: {@code TOverfittingDetectorIncToDec} in {@code catboost/libs/overfitting_detector}, parameters {@code
 * od_pval} and {@code od_wait}.
 *
 * @param pValue stops below; above 0 and below 1, CatBoost recommends 1e-10 to 1e-2
 * @param points the wait: how many points after the best; at least 1
 */
public record IncToDec(double pValue, int points) implements StopPolicy {
  private static final double FORGET = 0.99;
  private static final double SCALE = 0.5;
  private static final int RING = 512;
  private static final double[] WEIGHTS = weights();

  public IncToDec {
    if (!(pValue > 0 && pValue < 1)) {
      throw new IllegalArgumentException("the p-value must be above 0 and below 1, but was " + pValue);
    }
    if (points < 1) {
      throw new IllegalArgumentException("the wait must be at least 1 point, but was " + points);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final Extent extent = new Extent();
      private final double[] ring = new double[RING];
      private long count;
      private long sinceBest;
      private double last = Double.NaN;
      private double expected;

      @Override
      Decision observePoint(Step step, double gain) {
        sinceBest = Double.isFinite(gain) && gain > extent.best() ? 0 : sinceBest + 1;
        extent.add(gain);
        if (Double.isFinite(gain)) {
          remember(gain);
        }
        if (sinceBest < points || count == 0) {
          return Decision.CONTINUE;
        }
        double p = expected > 0 ? Math.exp(-SCALE * (extent.best() - last) / expected) : 0;
        return p < pValue ? stop(p) : Decision.CONTINUE;
      }

      private void remember(double gain) {
        last = gain;
        expected *= FORGET;
        double largestRise = gain - extent.worst();
        long reach = Math.min(count, RING - 1);
        // Weights only fall, so once the largest rise there ever was cannot win, nothing further back can.
        for (int i = 1; i <= reach && WEIGHTS[i] * largestRise > expected; i++) {
          expected = Math.max(expected, WEIGHTS[i] * (gain - ring[(int) (count - i) & (RING - 1)]));
        }
        ring[(int) count & (RING - 1)] = gain;
        count++;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        extent.save(out);
        for (double value : ring) {
          out.writeDouble(value);
        }
        out.writeLong(count);
        out.writeLong(sinceBest);
        out.writeDouble(last);
        out.writeDouble(expected);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        extent.restore(in);
        for (int i = 0; i < ring.length; i++) {
          ring[i] = in.readDouble();
        }
        count = in.readLong();
        sinceBest = in.readLong();
        last = in.readDouble();
        expected = in.readDouble();
      }

      private Decision stop(double p) {
        String reason =
            String.format(
                Locale.ROOT,
                "p is %.3g: %d points after the best, %.4g, the value is %.4g, and rises of %.4g are to be expected",
                p,
                sinceBest,
                inUnit(extent.best()),
                inUnit(last),
                expected);
        return new Decision.Stop(IncToDec.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "inc-to-dec(p " + pValue + ", wait " + points + ")";
  }

  private static double[] weights() {
    double[] weights = new double[RING];
    weights[0] = 1;
    for (int i = 1; i < RING; i++) {
      weights[i] = weights[i - 1] * FORGET;
    }
    return weights;
  }
}
