package io.stopcast.onnx;

/**
 * Least-squares lines through equally spaced values.
 *
 * @param slope per step of x
 * @param t the slope in units of its standard error
 * @param deviation the standard deviation of what the line does not explain
 */
record LineFit(Tensor slope, Tensor t, Tensor deviation) {
  private static final double PERFECT = 1e-6;

  /**
   * Fits a line through each row.
   *
   * @param count how many values each has
   * @param values 0 where a row has none
   * @param x their places, 0 to count - 1
   */
  static LineFit of(Tensor count, Tensor values, Tensor x) {
    Tensor unknown = count.graph().constant(Double.NaN);
    Tensor sum = values.sumInOrder(1);
    Tensor moment = values.times(x).sumInOrder(1);
    Tensor squares = values.squared().sumInOrder(1);
    Tensor spread = count.times(count.times(count).minus(1)).dividedBy(12);
    Tensor covariance = moment.minus(sum.times(count.minus(1)).dividedBy(2));
    Tensor total = squares.minus(sum.times(sum).dividedBy(count));
    Tensor left = total.minus(covariance.times(covariance).dividedBy(spread)).max(total.times(PERFECT));
    Tensor degrees = count.minus(2);
    Tensor error = spread.times(left).dividedBy(degrees).sqrt();
    Tensor t = total.same(0).choose(total, covariance.dividedBy(error));
    Tensor enough = count.atLeast(3);
    return new LineFit(
        enough.choose(covariance.dividedBy(spread), unknown),
        enough.choose(t, unknown),
        enough.choose(left.max(0).dividedBy(degrees).sqrt(), unknown));
  }
}
