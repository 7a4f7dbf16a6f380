package io.stopcast.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The objective's curve so far, as gains: what every curve feature is made of. It knows the usable values only; at
 * which point each came is told to it.
 */
final class Curve {
  /** How many values can be looked back at. */
  private static final int RECENT = 20;

  /** A noise level below this share of the span is a rounding error. */
  private static final double NOISE_FLOOR = 0x1p-20;

  private static final double LARGEST = 1e300;
  private static final double SMOOTH = .2;
  private static final double NOISE = .1;

  /** The mean of |x - 2y + z| for independent normal x, y, z of deviation 1. */
  private static final double SECOND_DIFFERENCE = 1.954;

  /** By how much a value must beat the last that counted, as a share of the span. */
  private static final double MIN_DELTA = .01;

  private final Ring values = new Ring(RECENT);
  private final Thinned whole = new Thinned();
  private final Mean smooth = new Mean();
  private final Mean stepSize = new Mean();
  private final Mean noise = new Mean();
  // Points are doubles, so that one that has not come is NaN like all that is missing.
  private double first = Double.NaN;
  private double last = Double.NaN;
  private double lastStep = Double.NaN;
  private double best = Double.NaN;
  private double worst = Double.NaN;
  private double bestAt = Double.NaN;
  private double counted = Double.NaN;
  private double countedAt = Double.NaN;

  /** Whether a value can be computed with: neither NaN nor so large that a sum of a few would overflow. */
  static boolean isUsable(double value) {
    return Math.abs(value) <= LARGEST;
  }

  /**
   * Adds a usable value.
   *
   * @param point at which point it came, from 1
   * @param train the smoothed training loss as a gain, NaN if unknown
   * @return whether it beats all before it; false for the first
   */
  boolean add(double y, long point, double train) {
    boolean improved = y > best;
    if (whole.length() == 0) {
      start(y, point);
    } else {
      addStep(y - last);
    }
    if (improved) {
      best = y;
      bestAt = point;
    }
    worst = Math.min(worst, y);
    last = y;
    if (y > counted + MIN_DELTA * span()) {
      counted = y;
      countedAt = point;
    }
    smooth.add(y, SMOOTH);
    values.add(y);
    whole.add(y, best, smooth.value(), train);
    return improved;
  }

  private void start(double y, long point) {
    first = y;
    best = y;
    worst = y;
    bestAt = point;
    counted = y;
    countedAt = point;
  }

  private void addStep(double step) {
    stepSize.add(Math.abs(step), NOISE);
    if (!Double.isNaN(lastStep)) {
      noise.add(Math.abs(step - lastStep) / SECOND_DIFFERENCE, NOISE);
    }
    lastStep = step;
  }

  /** How many usable values there were. */
  long length() {
    return whole.length();
  }

  double last() {
    return last;
  }

  double best() {
    return best;
  }

  /** The point at which the best value came; NaN, like everything else here but the length, before the first value. */
  double bestAt() {
    return bestAt;
  }

  /** Best less worst. */
  double span() {
    return best - worst;
  }

  /** Best less first. */
  double rise() {
    return best - first;
  }

  /** The exponential mean of weight .2, which stands for the curve without its noise. */
  double smooth() {
    return smooth.value();
  }

  /** The mean size of a step, trend and noise together. */
  double stepSize() {
    return Math.max(stepSize.value(), NOISE_FLOOR * span());
  }

  /** The standard deviation of the noise, estimated from second differences, which a trend leaves alone. */
  double noise() {
    return Math.max(noise.value(), NOISE_FLOOR * span());
  }

  /** The value so many values ago, at most nineteen; NaN if there is none. */
  double value(int back) {
    return values.back(back);
  }

  /** The point of the last value that beat the one that counted before it by 1 % of the span. */
  double countedAt() {
    return countedAt;
  }

  /** The last twenty. */
  Ring values() {
    return values;
  }

  Thinned whole() {
    return whole;
  }

  void save(DataOutput out) throws IOException {
    values.save(out);
    whole.save(out);
    smooth.save(out);
    stepSize.save(out);
    noise.save(out);
    out.writeDouble(first);
    out.writeDouble(last);
    out.writeDouble(lastStep);
    out.writeDouble(best);
    out.writeDouble(worst);
    out.writeDouble(bestAt);
    out.writeDouble(counted);
    out.writeDouble(countedAt);
  }

  void restore(DataInput in) throws IOException {
    values.restore(in);
    whole.restore(in);
    smooth.restore(in);
    stepSize.restore(in);
    noise.restore(in);
    first = in.readDouble();
    last = in.readDouble();
    lastStep = in.readDouble();
    best = in.readDouble();
    worst = in.readDouble();
    bestAt = in.readDouble();
    counted = in.readDouble();
    countedAt = in.readDouble();
  }
}
