package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops once the moving average stops improving, as H2O's {@code stopping_rounds} and {@code stopping_tolerance} do.
 *
 * <p>Of the last 2k points, the k + 1 moving averages of k points each are taken; it stops if none of the last k of them
 * is better than the first by more than the tolerance. H2O takes the tolerance relative to the first average, which has no
 * meaning for a metric near or below 0; here it is a share of best minus worst value so far. Points that are not finite are
 * left out. Memory 2k values, time O(k) a point.
 *
 * @param window k, at least 1
 * @param tolerance share of the span, at least 0
 */
public record MovingAverage(int window, double tolerance) implements StopPolicy {
  private static final int LONGEST = 1000;

  public MovingAverage {
    if (window < 1 || window > LONGEST) {
      throw new IllegalArgumentException("the window must be 1 to %d points, but was %d".formatted(LONGEST, window));
    }
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException("the tolerance must be at least 0 and finite, but was " + tolerance);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    GainTrack track = new GainTrack(run.objective());
    double[] last = new double[2 * window];
    return new Watch() {
      private long seen;

      @Override
      public Decision observe(Step step) {
        if (!track.isPoint(step)) {
          return Decision.CONTINUE;
        }
        double gain = track.add(step);
        if (!Double.isNaN(gain)) {
          last[(int) (seen++ % last.length)] = gain;
        }
        if (seen < last.length) {
          return Decision.CONTINUE;
        }
        double sum = 0;
        for (int i = 0; i < window; i++) {
          sum += at(i);
        }
        double reference = sum / window;
        double best = Double.NEGATIVE_INFINITY;
        for (int i = window; i < last.length; i++) {
          sum += at(i) - at(i - window);
          best = Math.max(best, sum / window);
        }
        return best - reference <= tolerance * track.span()
            ? new Decision.Stop(
                MovingAverage.this.toString(),
                "the best of the last %d averages is %s, the one before %s"
                    .formatted(window, run.objective().gain(best), run.objective().gain(reference)))
            : Decision.CONTINUE;
      }

      /** The i-th oldest of the kept values. */
      private double at(int i) {
        return last[(int) ((seen + i) % last.length)];
      }
    };
  }

  @Override
  public String toString() {
    return "moving average(" + window + " points, tolerance " + tolerance + " of span)";
  }
}
