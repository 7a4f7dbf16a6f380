package io.stopcast.feature;

import java.util.function.DoubleUnaryOperator;

/**
 * Where a curve is heading if it keeps slowing down as it did.
 *
 * <p>Least squares of y = a + c phi(x), c &lt;= 0, over the last four fifths of the curve, for phi = x^-1/2, x^-1, x^-2
 * and -log x (a curve that never slows down), mixed with weights (1 / squared error)^16, which come close to the
 * likelihoods of a curve with 32 values. That phi is a power or a logarithm makes its scale irrelevant, so that one
 * table of phi over the slots of {@link Thinned} serves curves of any length, and doubling x needs no power function.
 * Families as in Domhan, Springenberg and Hutter, "Speeding up Automatic Hyperparameter Optimization of Deep Neural
 * Networks by Extrapolation of Learning Curves", 2015, less those that are not linear in their parameters.
 */
final class Extrapolation {
  private static final double START = .2;
  private static final int FEWEST = 4;
  private static final double PERFECT = 1e-6;
  private static final double ROOT_HALF = Math.sqrt(.5);
  private static final double LOG_2 = Math.log(2);

  /** The families over the slots. A slot's values lie around its middle, which moves as more of them share it. */
  private static final Basis[] BASES = {new Basis(1), new Basis(.75), new Basis(.625), new Basis(.5)};

  private double weights;
  private double doubled;
  private double planned;
  private double squares;
  private double exponent;
  private double total;
  private int count;

  /**
   * Fits the curve.
   *
   * @param origin the value from which all are measured: the last one
   * @param perUnit 1 / the unit of the results
   * @param longer the planned length over the length so far, NaN if unknown
   */
  void fit(Thinned curve, double origin, double perUnit, double longer) {
    weights = 0;
    doubled = 0;
    planned = 0;
    squares = 0;
    exponent = 0;
    total = 0;
    int from = curve.slot(START);
    int to = curve.size();
    count = to - from;
    if (count < FEWEST) {
      return;
    }
    Basis basis = BASES[Math.min(curve.shift(), BASES.length - 1)];
    // What does not need the sums comes before them: the processor divides while it adds.
    double x = (double) curve.length() / curve.stride();
    double rootNow = 1 / Math.sqrt(x);
    double inverseNow = 1 / x;
    double squareNow = inverseNow * inverseNow;
    double logNow = curve.stride() == 1 ? -Logarithms.of(curve.length()) : -Math.log(x);
    double shorter = 1 / longer;
    double logLonger = longer == 1 ? 0 : Math.log(longer);
    double rootShorter = Math.sqrt(shorter);
    double sum = 0;
    double sumOfSquares = 0;
    double root = 0;
    double inverse = 0;
    double square = 0;
    double log = 0;
    for (int i = from; i < to; i++) {
      double v = (curve.mean(i) - origin) * perUnit;
      sum += v;
      sumOfSquares += v * v;
      root += v * basis.root.phi[i];
      inverse += v * basis.inverse.phi[i];
      square += v * basis.square.phi[i];
      log += v * basis.log.phi[i];
    }
    double mean = sum / count;
    total = sumOfSquares - sum * mean;
    add(basis.root, from, to, mean, root, rootNow * ROOT_HALF, rootNow * rootShorter, .5);
    add(basis.inverse, from, to, mean, inverse, inverseNow / 2, inverseNow * shorter, 1);
    add(basis.square, from, to, mean, square, squareNow / 4, squareNow * shorter * shorter, 2);
    add(basis.log, from, to, mean, log, logNow - LOG_2, logNow - logLonger, 0);
  }

  private void add(
      Family family,
      int from,
      int to,
      double mean,
      double products,
      double phiDoubled,
      double phiPlanned,
      double power) {
    double phiSum = family.sums[to] - family.sums[from];
    double phiMean = phiSum / count;
    double covariance = products - phiSum * mean;
    // Where a minimum and a maximum would have to look for NaN and the sign of zero, which are right this way too.
    double rising = covariance / (family.squares[to] - family.squares[from] - phiSum * phiMean);
    double slope = rising > 0 ? 0 : rising;
    double rest = total - slope * covariance;
    double least = PERFECT * total;
    double left = rest < least ? least : rest;
    double base = mean - slope * phiMean;
    double odds = total > 0 ? total / left : 1; // 1 to 10^6, so that its 16th power is far from overflowing
    odds *= odds;
    odds *= odds;
    odds *= odds;
    odds *= odds;
    weights += odds;
    doubled += odds * (base + slope * phiDoubled);
    planned += odds * (base + slope * phiPlanned);
    squares += odds * left;
    exponent += odds * power;
  }

  /** The value expected once the curve is twice as long; NaN, like all others, for fewer than four slots to fit. */
  double doubled() {
    return doubled / weights;
  }

  /** The value expected at the planned length, NaN if unknown. */
  double planned() {
    return planned / weights;
  }

  /** The standard deviation of what the fit does not explain. */
  double deviation() {
    return Math.sqrt(Math.max(squares / weights, 0) / (count - 2));
  }

  /** The power with which the curve slows down, from 0 for a logarithm to 2; NaN where nothing changes. */
  double exponent() {
    return total > 0 ? exponent / weights : Double.NaN;
  }

  private static final class Basis {
    final Family root;
    final Family inverse;
    final Family square;
    final Family log;

    /** The families where slot i stands for x = i + middle. */
    Basis(double middle) {
      root = new Family(middle, x -> 1 / Math.sqrt(x));
      inverse = new Family(middle, x -> 1 / x);
      square = new Family(middle, x -> 1 / (x * x));
      log = new Family(middle, x -> -Math.log(x));
    }
  }

  /** A family's phi over the slots, with the sums of it and of its square over all slots before each. */
  private static final class Family {
    final double[] phi = new double[Thinned.CAPACITY];
    final double[] sums = new double[Thinned.CAPACITY + 1];
    final double[] squares = new double[Thinned.CAPACITY + 1];

    Family(double middle, DoubleUnaryOperator function) {
      for (int i = 0; i < phi.length; i++) {
        phi[i] = function.applyAsDouble(i + middle);
        sums[i + 1] = sums[i] + phi[i];
        squares[i + 1] = squares[i] + phi[i] * phi[i];
      }
    }
  }
}
