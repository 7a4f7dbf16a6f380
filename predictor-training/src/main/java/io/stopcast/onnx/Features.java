package io.stopcast.onnx;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.feature.SchemaMismatchException;
import java.util.ArrayList;
import java.util.List;

/**
 * All features of a run, in the schema's order, as {@link FeatureExtractor} writes them: that is what they are tested
 * against. A schema that changes makes the generator fail until it has an expression for every name.
 */
final class Features {
  private static final double LIMIT = 0x1p24;
  private static final double LOG2_E = 1 / Math.log(2);

  private final Graph graph;
  private final Curve curve;
  private final ThinnedCurve whole;
  private final Tensor points;
  private final Tensor share;
  private final Tensor done;
  private final List<String> names = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();

  private Features(Curve curve) {
    this.curve = curve;
    graph = curve.length().graph();
    whole = curve.whole();
    points = curve.points().count();
    share = curve.points().done().last();
    done = share.above(0).choose(share, Double.NaN);
  }

  /** Returns the features as one row, float. */
  static Tensor row(Curve curve, TrainReports train, Tensor earlierRuns, HistorySignals prior, Tensor logPrice) {
    Features features = new Features(curve);
    features.describe(train, earlierRuns, prior);
    features.put(logPrice, "price");
    FeatureSchema described = new FeatureSchema(FeatureExtractor.schema().version(), features.names);
    try {
      described.requireSame(FeatureExtractor.schema());
    } catch (SchemaMismatchException e) {
      throw new IllegalStateException("these are not the features that the extractor writes: " + e.getMessage(), e);
    }
    Tensor all = Tensor.concat(0, features.values).min(LIMIT).max(-LIMIT);
    // Adding zero makes a negative zero positive.
    return all.toFloats().plus(features.graph.constant(0.0).toFloats()).asRow();
  }

  private void put(Tensor all, String... described) {
    names.addAll(List.of(described));
    values.add(all);
  }

  private void describe(TrainReports train, Tensor earlierRuns, HistorySignals prior) {
    put(share, "time.done");
    describeTime();
    describeSince();
    describeBests();
    describeLevel();
    describeRecentGains();
    describeSharesOfCurve();
    describeSlopes();
    describeNoise();
    describeAhead();
    describeTrain(train);
    describePrior(earlierRuns, prior);
  }

  private void describeTime() {
    put(points.plus(1).log(), "time.log_points");
    put(done.log().negated(), "time.log_left");
    put(points.minus(curve.length()).over(points), "time.unusable");
  }

  private void describeSince() {
    Tensor best = points.minus(curve.bestAt());
    Tensor planned = done.dividedBy(points);
    Tensor counted = points.minus(curve.countedAt());
    put(best, "since.best");
    put(best.dividedBy(points), "since.best_share");
    put(best.times(planned), "since.best_planned");
    put(counted.at(0, 1, 2), "since.span_003", "since.span_01", "since.span_03");
    put(counted.at(1).times(planned), "since.span_01_planned");
    put(counted.at(3, 4), "since.step_1", "since.step_3");
    put(points.minus(curve.bestSmoothAt()).dividedBy(points), "since.smooth_share");
  }

  private void describeBests() {
    Tensor before = points.minus(1);
    Tensor last = graph.constant(10.0, 20);
    Tensor age = points.minus(curve.points().numbers());
    Tensor recent = age.asRow().below(last.asColumn()).and(curve.improved());
    put(recent.toDoubles().sum(1).over(last.min(before)), "bests.last_10", "bests.last_20");
    put(curve.improved().count().over(before), "bests.all");
  }

  private void describeLevel() {
    Tensor span = curve.span();
    Tensor step = curve.stepSize();
    Tensor below = curve.best().minus(curve.last());
    put(below.over(span), "level.below_span");
    put(below.over(step), "level.below_step");
    put(curve.rise().over(span), "level.rise_span");
    put(step.over(span), "level.step_span");
    put(curve.fast().minus(curve.smooth()).over(span), "level.fast_span");
    put(curve.smooth().minus(curve.slow()).over(span), "level.slow_span");
    put(curve.fast().minus(curve.slow()).over(step), "level.fast_step");
  }

  private void describeRecentGains() {
    put(
        curve.last().minus(curve.value(1, 3, 5, 10, 20)).over(curve.span()),
        "gain.y_1",
        "gain.y_3",
        "gain.y_5",
        "gain.y_10",
        "gain.y_20");
    put(
        curve.best().minus(curve.best(3, 5, 10, 20)).over(curve.rise()),
        "gain.best_3",
        "gain.best_5",
        "gain.best_10",
        "gain.best_20");
  }

