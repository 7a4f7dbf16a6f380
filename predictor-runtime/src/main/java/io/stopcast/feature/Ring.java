package io.stopcast.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The last few values of a sequence. */
final class Ring {
  private final double[] values;
  private int newest = -1;
  private int size;

  Ring(int capacity) {
    values = new double[capacity];
  }

  void add(double value) {
    newest = newest + 1 == values.length ? 0 : newest + 1;
    values[newest] = value;
    size = Math.min(size + 1, values.length);
  }

  /** Returns the value that is {@code steps} older than the newest, NaN if there is none. */
  double back(int steps) {
    if (steps >= size) {
      return Double.NaN;
    }
    int i = newest - steps;
    return values[i < 0 ? i + values.length : i];
  }

  /**
   * Fits a line through the newest values, in units of {@code 1/perUnit} and relative to the newest one, so that no
   * square overflows and none cancels.
   */
  void fit(int count, double perUnit, LineFit into) {
    if (count > size) {
      into.clear();
      return;
    }
    double origin = values[newest];
    double sum = 0;
    double moment = 0;
    double squares = 0;
    int i = newest;
    for (int x = count - 1; x >= 0; x--) {
      double v = (values[i] - origin) * perUnit;
      sum += v;
      moment += v * x;
      squares += v * v;
      i = i == 0 ? values.length - 1 : i - 1;
    }
    into.set(count, sum, moment, squares);
  }

  /** Writes the values, the oldest first. */
  void save(DataOutput out) throws IOException {
    out.writeByte(size);
    for (int i = size - 1; i >= 0; i--) {
      out.writeDouble(back(i));
    }
  }

  /** Adds what {@link #save} wrote to a new ring. */
  void restore(DataInput in) throws IOException {
    for (int i = in.readUnsignedByte(); i > 0; i--) {
      add(in.readDouble());
    }
  }
}
