package io.stopcast.onnx;

/**
 * The points of the run so far. All lists have a place 0 that stands for the time before the first point, so that the
 * point that is n-th lies at n, and what a list has there is what is known before.
 *
 * @param inputs what they were made of
 * @param numbers 0, 1, .. as many as there are
 * @param reported gains as reported, be they usable or not
 * @param gains NaN where nothing usable was reported
 * @param usable whether they are
 * @param best the best gain so far, minus infinity before the first usable one
 * @param worst the worst so far, infinity before the first
 * @param done the share of the plan that is done, NaN if unknown
 */
record Points(
    RunInputs inputs,
    Tensor numbers,
    Tensor reported,
    Tensor gains,
    Tensor usable,
    Tensor best,
    Tensor worst,
    Tensor done) {
  static Points of(RunInputs in) {
    Graph graph = in.values().graph();
    Tensor unknown = graph.constant(Double.NaN);
    Tensor never = graph.constant(Double.NEGATIVE_INFINITY);
    Tensor reported = unknown.followedBy(in.gains(in.values().only(in.reported())));
    Tensor usable = RunInputs.usable(reported);
    Tensor numbers = graph.constant(1.0).expandedTo(reported.shape()).runningSum(0).minus(1);
    Tensor costs = unknown.followedBy(in.costs().only(in.reported()));
    Tensor counted = RunInputs.usable(costs).and(costs.atLeast(0));
    Tensor extremes =
        Tensor.rows(
                usable.choose(reported, never),
                usable.choose(reported.negated(), never),
                counted.choose(costs, never))
            .runningMax();
    Tensor cost = extremes.row(2).atLeast(0).choose(extremes.row(2), unknown);
    Tensor done = in.planned().above(0).choose(numbers.dividedBy(in.planned()), cost.dividedBy(in.plannedCost()));
    return new Points(
        in,
        numbers,
        reported,
        usable.choose(reported, unknown),
        usable,
        extremes.row(0),
        extremes.row(1).negated(),
        done);
  }

  Graph graph() {
    return numbers.graph();
  }

  /** How many there are, as one. */
  Tensor count() {
    return numbers.last();
  }
}
