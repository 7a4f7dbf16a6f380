package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops once the error has risen over several strips in a row: <i>UP<sub>s</sub></i> of Prechelt, "Early Stopping - But
 * When?", 1998.
 *
 * <p>The curve is looked at once at the end of every strip of k points (the paper has k = 5). A value that is not finite
 * ends a series without counting.
 *
 * @param strips s, how many strips in a row must end worse than the one before, at least 1
 * @param length k, points a strip, at least 1
 */
public record SuccessiveIncreases(int strips, int length) implements StopPolicy {
  public SuccessiveIncreases {
    if (strips < 1 || length < 1) {
      throw new IllegalArgumentException(
          "strips and their length must be at least 1, but were %d and %d".formatted(strips, length));
    }
  }

  @Override
  public Watch watch(RunContext run) {
    GainTrack track = new GainTrack(run.objective());
    return new Watch() {
      private double before = Double.NaN;
      private int worse;

      @Override
      public Decision observe(Step step) {
        if (!track.isPoint(step)) {
          return Decision.CONTINUE;
        }
        double gain = track.add(step);
        if (track.points % length == 0) {
          worse = gain < before ? worse + 1 : 0;
          before = gain;
        }
        return worse >= strips
            ? new Decision.Stop(
                SuccessiveIncreases.this.toString(), "%d strips of %d points in a row ended worse".formatted(worse, length))
            : Decision.CONTINUE;
      }
    };
  }

  @Override
  public String toString() {
    return "UP(" + strips + " strips of " + length + ")";
  }
}
