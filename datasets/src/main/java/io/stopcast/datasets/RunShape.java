package io.stopcast.datasets;

import java.util.Locale;

/** What a curve looks like, roughly: to see whether a history has something of everything. */
enum RunShape {
  /** The best comes in the first half, and the end is worse by at least a twentieth of the range. */
  EARLY_PEAK,
  /** The end is about as good as it gets, and was reached well before. */
  PLATEAU,
  /** The last quarter still brings at least a fiftieth of the range, and the best comes in the last tenth. */
  RISING,
  /** Came to numbers that are none. */
  DIVERGED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the shape of a curve.
   *
   * @param gains the objective, larger is better, one a point; NaN where absent
   * @param diverged whether the run ended so
   */
  static RunShape of(double[] gains, boolean diverged) {
    if (diverged) {
      return DIVERGED;
    }
    int best = 0;
    double lowest = Double.POSITIVE_INFINITY;
    double bestOfThreeQuarters = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < gains.length; i++) {
      best = gains[i] > gains[best] ? i : best;
      lowest = Math.min(lowest, gains[i]);
      if (i < gains.length * 3 / 4) {
        bestOfThreeQuarters = Math.max(bestOfThreeQuarters, gains[i]);
      }
    }
    double range = gains[best] - lowest;
    if (range > 0 && best >= gains.length * 9 / 10 && gains[best] - bestOfThreeQuarters >= range / 50) {
      return RISING;
    }
    if (range > 0 && best < gains.length / 2 && gains[best] - meanOfLastTenth(gains) >= range / 20) {
      return EARLY_PEAK;
    }
    return PLATEAU;
  }

  private static double meanOfLastTenth(double[] gains) {
    int count = Math.max(1, gains.length / 10);
    double sum = 0;
    for (int i = gains.length - count; i < gains.length; i++) {
      sum += gains[i];
    }
    return sum / count;
  }
}
