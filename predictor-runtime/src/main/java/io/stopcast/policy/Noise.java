package io.stopcast.policy;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * By how much a curve jitters around its own course: an estimate of the standard deviation of one point.
 *
 * <p>The mean of |gain<sub>t</sub> - 2 gain<sub>t-1</sub> + gain<sub>t-2</sub>| over all points so far, divided by what that
 * mean is for normal noise of deviation 1, (12 / &pi;)<sup>1/2</sup>. Second differences know nothing of a steady rise, and
 * their sizes, unlike their squares, are not ruled by one leap. NaN and infinite gains are passed over. O(1) time and memory.
 */
final class Noise {
  private static final int ENOUGH = 3;
  private static final double OF_UNIT_NOISE = Math.sqrt(12 / Math.PI);

  private double last = Double.NaN;
  private double beforeLast = Double.NaN;
  private double sum;
  private long count;

  void add(double gain) {
    if (!Double.isFinite(gain)) {
      return;
    }
    double bend = Math.abs(gain - 2 * last + beforeLast);
    if (!Double.isNaN(bend)) {
      sum += bend;
      count++;
    }
    beforeLast = last;
    last = gain;
  }

  /** NaN before five finite gains, and while the curve has shown no noise at all. */
  double level() {
    return count < ENOUGH || sum == 0 ? Double.NaN : sum / count / OF_UNIT_NOISE;
  }

  void save(DataOutput out) throws IOException {
    out.writeDouble(last);
    out.writeDouble(beforeLast);
    out.writeDouble(sum);
    out.writeLong(count);
  }

  void restore(DataInput in) throws IOException {
    last = in.readDouble();
    beforeLast = in.readDouble();
    sum = in.readDouble();
    count = in.readLong();
  }
}
