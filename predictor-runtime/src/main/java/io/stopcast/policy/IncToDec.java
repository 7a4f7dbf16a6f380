package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops once a smoothed trend has turned from rising to falling for good: the idea of CatBoost's overfitting detector
 * {@code IncToDec}.
 *
 * <p>After every point the expected rise is estimated from the last improvements of the best value, weighted by
 * {@code decay}; the p-value-like ratio exp(-(best - now) / rise) falls as the curve stays below its best while it no
 * longer rises. It stops once the ratio is below the threshold, {@code delay} points after the best at the earliest.
 * CatBoost's own constants depend on its number of iterations; this is the same shape without them. Points that are not
 * finite do not count.
 *
 * @param threshold the ratio below which it stops, within (0, 1); smaller is more patient
 * @param decay weight of the past rise a point, within (0, 1)
 * @param delay points after the best before it may stop, at least 1
 */
public record IncToDec(double threshold, double decay, int delay) implements StopPolicy {
  public IncToDec {
    if (!(threshold > 0 && threshold < 1) || !(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "threshold and decay must lie within (0, 1), but were %s and %s".formatted(threshold, decay));
    }
    if (delay < 1) {
      throw new IllegalArgumentException("the delay must be at least 1 point, but was " + delay);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    GainTrack track = new GainTrack(run.objective());
    return new Watch() {
      private double rise = Double.NaN;
      private long since;

      @Override
      public Decision observe(Step step) {
        if (!track.isPoint(step)) {
          return Decision.CONTINUE;
        }
        double before = track.best;
        double gain = track.add(step);
        if (Double.isNaN(gain)) {
          return Decision.CONTINUE;
        }
        double risen = Double.isNaN(before) ? 0 : track.best - before;
        since = risen > 0 || Double.isNaN(before) ? 0 : since + 1;
        rise = Double.isNaN(rise) ? risen : decay * rise + (1 - decay) * risen;
        double ratio = Math.exp(-(track.best - gain) / rise);
        return since >= delay && ratio < threshold
            ? new Decision.Stop(
                IncToDec.this.toString(), "falling for %d points, ratio %.2e < %s".formatted(since, ratio, threshold))
            : Decision.CONTINUE;
      }
    };
  }

  @Override
  public String toString() {
    return "IncToDec(" + threshold + ", decay " + decay + ", delay " + delay + ")";
  }
}
