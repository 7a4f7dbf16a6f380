package io.stopcast.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** An exponential mean that starts as a plain one: the k-th value weighs max(weight, 1/k). NaN before the first. */
final class Mean {
  /** What the first values weigh, 1, 1/2, 1/3, ..: no weight is so small that more are needed, and a division takes its time. */
  private static final double[] INVERSES = new double[16];

  static {
    Arrays.setAll(INVERSES, i -> 1.0 / (i + 1));
  }

  private double value = Double.NaN;
  private int count;

  void add(double x, double weight) {
    if (count == 0) {
      value = x;
    }
    double plain = count < INVERSES.length ? INVERSES[count] : 1.0 / (count + 1);
    if (plain < weight) {
      value += (x - value) * weight; // from here on, so that the count never overflows
    } else {
      value += (x - value) * plain;
      count++;
    }
  }

  double value() {
    return value;
  }

  void save(DataOutput out) throws IOException {
    out.writeDouble(value);
    out.writeInt(count);
  }

  void restore(DataInput in) throws IOException {
    value = in.readDouble();
    count = in.readInt();
    if (count < 0) {
      throw new IOException("a mean of %d values".formatted(count));
    }
  }
}
