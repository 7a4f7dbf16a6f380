package io.stopcast.datasets.family;

import java.util.Locale;

/** How a learning rate changes over a run. */
public enum Schedule {
  /** Stays as it is. */
  CONSTANT,
  /** A tenth after half of the run, a hundredth after three quarters. */
  STEP,
  /** Half a cosine, down to nothing at the end. */
  COSINE;

  /** The name in settings. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The schedule of that name. */
  public static Schedule ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** By what the first rate is multiplied, 0 to 1, in the given point (from 0) of a run of that many points. */
  public double factor(int point, int points) {
    switch (this) {
      case STEP:
        return point < points / 2 ? 1 : point < points * 3 / 4 ? 0.1 : 0.01;
      case COSINE:
        return 0.5 * (1 + StrictMath.cos(Math.PI * point / points));
      default:
        return 1;
    }
  }
}
