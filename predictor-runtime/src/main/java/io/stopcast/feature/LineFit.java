package io.stopcast.feature;

/** A least-squares line through equally spaced values: slope, how sure it is, and what it leaves over. */
final class LineFit {
  /** Squares below this share of all squares are rounding errors. */
  private static final double PERFECT = 1e-6;

  private double slope;
  private double t;
  private double deviation;

  void clear() {
    slope = Double.NaN;
    t = Double.NaN;
    deviation = Double.NaN;
  }

  /**
   * Fits from sums over x = 0, 1, .. count - 1.
   *
   * @param moment the sum of x times value
   */
  void set(int count, double sum, double moment, double squares) {
    if (count < 3) {
      clear();
      return;
    }
    double spread = count * ((double) count * count - 1) / 12;
    double covariance = moment - sum * (count - 1) / 2;
    double total = squares - sum * sum / count;
    double left = Math.max(total - covariance * covariance / spread, PERFECT * total);
    slope = covariance / spread;
    t = total == 0 ? 0 : covariance / Math.sqrt(spread * left / (count - 2));
    deviation = Math.sqrt(Math.max(left, 0) / (count - 2));
  }

  /** Per step of x. */
  double slope() {
    return slope;
  }

  /** The slope in units of its standard error; within +-5,000 for 20 values or fewer; 0 where nothing changes. */
  double t() {
    return t;
  }

  /** The standard deviation of what the line does not explain. */
  double deviation() {
    return deviation;
  }
}
