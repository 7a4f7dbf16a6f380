package io.stopcast.onnx;

import io.stopcast.model.PriceThresholds;
import io.stopcast.policy.LearnedPolicy;
import java.util.Collection;

/**
 * What is made of a score: the rules of {@link LearnedPolicy}.
 *
 * @param threshold from which score on it stops, as one
 * @param stop whether it stops, as one
 */
record StopRule(Tensor threshold, Tensor stop) {
  /**
   * Decides.
   *
   * @param score the probability that stopping is right, double, as one
   * @param enough for a run whose task has a history
   * @param alone for a run whose task has next to none
   */
  static StopRule of(Curve curve, Tensor earlierRuns, Tensor score, PriceThresholds enough, PriceThresholds alone) {
    Points points = curve.points();
    RunInputs in = points.inputs();
    Tensor hasHistory = earlierRuns.atLeast(LearnedPolicy.ENOUGH_RUNS);
    Tensor threshold = hasHistory.choose(at(enough, in.price()), at(alone, in.price()));
    Tensor judged =
        points
            .count()
            .atLeast(LearnedPolicy.WARM_UP_POINTS)
            .and(points.done().last().below(LearnedPolicy.WARM_UP_SHARE).not())
            .and(curve.span().above(0).or(earlierRuns.atLeast(LearnedPolicy.TELLING_RUNS)));
    Tensor isPoint = in.reported().last().and(in.values().last().isNaN().not());
    return new StopRule(threshold, judged.and(isPoint).and(score.atLeast(threshold)));
  }

  /** Interpolates in the logarithm of the price. */
  private static Tensor at(PriceThresholds thresholds, Tensor price) {
    Graph graph = price.graph();
    Tensor prices = graph.constant(doubles(thresholds.byPrice().keySet()));
    Tensor values = graph.constant(doubles(thresholds.byPrice().values()));
    int last = thresholds.byPrice().size() - 1;
    Tensor below = prices.atMost(price).count().minus(1).max(0).toLongs();
    Tensor above = prices.below(price).count().min(last).toLongs();
    Tensor low = values.at(below);
    Tensor high = values.at(above);
    Tensor from = prices.at(below).log();
    Tensor share = price.log().minus(from).dividedBy(prices.at(above).log().minus(from));
    Tensor within = share.atLeast(0).choose(share.min(1), 0);
    Tensor threshold = low.plus(within.times(high.minus(low)));
    return threshold.min(low.max(high)).max(low.min(high));
  }

  private static double[] doubles(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
