package io.stopcast.feature;

/** Natural logarithms of whole numbers, small ones from a table: those that {@link Math#log} gives, bit for bit. */
final class Logarithms {
  private static final double[] SMALL = new double[1024];

  static {
    for (int i = 0; i < SMALL.length; i++) {
      SMALL[i] = Math.log(i);
    }
  }

  private Logarithms() {}

  /** Returns the logarithm of a number that is not negative. */
  static double of(long number) {
    return number < SMALL.length ? SMALL[(int) number] : Math.log(number);
  }
}
