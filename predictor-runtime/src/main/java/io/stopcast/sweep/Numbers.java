package io.stopcast.sweep;

import java.util.Locale;

/** Numbers in reasons. */
final class Numbers {
  private Numbers() {}

  /** Whole numbers as they are, others with four digits. */
  static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  /**
   * Returns a quantile by linear interpolation between the closest ranks, as NumPy and pandas do unless asked otherwise.
   *
   * @param sorted ascending, at least one
   * @param share within 0..1; one half is the median
   */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    double part = position - below;
    return part == 0 ? sorted[below] : sorted[below] * (1 - part) + sorted[below + 1] * part;
  }
}
