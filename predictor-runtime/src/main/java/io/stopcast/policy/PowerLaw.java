package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops once a power law through the best values so far promises little more until the planned end: the learning-curve
 * extrapolation of Domhan et al., "Speeding Up Automatic Hyperparameter Optimization by Extrapolation of Learning Curves",
 * 2015, with the one family that most curves follow.
 *
 * <p>With b the best gain, a curve a - c * t^-p halves its distance to a at a fixed ratio of t, so that the gains between
 * t/4, t/2 and t give p: g1 = b(t) - b(t/2), g2 = b(t/2) - b(t/4), 2^-p = g1/g2 (cut to [0, 0.99]). What remains until T is
 * g1 * r/(1-r) * (1 - r^log2(T/t)), r = 2^-p. Best values are kept at powers of 2^(1/8), 512 of them at most. Never stops
 * before 8 points, nor where the planned number of points is unknown.
 *
 * @param share it stops where the remaining gain is at most this share of the gain so far; at least 0
 */
public record PowerLaw(double share) implements StopPolicy {
  private static final int FEWEST = 8;
  private static final int OCTAVE = 8;
  private static final double LARGEST_RATIO = 0.99;

  public PowerLaw {
    if (!(share >= 0) || Double.isInfinite(share)) {
      throw new IllegalArgumentException("the share of remaining gain must be at least 0 and finite, but was " + share);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    GainTrack track = new GainTrack(run.objective());
    long planned = run.horizon().points();
    double[] bests = new double[64 * OCTAVE];
    return new Watch() {
      private double first = Double.NaN;
      private int filled;

      @Override
      public Decision observe(Step step) {
        if (!track.isPoint(step)) {
          return Decision.CONTINUE;
        }
        track.add(step);
        if (Double.isNaN(first)) {
          first = track.best;
        }
        double position = OCTAVE * Math.log(track.points) / Math.log(2);
        while (filled <= position) {
          bests[filled++] = track.best;
        }
        if (track.points < FEWEST || planned == 0) {
          return Decision.CONTINUE;
        }
        double half = bests[(int) position - OCTAVE];
        double quarter = bests[(int) position - 2 * OCTAVE];
        double gain = track.best - half;
        double ratio = Math.min(LARGEST_RATIO, gain / (half - quarter));
        double octaves = Math.max(0, Math.log((double) planned / track.points) / Math.log(2));
        double remaining = gain == 0 ? 0 : gain * ratio / (1 - ratio) * (1 - Math.pow(ratio, octaves));
        return remaining <= share * (track.best - first)
            ? new Decision.Stop(
                PowerLaw.this.toString(),
                "a power law promises %.4g more after a gain of %.4g".formatted(remaining, track.best - first))
            : Decision.CONTINUE;
      }
    };
  }

  @Override
  public String toString() {
    return "power law(" + share + " of the gain)";
  }
}
