package io.stopcast.sweep;

import java.util.Arrays;

/**
 * A value over a run's progress, in bounded memory: exact up to {@value #MOST} points; beyond that only every second one is kept,
 * then every fourth and so on, and the last one always.
 */
final class Trajectory {
  /** Eight kilobytes a run. */
  static final int MOST = 512;

  private double[] at = new double[16];
  private double[] values = new double[16];
  private int size;
  private long added;
  private long stride = 1;
  private double lastAt = Double.NEGATIVE_INFINITY;
  private double last = Double.NaN;

  /**
   * @param progress larger than the last one
   */
  void add(double progress, double value) {
    lastAt = progress;
    last = value;
    if (added++ % stride != 0) {
      return;
    }
    if (size == MOST) {
      for (int i = 0; i < MOST / 2; i++) {
        at[i] = at[2 * i];
        values[i] = values[2 * i];
      }
      size = MOST / 2;
      stride *= 2; // what is added now is at a multiple of it, as MOST is even
    }
    if (size == at.length) {
      at = Arrays.copyOf(at, Math.min(MOST, 2 * size));
      values = Arrays.copyOf(values, at.length);
    }
    at[size] = progress;
    values[size++] = value;
  }

  /** The progress of the last value; negative infinity before the first. */
  double lastAt() {
    return lastAt;
  }

  /** The last value up to a progress; NaN before the first. */
  double upTo(double progress) {
    if (progress >= lastAt) {
      return last;
    }
    int i = position(progress);
    return i >= 0 ? values[i] : i == -1 ? Double.NaN : values[-i - 2];
  }

  /** The value at a progress, on the line between its neighbours; NaN before the first and beyond the last. */
  double onLine(double progress) {
    if (progress >= lastAt) {
      return progress == lastAt ? last : Double.NaN;
    }
    int i = position(progress);
    if (i >= 0) {
      return values[i];
    }
    int next = -i - 1;
    if (next == 0) {
      return Double.NaN;
    }
    double nextAt = next < size ? at[next] : lastAt;
    double nextValue = next < size ? values[next] : last;
    double part = (progress - at[next - 1]) / (nextAt - at[next - 1]);
    return values[next - 1] * (1 - part) + nextValue * part;
  }

  /** The progress of each value that is kept within a window, both ends included, ascending. */
  double[] within(double from, double to) {
    double[] inside = Arrays.stream(at, 0, size).filter(p -> p >= from && p <= to).toArray();
    boolean lastIsKept = size > 0 && at[size - 1] == lastAt;
    if (!lastIsKept && lastAt >= from && lastAt <= to) {
      inside = Arrays.copyOf(inside, inside.length + 1);
      inside[inside.length - 1] = lastAt;
    }
    return inside;
  }

  private int position(double progress) {
    return Arrays.binarySearch(at, 0, size, progress);
  }
}
