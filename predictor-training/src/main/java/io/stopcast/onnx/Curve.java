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
  /** How far back values are looked at. */
  private static final int LONGEST = 20;

  private static final double NOISE_FLOOR = 0x1p-20;
  private static final double SECOND_DIFFERENCE = 1.954;

  /** How many usable values must have come before the one that is the first of each mean along the curve. */
  private static final long[] STARTS = {0, 0, 0, 1, 2, 2, 0};

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
    Tensor turns = steps.sign().times(stepsBefore.sign()).below(0).toDoubles();
    Tensor noises = steps.minus(stepsBefore).abs().dividedBy(SECOND_DIFFERENCE);
    Tensor alongCurve =
        Tensor.columns(values, values, values, steps.abs(), noises, turns, values).at(order);
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

  Tensor fast() {
    return means.last(Kind.FAST);
  }

  Tensor smooth() {
    return means.last(Kind.SMOOTH);
  }

  Tensor slow() {
    return means.last(Kind.SLOW);
  }

  Tensor bestSmooth() {
    return ifAny(smoothAlongPoints().largest());
  }

  /** The point at which the smoothed value was best. */
  Tensor bestSmoothAt() {
    return ifAny(smoothAlongPoints().whereLargest().toDoubles());
  }

  private Tensor smoothAlongPoints() {
    return points.usable().choose(means.of(Kind.SMOOTH), Double.NEGATIVE_INFINITY);
  }

  Tensor stepSize() {
    return means.last(Kind.STEP).max(span().times(NOISE_FLOOR));
  }

  Tensor noise() {
    return means.last(Kind.NOISE).max(span().times(NOISE_FLOOR));
  }

  Tensor turns() {
    return means.last(Kind.TURNS);
  }

  /** The points at which a value last counted, by min-delta. */
  Tensor countedAt() {
    return means.countedAt();
  }

  /** Whether a point improved on a value before. */
  Tensor improved() {
    return improved;
  }

  /** Values so many values ago. */
  Tensor value(long... back) {
    return lookBack(values, back);
  }

  /** The best so far so many values ago. */
  Tensor best(long... back) {
    return lookBack(bests, back);
  }

  /** Fits lines through the newest values, so many for each line, in units of {@code 1/perUnit}. */
  LineFit fit(Tensor perUnit, int... counts) {
    double[][] x = new double[counts.length][LONGEST];
    boolean[] inside = new boolean[counts.length * LONGEST];
    for (int line = 0; line < counts.length; line++) {
      for (int back = 0; back < LONGEST; back++) {
        x[line][back] = Math.max(0, counts[line] - 1 - back);
        inside[line * LONGEST + back] = back < counts[line];
      }
    }
    Tensor newest = value(LongStream.range(0, LONGEST).toArray());
    Tensor v = newest.minus(last()).times(perUnit);
    Tensor within = graph.constant(inside).reshaped(graph.constant((long) counts.length, LONGEST));
    return LineFit.of(
        graph.constant(IntStream.of(counts).asDoubleStream().toArray()), within.choose(v, 0), graph.constant(x));
  }

  /** The lag-1 autocorrelation of the newest steps; NaN for fewer than five or where they are all the same. */
  Tensor autocorrelationOfSteps(Tensor perUnit) {
    Tensor newest = value(LongStream.rangeClosed(0, LONGEST).toArray());
    Tensor count = length.min(LONGEST + 1).minus(1);
    Tensor mean = last().minus(newest.at(count.max(0).toLongs())).times(perUnit).dividedBy(count);
    Tensor steps =
        newest
            .slice(graph.constant(0L), graph.constant((long) LONGEST), 0)
            .minus(newest.slice(graph.constant(1L), graph.constant(LONGEST + 1L), 0));
    Tensor back = graph.constant(LongStream.range(0, LONGEST).asDoubleStream().toArray());
    Tensor differences = back.below(count).choose(steps.times(perUnit).minus(mean), 0);
    Tensor squares = differences.squared().sumInOrder(0);
    Tensor products = differences.times(differences.before(graph.constant(0.0))).sumInOrder(0);
    // Below this the differences of a straight line are rounding errors.
    Tensor tells = count.atLeast(5).and(squares.above(1e-18));
    return tells.choose(products.dividedBy(squares), Double.NaN);
  }

  private Tensor lookBack(Tensor in, long... back) {
    return in.at(length.toLongs().minus(graph.constant(back)).max(graph.constant(0L)));
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

  /** The same so many points ago. */
  Tensor train(long... pointsBack) {
    Tensor at = points.count().toLongs().minus(graph.constant(pointsBack)).max(graph.constant(0L));
    return means.of(Kind.TRAIN).at(at);
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
