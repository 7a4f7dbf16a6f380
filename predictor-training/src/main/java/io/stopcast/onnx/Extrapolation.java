package io.stopcast.onnx;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Where a curve is heading if it keeps slowing down as it did: a mixture of four families, which lie side by side in
 * this order: the powers -1/2, -1 and -2 and the logarithm.
 *
 * @param doubled the value expected once the curve is twice as long
 * @param planned the value expected at the planned length
 */
record Extrapolation(Tensor doubled, Tensor planned, Tensor deviation, Tensor exponent) {
  private static final double START = .2;
  private static final int FEWEST = 4;
  private static final double PERFECT = 1e-6;
  private static final double ROOT_HALF = Math.sqrt(.5);
  private static final double LOG_2 = Math.log(2);

  /** Where in a slot its values have their middle, by how often slots were halved. */
  private static final double[] MIDDLES = {1, .75, .625, .5};

  private static final List<DoubleUnaryOperator> FAMILIES =
      List.of(x -> 1 / Math.sqrt(x), x -> 1 / x, x -> 1 / (x * x), x -> -Math.log(x));
  private static final double[] POWERS = {.5, 1, 2, 0};

  /**
   * Fits the curve.
   *
   * @param origin the value from which all are measured: the last one
   * @param perUnit 1 / the unit of the results
   * @param longer the planned length over the length so far, NaN if unknown
   */
  static Extrapolation of(ThinnedCurve curve, Tensor origin, Tensor perUnit, Tensor longer) {
    Graph graph = origin.graph();
    Tensor from = curve.slots(START);
    Tensor to = curve.size();
    Tensor count = to.minus(from);
    Tensor basis = curve.shift().min(MIDDLES.length - 1).toLongs();
    Tensor shape = graph.constant((long) FAMILIES.size(), ThinnedCurve.CAPACITY);
    Tensor phi = graph.constant(phis()).at(basis).reshaped(shape);
    Tensor x = curve.positions();
    Tensor v =
        x.atLeast(from).and(x.below(to)).choose(curve.means().minus(origin).times(perUnit), 0);
    Tensor sum = v.sumInOrder(0);
    Tensor products = phi.times(v).sumInOrder(1);
    Tensor mean = sum.dividedBy(count);
    Tensor total = v.squared().sumInOrder(0).minus(sum.times(mean));

    Tensor now = curve.length().dividedBy(curve.stride());
    Tensor root = now.sqrt().reciprocal();
    Tensor inverse = now.reciprocal();
    Tensor square = inverse.squared();
    Tensor log = now.log().negated();
    Tensor shorter = longer.reciprocal();
    Tensor whenDoubled =
        root.times(ROOT_HALF).followedBy(inverse.dividedBy(2), square.dividedBy(4), log.minus(LOG_2));
    Tensor whenPlanned =
        root.times(shorter.sqrt())
            .followedBy(inverse.times(shorter), square.times(shorter).times(shorter), log.minus(longer.log()));

    Tensor phiSum = between(graph.constant(sums(false)), basis, from, to);
    Tensor phiSquares = between(graph.constant(sums(true)), basis, from, to);
    Tensor phiMean = phiSum.dividedBy(count);
    Tensor covariance = products.minus(phiSum.times(mean));
    Tensor slope = covariance.dividedBy(phiSquares.minus(phiSum.times(phiMean))).min(0);
    Tensor left = total.minus(slope.times(covariance)).max(total.times(PERFECT));
    Tensor base = mean.minus(slope.times(phiMean));
    Tensor odds = total.above(0).choose(total.dividedBy(left), 1).squared().squared().squared().squared();
    Tensor weights = odds.sumInOrder(0);
    Tensor squares = odds.times(left).sumInOrder(0).dividedBy(weights);
    Tensor unknown = graph.constant(Double.NaN);
    Tensor enough = count.atLeast(FEWEST);
    return new Extrapolation(
        enough.choose(odds.times(base.plus(slope.times(whenDoubled))).sumInOrder(0).dividedBy(weights), unknown),
        enough.choose(odds.times(base.plus(slope.times(whenPlanned))).sumInOrder(0).dividedBy(weights), unknown),
        enough.choose(squares.max(0).dividedBy(count.minus(2)).sqrt(), unknown),
        enough.and(total.above(0))
            .choose(odds.times(graph.constant(POWERS)).sumInOrder(0).dividedBy(weights), unknown));
  }

  /** The families over the slots, one after the other, for each of the middles. */
  private static double[][] phis() {
    double[][] phis = new double[MIDDLES.length][FAMILIES.size() * ThinnedCurve.CAPACITY];
    for (int b = 0; b < phis.length; b++) {
      for (int i = 0; i < phis[b].length; i++) {
        double x = i % ThinnedCurve.CAPACITY + MIDDLES[b];
        phis[b][i] = FAMILIES.get(i / ThinnedCurve.CAPACITY).applyAsDouble(x);
      }
    }
    return phis;
  }

  /** Their sums, or those of their squares, over all slots before each and before the end. */
  private static double[][] sums(boolean ofSquares) {
    double[][] phis = phis();
    int width = ThinnedCurve.CAPACITY + 1;
    double[][] sums = new double[MIDDLES.length][FAMILIES.size() * width];
    for (int b = 0; b < sums.length; b++) {
      for (int i = 0; i < sums[b].length; i++) {
        if (i % width > 0) {
          double phi = phis[b][i / width * ThinnedCurve.CAPACITY + i % width - 1];
          sums[b][i] = sums[b][i - 1] + (ofSquares ? phi * phi : phi);
        }
      }
    }
    return sums;
  }

  private static Tensor between(Tensor sums, Tensor basis, Tensor from, Tensor to) {
    Graph graph = sums.graph();
    Tensor table = sums.at(basis).reshaped(graph.constant((long) FAMILIES.size(), ThinnedCurve.CAPACITY + 1));
    return table.at(to.toLongs(), 1).minus(table.at(from.toLongs(), 1)).flat();
  }
}