  private void describeSharesOfCurve() {
    Tensor rise = curve.rise();
    Tensor slots = whole.slots(.9, .75, .5, .25);
    Tensor best = curve.best().minus(whole.best(slots));
    Tensor smooth = curve.smooth().minus(whole.smooth(slots));
    Tensor bestHalf = best.at(2);
    Tensor smoothHalf = smooth.at(2);
    put(
        best.over(rise),
        "gain.best_tenth",
        "gain.best_quarter",
        "gain.best_half",
        "gain.best_three_quarters");
    put(
        smooth.over(curve.span()),
        "gain.smooth_tenth",
        "gain.smooth_quarter",
        "gain.smooth_half",
        "gain.smooth_three_quarters");
    Tensor then = whole.smooth(slots);
    Tensor smoothBefore = then.at(2).minus(then.at(3));
    put(bestHalf.over(best.at(3)), "log.best");
    put(smoothHalf.over(smoothHalf.abs().plus(smoothBefore.abs())), "log.smooth");
    put(bestHalf.times(done.log().negated()).times(LOG2_E).over(rise), "log.best_left");
    put(bestHalf.over(curve.noise()), "noise.best_half");
    put(smoothHalf.over(curve.noise()), "noise.smooth_half");
  }

  private void describeSlopes() {
    Tensor span = curve.span();
    Tensor perSpan = graph.constant(1.0).over(span);
    Tensor spanOverRise = span.over(curve.rise());
    Tensor left = curve.length().times(done.reciprocal().minus(1).max(0));
    LineFit recent = curve.fit(perSpan, 5, 10, 20);
    put(recent.slope().at(0), "slope.last_5");
    put(recent.t().at(0), "slope.last_5_t");
    put(recent.slope().at(1), "slope.last_10");
    put(recent.t().at(1), "slope.last_10_t");
    put(recent.slope().at(2), "slope.last_20");
    put(recent.t().at(2), "slope.last_20_t");
    put(recent.deviation().at(2).times(spanOverRise), "slope.last_20_deviation");
    put(recent.slope().at(2).times(left).times(spanOverRise), "slope.last_20_left");
    LineFit parts = whole.fit(whole.slots(.75, .5), perSpan);
    Tensor perValue = whole.stride().reciprocal();
    Tensor slopes = parts.slope().times(perValue);
    put(slopes.at(0).times(curve.length()), "slope.quarter");
    put(parts.t().at(0), "slope.quarter_t");
    put(slopes.at(1).times(curve.length()), "slope.half");
    put(parts.t().at(1), "slope.half_t");
    put(parts.deviation().at(1).times(spanOverRise), "slope.half_deviation");
    put(slopes.at(1).times(left).times(spanOverRise), "slope.half_left");
  }

  private void describeNoise() {
    Tensor noise = curve.noise();
    Tensor rise = curve.rise();
    Tensor aboveSmooth = curve.best().minus(curve.smooth());
    put(noise.over(rise), "noise.rise");
    put(noise.over(curve.span()), "noise.span");
    put(curve.best().minus(curve.best(5, 20)).over(noise), "noise.best_5", "noise.best_20");
    put(aboveSmooth.over(noise), "noise.above_smooth");
    put(aboveSmooth.over(rise), "noise.above_smooth_rise");
    put(curve.bestSmooth().minus(curve.smooth()).over(rise), "noise.fallen_smooth_rise");
    put(curve.turns(), "noise.turns");
    put(curve.autocorrelationOfSteps(graph.constant(1.0).over(curve.span())), "noise.autocorrelation");
  }

  private void describeAhead() {
    Tensor span = curve.span();
    Tensor rise = curve.rise();
    Tensor best = curve.best().minus(curve.last()).over(span);
    Tensor longer = done.reciprocal().max(1);
    Extrapolation ahead = Extrapolation.of(whole, curve.last(), graph.constant(1.0).over(span), longer);
    Tensor doubled = ahead.doubled().minus(best).times(span);
    Tensor planned = ahead.planned().minus(best).times(span);
    put(doubled.over(rise), "ahead.doubled");
    put(doubled.over(curve.noise()), "ahead.doubled_noise");
    put(planned.over(rise), "ahead.planned");
    put(planned.over(curve.noise()), "ahead.planned_noise");
    put(ahead.deviation().times(span).over(rise), "ahead.deviation");
    put(ahead.exponent(), "ahead.exponent");
    put(ahead.explained(), "ahead.explained");
  }

  private void describeTrain(TrainReports train) {
    Tensor span = curve.span();
    Tensor own = curve.trainSpan();
    Tensor half = whole.slots(.5);
    Tensor gainHalf = curve.train().minus(whole.train(half)).over(own);
    put(train.present().toDoubles(), "train.present");
    put(curve.train().minus(curve.train(5, 10)).over(own), "train.gain_5", "train.gain_10");
    put(gainHalf, "train.gain_half");
    put(gainHalf.minus(curve.smooth().minus(whole.smooth(half)).over(span)), "train.lead_half");
    put(curve.gap().over(span), "train.gap");
    put(curve.gapTrend().over(span), "train.gap_trend");
  }

  private void describePrior(Tensor earlierRuns, HistorySignals prior) {
    put(earlierRuns.plus(1).log(), FeatureExtractor.RUNS);
    put(prior.signals(), HistorySignals.names());
    put(prior.plans(), HistorySignals.planNames());
  }
}
