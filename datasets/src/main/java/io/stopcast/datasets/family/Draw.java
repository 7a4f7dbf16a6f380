package io.stopcast.datasets.family;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;

/** Draws hyper-parameters. What is drawn is rounded to four digits before it is used: what the log says is what ran. */
public final class Draw {
  private static final MathContext DIGITS = new MathContext(4);

  private final Random random;

  /** Draws by this generator. */
  public Draw(Random random) {
    this.random = random;
  }

  /** True with this probability. */
  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Uniform from low to high. */
  public double uniform(double low, double high) {
    return round(low + (high - low) * random.nextDouble());
  }

  /** Uniform in the logarithm. StrictMath, so that every machine draws the same. */
  public double logUniform(double low, double high) {
    double share = random.nextDouble();
    return round(low * StrictMath.pow(high / low, share));
  }

  /** A whole number, both ends included. */
  public long whole(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** A whole number, uniform in the logarithm. */
  public long logWhole(int low, int high) {
    return Math.round(logUniform(low, high));
  }

  /** One of these, each as likely. */
  @SafeVarargs
  public final <T> T pick(T... options) {
    return options[random.nextInt(options.length)];
  }

  private static double round(double value) {
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
