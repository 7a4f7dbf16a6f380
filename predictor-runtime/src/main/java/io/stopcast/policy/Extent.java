package io.stopcast.policy;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Between which gains a curve has moved so far: the only scale that a live run knows.
 *
 * <p>NaN and infinite gains never move it.
 */
final class Extent {
  private double best = Double.NEGATIVE_INFINITY;
  private double worst = Double.POSITIVE_INFINITY;

  void add(double gain) {
    if (Double.isFinite(gain)) {
      best = Math.max(best, gain);
      worst = Math.min(worst, gain);
    }
  }

  /** Negative infinity before the first finite gain. */
  double best() {
    return best;
  }

  /** Positive infinity before the first finite gain. */
  double worst() {
    return worst;
  }

  /** Best minus worst; 0 while fewer than two different gains were seen. */
  double span() {
    return best > worst ? best - worst : 0;
  }

  /**
   * Returns how far a gain that was added lies below the best, as a share of the span: within 0..1, 0 on a constant
   * curve, infinite for a gain of negative infinity, NaN for NaN and before the first finite gain.
   */
  double drop(double gain) {
    double below = best - gain;
    return below > 0 ? below / span() : below;
  }

  void save(DataOutput out) throws IOException {
    out.writeDouble(best);
    out.writeDouble(worst);
  }

  void restore(DataInput in) throws IOException {
    best = in.readDouble();
    worst = in.readDouble();
  }
}
