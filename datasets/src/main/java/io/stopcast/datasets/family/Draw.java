package io.stopcast.datasets.family;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;

/** Draws hyper-parameters. What is drawn is rounded to four digits before it is used: what the log says is what ran. */
final class Draw {
  private static final MathContext DIGITS = new MathContext(4);

  private final Random random;

  Draw(Random random) {
    this.random = random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  double uniform(double low, double high) {
    return round(low + (high - low) * random.nextDouble());
  }

  /** Uniform in the logarithm. StrictMath, so that every machine draws the same. */
  double logUniform(double low, double high) {
    double share = random.nextDouble();
    return round(low * StrictMath.pow(high / low, share));
  }

  /** A whole number, both ends included. */
  long whole(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  long logWhole(int low, int high) {
    return Math.round(logUniform(low, high));
  }

  @SafeVarargs
  final <T> T pick(T... options) {
    return options[random.nextInt(options.length)];
  }

  private static double round(double value) {
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
