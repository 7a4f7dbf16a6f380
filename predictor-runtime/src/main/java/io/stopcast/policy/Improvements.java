package io.stopcast.policy;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Finds the improvements of a curve, as all kinds of patience count them.
 *
 * <p>A finite gain is an improvement if it exceeds the last improvement by more than the min-delta; the first finite
 * gain always is one. The reference moves at improvements only, so that many small steps add up to one.
 */
final class Improvements {
  private final MinDelta minDelta;
  private final Extent before = new Extent();
  private double last = Double.NaN;

  Improvements(MinDelta minDelta) {
    this.minDelta = minDelta;
  }

  /** Returns whether this gain is an improvement. */
  boolean add(double gain) {
    boolean improved =
        Double.isFinite(gain) && (Double.isNaN(last) || gain - last > minDelta.of(last, before.span()));
    if (improved) {
      last = gain;
    }
    before.add(gain);
    return improved;
  }

  /** The gain of the last improvement, NaN before the first. */
  double last() {
    return last;
  }

  void save(DataOutput out) throws IOException {
    before.save(out);
    out.writeDouble(last);
  }

  void restore(DataInput in) throws IOException {
    before.restore(in);
    last = in.readDouble();
  }
}
