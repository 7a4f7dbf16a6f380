package io.stopcast.onnx;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The exponential means after each point, a column each, and the point at which a value last counted: all that needs the
 * step before and therefore walks over the points.
 *
 * @param all NaN until a mean has its first value
 * @param countedAt NaN until there is one
 */
record Means(Tensor all, Tensor countedAt) {
  /** By how much a value must beat the last that counted, as a share of the span. */
  private static final double MIN_DELTA = .01;

  /** What there is a mean of, in the order of the columns. */
  enum Kind {
    SMOOTH(.2),
    STEP(.1),
    NOISE(.1),
    /** The plain mean of a block of values, each of which starts anew. */
    BLOCK(1),
    TRAIN(.3),
    GAP(.3),
    SLOW_GAP(.1);

    private final double weight;

    Kind(double weight) {
      this.weight = weight;
    }

    private static double[] weights() {
      return Stream.of(values()).mapToDouble(kind -> kind.weight).toArray();
    }

    private static boolean[] isBlock() {
      boolean[] is = new boolean[values().length];
      is[BLOCK.ordinal()] = true;
      return is;
    }
  }

  /**
   * Walks over the points.
   *
   * @param values what goes into the means, a row for each point
   * @param counts which of them do; the others may be anything
   * @param inBlock where in its block each point's value stands, from 1
   */
  static Means of(Points points, Tensor values, Tensor counts, Tensor inBlock) {
    Graph graph = points.graph();
    Tensor zero = graph.constant(0.0);
    Tensor one = graph.constant(1.0);
    Tensor soFar = counts.toDoubles().runningSum(0);
    Tensor ofBlock = counts.and(graph.constant(Kind.isBlock()));
    Tensor place = inBlock.asColumn();
    Tensor spans = points.best().minus(points.worst()).asColumn();
    // What does not count leaves a mean as it is: its weight is zero, its value too, which may be NaN.
    List<Tensor> sequences =
        List.of(
            counts.choose(values, zero),
            counts.choose(soFar.reciprocal().max(graph.constant(Kind.weights())), zero),
            ofBlock.choose(place, one),
            ofBlock.and(place.same(1)).choose(zero, one),
            points.gains().asColumn(),
            spans.times(MIN_DELTA),
            points.numbers().asColumn());
    List<Tensor> start =
        List.of(
            graph.constant(new double[Kind.values().length]),
            graph.constant(Double.NEGATIVE_INFINITY),
            graph.constant(Double.NaN));
    List<Tensor> walked =
        graph.scan(
            start,
            sequences,
            (state, step) -> {
              Tensor before = state.get(0);
              Tensor base = before.times(step.get(3));
              Tensor after = base.plus(step.get(0).minus(base).times(step.get(1)).dividedBy(step.get(2)));
              Tensor gain = step.get(4);
              Tensor counted = state.get(1);
              Tensor beats = gain.above(counted.plus(step.get(5)));
              return new Graph.Advance(
                  List.of(after, beats.choose(gain, counted), beats.choose(step.get(6), state.get(2))),
                  List.of(after));
            });
    return new Means(soFar.above(0).choose(walked.get(3), Double.NaN), walked.get(2));
  }

  /** A mean after each point. */
  Tensor of(Kind kind) {
    return all.column(kind.ordinal());
  }

  /** A mean after the last point, as one. */
  Tensor last(Kind kind) {
    return of(kind).last();
  }
}
