package io.stopcast.policy;

/** The tails of the normal distribution, to about 14 digits. */
final class NormalTail {
  private static final int TERMS = 80;

  private NormalTail() {}

  /** The probability that a standard normal variable is further from 0 than this; NaN for NaN. */
  static double twoSided(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    return x < 2 ? 1 - near(x) : far(x);
  }

  // erf(x) = 2 / sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ..), all terms positive.
  private static double near(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < TERMS; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  // erfc(x) = exp(-x^2) / sqrt(pi) / (x + (1/2) / (x + (2/2) / (x + (3/2) / ..))), from the inside out.
  private static double far(double x) {
    double fraction = x;
    for (int n = TERMS; n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }
}
