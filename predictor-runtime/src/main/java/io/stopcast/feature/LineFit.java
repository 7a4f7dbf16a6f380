package io.stopcast.feature;

/**
 * A least-squares line through equally spaced values: slope, how sure it is, and what it leaves over. Each is worked out when it is
 * asked for, as roots and quotients take longer than the sums.
 */
final class LineFit {
  /** Squares below this share of all squares are rounding errors. */
  private static final double PERFECT = 1e-6;

  private int count;
  private double spread;
  private double covariance;
  private double total;
  private double left;

  void clear() {
    count = 0;
  }

  /**
   * Fits from sums over x = 0, 1, .. count - 1.
   *
   * @param moment the sum of x times value
   */
  void set(int values, double sum, double moment, double squares) {
    count = values;
    if (count < 3) {
      return;
    }
    spread = count * ((double) count * count - 1) / 12;
    covariance = moment - sum * (count - 1) / 2;
    total = squares - sum * sum / count;
    double rest = total - covariance * covariance / spread;
    double least = PERFECT * total;
    left = rest < least ? least : rest;
  }

  /** Per step of x. */
  double slope() {
    return count < 3 ? Double.NaN : covariance / spread;
  }

  /** The slope in units of its standard error; within +-5,000 for 20 values or fewer; 0 where nothing changes. */
  double t() {
    return count < 3 ? Double.NaN : total == 0 ? 0 : covariance / Math.sqrt(spread * left / (count - 2));
  }

  /** The standard deviation of what the line does not explain. */
  double deviation() {
    return count < 3 ? Double.NaN : Math.sqrt(Math.max(left, 0) / (count - 2));
  }
}
