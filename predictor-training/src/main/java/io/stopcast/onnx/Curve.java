package io.stopcast.onnx;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The objective's curve so far, with the exponential means along it.
 *
 * <p>Usable values are counted apart from points. Lists of them, too, have a place 0 that stands for the time before the first,
 * where everything is NaN, so that looking too far back finds NaN.
 */
final class Curve {
  /** How far back values are looked at. */
  private static final int LONGEST = 20;

  private static final double NOISE_FLOOR = 0x1p-20;
  private static final double SECOND_DIFFERENCE = 1.954;
  private static final double FAST = .5;
  private static final double MIDDLE = .2;
  private static final double SLOW = .07;
  private static final double NOISE = .1;
  private static final double TRAIN = .3;
  private static final double GAP_TREND = .1;

  /** The columns of what {@link #walk} carries along. */
  private static final int FAST_AT = 0;

  private static final int SMOOTH_AT = 1;
  private static final int SLOW_AT = 2;
  private static final int STEP_AT = 3;
  private static final int NOISE_AT = 4;
  private static final int TURNS_AT = 5;
  private static final int BLOCK_AT = 6;
  private static final int TRAIN_AT = 7;
  private static final int GAP_AT = 8;
  private static final int SLOW_GAP_AT = 9;
  private static final double[] WEIGHTS = {
    FAST, MIDDLE, SLOW, NOISE, NOISE, NOISE, 1, TRAIN, TRAIN, GAP_TREND
  };

  /** How many usable values must have come before the one that is the first of a mean. */
  private static final long[] STARTS = {0, 0, 0, 1, 2, 2, 0};

  private static final double[] SPAN_DELTAS = {.003, .01, .03, 0, 0};
  private static final double[] STEP_DELTAS = {0, 0, 0, 1, 3};


  private final Graph graph;
  private final Points points;
  private final Tensor kept;
  private final Tensor length;
  private final Tensor values;
  private final Tensor bests;
  private final Tensor means;
  private final Tensor countedAt;
  private final Tensor smoothAlongPoints;
  private final Tensor improved;
  private final Tensor trainAlongPoints;

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
    Tensor inBlock = ThinnedCurve.inBlock(ordinals).at(order);

