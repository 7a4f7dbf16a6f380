package io.stopcast.onnx;

import io.stopcast.onnx.Means.Kind;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The objective's curve so far, with the exponential means along it.
 *
 * <p>Usable values are counted apart from points. Lists of them, too, have a place 0 that stands for the time before
 * the first, where everything is NaN, so that looking too far back finds NaN.
 */
final class Curve {
  /** How many of the newest values a line is drawn through. */
  private static final int RECENT = 20;

  private static final double NOISE_FLOOR = 0x1p-20;
  private static final double SECOND_DIFFERENCE = 1.954;

  /** How many usable values must have come before the one that is the first of each mean along the curve. */
  private static final long[] STARTS = {0, 1, 2, 0};

  private final Graph graph;
  private final Points points;
  private final Tensor kept;
  private final Tensor length;
  private final Tensor values;
  private final Tensor bests;
  private final Means means;
  private final Tensor improved;

  Curve(Points points, TrainReports train) {
    this.points = points;
    graph = points.graph();
    Tensor usable = points.usable();
    Tensor order = usable.toLongs().runningSum(0);
    length = order.toDoubles().last();
    kept = usable.or(points.numbers().same(0));
    values = points.gains().only(kept);
    Tensor ordinals = order.toDoubles().only(kept);

    Tensor unknown = graph.constant(Double.NaN);
    Tensor steps = values.minus(values.before(unknown));
    Tensor stepsBefore = steps.before(unknown);
    Tensor noises = steps.minus(stepsBefore).abs().dividedBy(SECOND_DIFFERENCE);
    Tensor alongCurve = Tensor.columns(values, steps.abs(), noises, values).at(order);
    Tensor inputs =
        Tensor.concat(1, List.of(alongCurve, Tensor.columns(train.losses(), train.gaps(), train.gaps())));
    Tensor counts =
        Tensor.concat(
            1,
            List.of(
                usable.asColumn().and(order.asColumn().above(graph.constant(STARTS))),
                Tensor.columns(train.hasLoss(), train.hasGap(), train.hasGap())));
    means = Means.of(points, inputs, counts, ThinnedCurve.inBlock(ordinals).at(order));

    Tensor never = graph.constant(Double.NEGATIVE_INFINITY);
    bests = points.best().above(never).choose(points.best(), unknown).only(kept);
    improved = points.gains().above(points.best().before(never)).and(order.above(graph.constant(1L)));
  }

  Points points() {
    return points;
  }

  /** How many usable values there are, as one. */
  Tensor length() {
    return length;
  }

  Tensor last() {
    return values.last();
  }

  /** The first of the best values as it was reported: a later one may be a zero of the other sign. */
  Tensor best() {
    return points.reported().at(firstBest());
  }

  Tensor first() {
    return values.at(length.min(1).toLongs());
  }

  Tensor span() {
    return best().minus(points.worst().last());
  }

  Tensor rise() {
    return best().minus(first());
  }

  /** The point at which the best value came. */
  Tensor bestAt() {
    return ifAny(firstBest().toDoubles());
  }

  private Tensor firstBest() {
    return points.usable().choose(points.gains(), Double.NEGATIVE_INFINITY).whereLargest();
  }

  Tensor smooth() {
    return means.last(Kind.SMOOTH);
  }

  Tensor stepSize() {
    return means.last(Kind.STEP).max(span().times(NOISE_FLOOR));
  }

  Tensor noise() {
    return means.last(Kind.NOISE).max(span().times(NOISE_FLOOR));
  }

  /** The point of the last value that beat the one that counted before it. */
  Tensor countedAt() {
    return means.countedAt();
  }

  /** Whether a point improved on a value before. */
  Tensor improved() {
    return improved;
  }

  /** The value before the last. */
  Tensor valueBefore() {
    return lookBack(1);
  }

  /** Fits a line through the newest values, in units of {@code 1/perUnit}; NaN if there are not enough. */
  LineFit recent(Tensor perUnit) {
    double[] x = LongStream.range(0, RECENT).mapToDouble(back -> RECENT - 1 - back).toArray();
    Tensor v = lookBack(LongStream.range(0, RECENT).toArray()).minus(last()).times(perUnit);
    return LineFit.of(graph.constant((double) RECENT), v.asRow(), graph.constant(x).asRow());
  }

  private Tensor lookBack(long... back) {
    return values.at(length.toLongs().minus(graph.constant(back)).max(graph.constant(0L)));
  }

  Tensor gap() {
    return means.last(Kind.GAP);
  }

  Tensor gapTrend() {
    return means.last(Kind.GAP).minus(means.last(Kind.SLOW_GAP));
  }

  /** The smoothed training loss as a gain. */
  Tensor train() {
    return means.of(Kind.TRAIN).last();
  }

  /** The same five points ago. */
  Tensor trainBefore() {
    return means.of(Kind.TRAIN).at(points.count().toLongs().minus(graph.constant(5L)).max(graph.constant(0L)));
  }

  /** Between the worst and the best smoothed training loss; minus infinity before the first. */
  Tensor trainSpan() {
    Tensor all = means.of(Kind.TRAIN);
    Tensor known = all.isNaN().not();
    Tensor highest = known.choose(all, Double.NEGATIVE_INFINITY).largest();
    Tensor lowest = known.choose(all.negated(), Double.NEGATIVE_INFINITY).largest().negated();
    return highest.minus(lowest);
  }

  ThinnedCurve whole() {
    return new ThinnedCurve(
        length,
        values,
        means.of(Kind.BLOCK).only(kept),
        bests,
        means.of(Kind.SMOOTH).only(kept),
        means.of(Kind.TRAIN).only(kept));
  }

  /** NaN before the first usable value. */
  private Tensor ifAny(Tensor value) {
    return length.above(0).choose(value, Double.NaN);
  }
}
