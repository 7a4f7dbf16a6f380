package io.stopcast.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The objective's curve so far, as gains: what every curve feature is made of. It knows the usable values only; at
 * which point each came is told to it.
 */
final class Curve {
  /** How far back a value can be looked up. */
  static final int LONGEST = 20;

  /** A noise level below this share of the span is a rounding error. */
  private static final double NOISE_FLOOR = 0x1p-20;

  private static final double LARGEST = 1e300;
  private static final double FAST = .5;
  private static final double MIDDLE = .2;
  private static final double SLOW = .07;
  private static final double NOISE = .1;

  /** The mean of |x - 2y + z| for independent normal x, y, z of deviation 1. */
  private static final double SECOND_DIFFERENCE = 1.954;

  /** By how much a value must beat the last that counted: shares of the span, then multiples of the mean step. */
  private static final double[] MIN_DELTAS = {.003, .01, .03, 1, 3};

  private static final int SPAN_DELTAS = 3;

  private final Ring values = new Ring(LONGEST + 1);
  private final Ring bests = new Ring(LONGEST + 1);
  private final Thinned whole = new Thinned();
  private final Mean fast = new Mean();
  private final Mean middle = new Mean();
  private final Mean slow = new Mean();
  private final Mean stepSize = new Mean();
  private final Mean noise = new Mean();
  private final Mean turns = new Mean();
  private final double[] counted = new double[MIN_DELTAS.length];
  private final double[] countedAt = new double[MIN_DELTAS.length];
  // Points are doubles, so that one that has not come is NaN like all that is missing.
  private double first = Double.NaN;
  private double last = Double.NaN;
  private double lastStep = Double.NaN;
  private double best = Double.NaN;
  private double worst = Double.NaN;
  private double bestAt = Double.NaN;
  private double bestSmooth = Double.NaN;
  private double bestSmoothAt = Double.NaN;

  Curve() {
    Arrays.fill(countedAt, Double.NaN);
  }

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
    double typicalStep = whole.length() > 1 ? stepSize.value() : 0;
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
    double span = best - worst;
    for (int i = 0; i < MIN_DELTAS.length; i++) {
      if (y > counted[i] + MIN_DELTAS[i] * (i < SPAN_DELTAS ? span : typicalStep)) {
        counted[i] = y;
        countedAt[i] = point;
      }
    }
    fast.add(y, FAST);
    middle.add(y, MIDDLE);
    slow.add(y, SLOW);
    if (!(middle.value() <= bestSmooth)) {
      bestSmooth = middle.value();
      bestSmoothAt = point;
    }
    values.add(y);
    bests.add(best);
    whole.add(y, best, middle.value(), train);
    return improved;
  }

  private void start(double y, long point) {
    first = y;
    best = y;
    worst = y;
    bestAt = point;
    Arrays.fill(counted, y);
    Arrays.fill(countedAt, point);
  }

  private void addStep(double step) {
    stepSize.add(Math.abs(step), NOISE);
    if (!Double.isNaN(lastStep)) {
      noise.add(Math.abs(step - lastStep) / SECOND_DIFFERENCE, NOISE);
      turns.add(step > 0 && lastStep < 0 || step < 0 && lastStep > 0 ? 1 : 0, NOISE);
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

  /** The exponential mean of weight .5. */
  double fast() {
    return fast.value();
  }

  /** The exponential mean of weight .2, which stands for the curve without its noise. */
  double smooth() {
    return middle.value();
  }

  /** The exponential mean of weight .07. */
  double slow() {
    return slow.value();
  }

  double bestSmooth() {
    return bestSmooth;
  }

  /** The point at which {@link #smooth} was best. */
  double bestSmoothAt() {
    return bestSmoothAt;
  }

  /** The mean size of a step, trend and noise together. */
  double stepSize() {
    return Math.max(stepSize.value(), NOISE_FLOOR * span());
  }

  /** The standard deviation of the noise, estimated from second differences, which a trend leaves alone. */
  double noise() {
    return Math.max(noise.value(), NOISE_FLOOR * span());
  }

  /** The recent share of steps that go the other way than the step before. */
  double turns() {
    return turns.value();
  }

  /** The value so many values ago, at most {@value #LONGEST}; NaN if there is none. */
  double value(int back) {
    return values.back(back);
  }

  /** The running best so many values ago, at most {@value #LONGEST}; NaN if there is none. */
  double best(int back) {
    return bests.back(back);
  }

  /** The point of the last value that beat the one that counted before it by the i-th min-delta. */
  double countedAt(int minDelta) {
    return countedAt[minDelta];
  }

  Ring values() {
    return values;
  }

  Thinned whole() {
    return whole;
  }

  void save(DataOutput out) throws IOException {
    values.save(out);
    bests.save(out);
    whole.save(out);
    fast.save(out);
    middle.save(out);
    slow.save(out);
    stepSize.save(out);
    noise.save(out);
    turns.save(out);
    for (int i = 0; i < MIN_DELTAS.length; i++) {
      out.writeDouble(counted[i]);
      out.writeDouble(countedAt[i]);
    }
    out.writeDouble(first);
    out.writeDouble(last);
    out.writeDouble(lastStep);
    out.writeDouble(best);
    out.writeDouble(worst);
    out.writeDouble(bestAt);
    out.writeDouble(bestSmooth);
    out.writeDouble(bestSmoothAt);
  }

  void restore(DataInput in) throws IOException {
    values.restore(in);
    bests.restore(in);
    whole.restore(in);
    fast.restore(in);
    middle.restore(in);
    slow.restore(in);
    stepSize.restore(in);
    noise.restore(in);
    turns.restore(in);
    for (int i = 0; i < MIN_DELTAS.length; i++) {
      counted[i] = in.readDouble();
      countedAt[i] = in.readDouble();
    }
    first = in.readDouble();
    last = in.readDouble();
    lastStep = in.readDouble();
    best = in.readDouble();
    worst = in.readDouble();
    bestAt = in.readDouble();
    bestSmooth = in.readDouble();
    bestSmoothAt = in.readDouble();
  }
}