    Tensor best = points.best().above(Double.NEGATIVE_INFINITY).choose(points.best(), unknown);
    bests = best.only(kept);
    Tensor spans = points.best().minus(points.worst());
    List<Tensor> walked = walk(inputs, counts, inBlock, spans);
    Tensor soFar = counts.toDoubles().runningSum(0);
    means = soFar.above(0).choose(walked.get(2), unknown);
    countedAt = walked.get(1);
    smoothAlongPoints = usable.choose(means.column(SMOOTH_AT), graph.constant(Double.NEGATIVE_INFINITY));
    improved =
        points
            .gains()
            .above(points.best().before(graph.constant(Double.NEGATIVE_INFINITY)))
            .and(order.above(graph.constant(1L)));
    trainAlongPoints = means.column(TRAIN_AT);
  }

  /** Returns which values counted, when, and the means after each point: the only walk, since one step needs the other. */
  private List<Tensor> walk(Tensor inputs, Tensor counts, Tensor inBlock, Tensor spans) {
    Tensor isBlock = graph.constant(isBlock());
    Tensor startsBlock = counts.and(isBlock).and(inBlock.asColumn().same(1));
    Tensor zero = graph.constant(0.0);
    Tensor one = graph.constant(1.0);
    Tensor soFar = counts.toDoubles().runningSum(0);
    Tensor weights = counts.choose(soFar.reciprocal().max(graph.constant(WEIGHTS)), zero);
    // A step that does not count leaves a mean as it is: its weight is zero, its input too, which may be NaN.
    List<Tensor> sequences =
        List.of(
            counts.choose(inputs, zero),
            weights,
            counts.and(isBlock).choose(inBlock.asColumn(), one),
            startsBlock.choose(zero, one),
            points.gains().asColumn(),
            spans.asColumn().times(graph.constant(SPAN_DELTAS)),
            points.numbers().asColumn());
    List<Tensor> start =
        List.of(
            graph.constant(new double[WEIGHTS.length]),
            graph.constant(filled(Double.NEGATIVE_INFINITY)),
            graph.constant(filled(Double.NaN)));
    List<Tensor> all =
        graph.scan(
            start,
            sequences,
            now -> {
              Tensor before = now.get(0);
              Tensor counted = now.get(1);
              Tensor base = before.times(now.get(6));
              Tensor moved = now.get(3).minus(base).times(now.get(4)).dividedBy(now.get(5));
              Tensor after = base.plus(moved);
              Tensor delta = now.get(8).plus(before.at(STEP_AT).times(graph.constant(STEP_DELTAS)));
              Tensor beats = now.get(7).above(counted.plus(delta));
              return new Graph.Advance(
                  List.of(after, beats.choose(now.get(7), counted), beats.choose(now.get(9), now.get(2))),
                  List.of(after));
            });
    return all.subList(1, 4);
  }

  private static boolean[] isBlock() {
    boolean[] is = new boolean[WEIGHTS.length];
    is[BLOCK_AT] = true;
    return is;
  }

  private static double[] filled(double value) {
    return DoubleStream.generate(() -> value).limit(SPAN_DELTAS.length).toArray();
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
    return points.usable().choose(points.gains(), graph.constant(Double.NEGATIVE_INFINITY)).whereLargest();
  }

  Tensor fast() {
    return mean(FAST_AT);
  }

  Tensor smooth() {
    return mean(SMOOTH_AT);
  }

  Tensor slow() {
    return mean(SLOW_AT);
  }

  Tensor bestSmooth() {
    return ifAny(smoothAlongPoints.largest());
  }

  /** The point at which the smoothed value was best. */
  Tensor bestSmoothAt() {
    return ifAny(smoothAlongPoints.whereLargest().toDoubles());
  }

  Tensor stepSize() {
    return mean(STEP_AT).max(span().times(NOISE_FLOOR));
  }

  Tensor noise() {
    return mean(NOISE_AT).max(span().times(NOISE_FLOOR));
  }

  Tensor turns() {
    return mean(TURNS_AT);
  }

  /** The points at which a value last counted, by min-delta. */
  Tensor countedAt() {
    return countedAt;
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
    return mean(GAP_AT);
  }

  Tensor gapTrend() {
    return mean(GAP_AT).minus(mean(SLOW_GAP_AT));
  }

  /** The smoothed training loss as a gain. */
  Tensor train() {
    return trainAlongPoints.last();
  }

  /** The same so many points ago. */
  Tensor train(long... pointsBack) {
    Tensor at = points.count().toLongs().minus(graph.constant(pointsBack)).max(graph.constant(0L));
    return trainAlongPoints.at(at);
  }

  /** Between the worst and the best smoothed training loss; minus infinity before the first. */
  Tensor trainSpan() {
    Tensor missing = trainAlongPoints.isNaN();
    Tensor highest = missing.choose(graph.constant(Double.NEGATIVE_INFINITY), trainAlongPoints).largest();
    Tensor lowest =
        missing.choose(graph.constant(Double.NEGATIVE_INFINITY), trainAlongPoints.negated()).largest().negated();
    return highest.minus(lowest);
  }

  ThinnedCurve whole() {
    return new ThinnedCurve(
        length,
        values,
        means.column(BLOCK_AT).only(kept),
        bests,
        means.column(SMOOTH_AT).only(kept),
        trainAlongPoints.only(kept));
  }

  private Tensor mean(int column) {
    return means.column(column).last();
  }

  /** NaN before the first usable value. */
  private Tensor ifAny(Tensor value) {
    return length.above(0).choose(value, Double.NaN);
  }
}
