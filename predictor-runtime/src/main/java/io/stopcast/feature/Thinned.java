package io.stopcast.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A whole curve in fixed memory, whatever its length.
 *
 * <p>Holds every value up to {@value #CAPACITY}. When full, two neighbours become one and from then on twice as many
 * values go into a slot, so that at least half of the slots are in use and a look-up is off by at most 1/{@value
 * #CAPACITY} of the curve's length. A slot keeps the mean of its values, and what else was known at its last.
 */
final class Thinned {
  static final int CAPACITY = 52;

  private final double[] means = new double[CAPACITY];
  private final double[] bests = new double[CAPACITY];
  private final double[] smooths = new double[CAPACITY];
  private final double[] trains = new double[CAPACITY];
  private int size;
  private int shift;
  private long length;
  private double blockMean;
  private long blockLength;

  void add(double value, double best, double smooth, double train) {
    if (size == CAPACITY) {
      halve();
    }
    length++;
    blockLength++;
    blockMean = blockLength == 1 ? value : blockMean + (value - blockMean) / blockLength;
    if (blockLength == stride()) {
      means[size] = blockMean;
      bests[size] = best;
      smooths[size] = smooth;
      trains[size] = train;
      size++;
      blockLength = 0;
    }
  }

  private void halve() {
    size = CAPACITY / 2;
    shift++;
    for (int i = 0; i < size; i++) {
      means[i] = means[2 * i] + (means[2 * i + 1] - means[2 * i]) / 2;
      bests[i] = bests[2 * i + 1];
      smooths[i] = smooths[2 * i + 1];
      trains[i] = trains[2 * i + 1];
    }
  }

  /** How many values were added. */
  long length() {
    return length;
  }

  int size() {
    return size;
  }

  /** How many values went into each slot: 2 to the power of {@link #shift}. */
  long stride() {
    return 1L << shift;
  }

  int shift() {
    return shift;
  }

  /** Returns the slot of the value that closes the first {@code share} of the curve. */
  int slot(double share) {
    long position = Math.max(1, (long) (share * length));
    int slot = (int) ((position + stride() / 2) >> shift) - 1;
    return Math.max(0, Math.min(slot, size - 1));
  }

  /** The mean over a slot; NaN, like all others, while the curve is empty. */
  double mean(int slot) {
    return slot < size ? means[slot] : Double.NaN;
  }

  /** The running best at the end of a slot. */
  double best(int slot) {
    return slot < size ? bests[slot] : Double.NaN;
  }

  /** The smoothed value at the end of a slot. */
  double smooth(int slot) {
    return slot < size ? smooths[slot] : Double.NaN;
  }

  /** The smoothed training signal at the end of a slot, NaN if there was none. */
  double train(int slot) {
    return slot < size ? trains[slot] : Double.NaN;
  }

  /** Fits a line through the slots from {@code from} on, as {@link Ring#fit} does; its slope is per slot. */
  void fit(int from, double perUnit, LineFit into) {
    if (size == 0) {
      into.clear();
      return;
    }
    double origin = means[size - 1];
    double sum = 0;
    double moment = 0;
    double squares = 0;
    for (int i = from; i < size; i++) {
      double v = (means[i] - origin) * perUnit;
      sum += v;
      moment += v * (i - from);
      squares += v * v;
    }
    into.set(size - from, sum, moment, squares);
  }

  void save(DataOutput out) throws IOException {
    out.writeByte(size);
    out.writeByte(shift);
    out.writeLong(length);
    out.writeDouble(blockMean);
    out.writeLong(blockLength);
    for (int i = 0; i < size; i++) {
      out.writeDouble(means[i]);
      out.writeDouble(bests[i]);
      out.writeDouble(smooths[i]);
      out.writeDouble(trains[i]);
    }
  }

  void restore(DataInput in) throws IOException {
    size = in.readUnsignedByte();
    shift = in.readUnsignedByte();
    if (size > CAPACITY) {
      throw new IOException("a curve of %d slots, where there are %d".formatted(size, CAPACITY));
    }
    length = in.readLong();
    blockMean = in.readDouble();
    blockLength = in.readLong();
    for (int i = 0; i < size; i++) {
      means[i] = in.readDouble();
      bests[i] = in.readDouble();
      smooths[i] = in.readDouble();
      trains[i] = in.readDouble();
    }
  }
}
