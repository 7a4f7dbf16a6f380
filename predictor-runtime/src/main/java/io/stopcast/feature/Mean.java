package io.stopcast.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** An exponential mean that starts as a plain one: the k-th value weighs max(weight, 1/k). NaN before the first. */
final class Mean {
  private double value = Double.NaN;
  private int count;

  void add(double x, double weight) {
    if (count == 0) {
      value = x;
    }
    double plain = 1.0 / ++count;
    if (plain < weight) {
      count--; // Weighs the same from here on, so that the count never overflows.
    }
    value += (x - value) * Math.max(weight, plain);
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
  }
}
