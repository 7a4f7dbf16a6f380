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
    describeGains();
    describeSlopes();
    describeAhead();
    describeTrain(train);
    describePrior(earlierRuns, prior);
  }

  private void describeTime() {
    put(points.plus(1).log(), "time.log_points");
    put(done.log().negated(), "time.log_left");
  }

  private void describeSince() {
    Tensor best = points.minus(curve.bestAt());
    Tensor planned = done.dividedBy(points);
    put(best.dividedBy(points), "since.best_share");
    put(best.times(planned), "since.best_planned");
    put(points.minus(curve.countedAt()).times(planned), "since.span_01_planned");
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
    put(curve.best().minus(curve.last()).over(curve.stepSize()), "level.below_step");
  }

  private void describeGains() {
    Tensor rise = curve.rise();
    Tensor noise = curve.noise();
    Tensor slots = whole.slots(.9, .75, .5, .25);
    Tensor best = curve.best().minus(whole.best(slots));
    Tensor smooth = curve.smooth().minus(whole.smooth(slots));
    Tensor bestHalf = best.at(2);
    put(curve.last().minus(curve.valueBefore()).over(curve.span()), "gain.y_1");
    put(
        best.over(rise),
        "gain.best_tenth",
        "gain.best_quarter",
        "gain.best_half",
        "gain.best_three_quarters");
    put(smooth.at(1).over(curve.span()), "gain.smooth_quarter");
    put(bestHalf.times(done.log().negated()).times(LOG2_E).over(rise), "log.best_left");
    put(noise.over(curve.span()), "noise.span");
    put(curve.best().minus(curve.smooth()).over(noise), "noise.above_smooth");
    put(bestHalf.over(noise), "noise.best_half");
    put(smooth.at(2).over(noise), "noise.smooth_half");
  }

  private void describeSlopes() {
    Tensor span = curve.span();
    Tensor perSpan = graph.constant(1.0).over(span);
    Tensor spanOverRise = span.over(curve.rise());
    Tensor left = curve.length().times(done.reciprocal().minus(1).max(0));
    LineFit recent = curve.recent(perSpan);
    put(recent.deviation().times(spanOverRise), "slope.last_20_deviation");
    put(recent.slope().times(left).times(spanOverRise), "slope.last_20_left");
    LineFit parts = whole.fit(whole.slots(.75, .5), perSpan);
    Tensor slopes = parts.slope().times(whole.stride().reciprocal());
    put(slopes.at(0).times(curve.length()), "slope.quarter");
    put(slopes.at(1).times(curve.length()), "slope.half");
    put(parts.t().at(1), "slope.half_t");
    put(parts.deviation().at(1).times(spanOverRise), "slope.half_deviation");
    put(slopes.at(1).times(left).times(spanOverRise), "slope.half_left");
  }

  private void describeAhead() {
    Tensor span = curve.span();
    Tensor rise = curve.rise();
    Tensor best = curve.best().minus(curve.last()).over(span);
    Tensor longer = done.reciprocal().max(1);
    Extrapolation ahead = Extrapolation.of(whole, curve.last(), graph.constant(1.0).over(span), longer);
    put(ahead.doubled().minus(best).times(span).over(curve.noise()), "ahead.doubled_noise");
    put(ahead.planned().minus(best).times(span).over(rise), "ahead.planned");
    put(ahead.deviation().times(span).over(rise), "ahead.deviation");
    put(ahead.exponent(), "ahead.exponent");
  }

  private void describeTrain(TrainReports train) {
    Tensor span = curve.span();
    Tensor own = curve.trainSpan();
    put(train.present().toDoubles(), "train.present");
    put(curve.train().minus(curve.trainBefore()).over(own), "train.gain_5");
    put(curve.train().minus(whole.train(whole.slots(.5))).over(own), "train.gain_half");
    put(curve.gap().over(span), "train.gap");
    put(curve.gapTrend().over(span), "train.gap_trend");
  }

  private void describePrior(Tensor earlierRuns, HistorySignals prior) {
    put(earlierRuns.plus(1).log(), FeatureExtractor.RUNS);
    put(prior.signals(), HistorySignals.names());
    put(prior.plans(), HistorySignals.planNames());
  }
}
