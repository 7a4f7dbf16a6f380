package io.stopcast.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A value of a {@link Graph}, with the arithmetic on it: each method adds a node. Numbers are double unless said
 * otherwise, and of two shapes the smaller is repeated. What is called <i>one</i> is a list of one number.
 */
record Tensor(Graph graph, String name, Element element) {
  Tensor plus(Tensor other) {
    return arithmetic("Add", other);
  }

  Tensor plus(double other) {
    return plus(graph.constant(other));
  }

  Tensor minus(Tensor other) {
    return arithmetic("Sub", other);
  }

  Tensor minus(double other) {
    return minus(graph.constant(other));
  }

  Tensor times(Tensor other) {
    return arithmetic("Mul", other);
  }

  Tensor times(double other) {
    return times(graph.constant(other));
  }

  Tensor dividedBy(Tensor other) {
    return arithmetic("Div", other);
  }

  Tensor dividedBy(double other) {
    return dividedBy(graph.constant(other));
  }

  /** The quotient, NaN unless the divisor is a normal positive number. */
  Tensor over(Tensor divisor) {
    return divisor.atLeast(Double.MIN_NORMAL).choose(dividedBy(divisor), graph.constant(Double.NaN));
  }

  /** The larger one, NaN if either is. */
  Tensor max(Tensor other) {
    return arithmetic("Max", other);
  }

  Tensor max(double other) {
    return max(graph.constant(other));
  }

  Tensor min(Tensor other) {
    return arithmetic("Min", other);
  }

  Tensor min(double other) {
    return min(graph.constant(other));
  }

  Tensor power(Tensor exponent) {
    return arithmetic("Pow", exponent);
  }

  Tensor squared() {
    return times(this);
  }

  Tensor negated() {
    return function("Neg");
  }

  Tensor abs() {
    return function("Abs");
  }

  Tensor sqrt() {
    return function("Sqrt");
  }

  Tensor log() {
    return function("Log");
  }

  Tensor exp() {
    return function("Exp");
  }

  Tensor floor() {
    return function("Floor");
  }

  Tensor reciprocal() {
    return graph.constant(1.0).dividedBy(this);
  }

  Tensor isNaN() {
    return graph.node("IsNaN", Element.BOOLEAN, List.of(this));
  }

  Tensor above(Tensor other) {
    return comparison("Greater", other);
  }

  Tensor above(double other) {
    return above(graph.constant(other));
  }

  Tensor below(Tensor other) {
    return comparison("Less", other);
  }

  Tensor below(double other) {
    return below(graph.constant(other));
  }

  Tensor atLeast(Tensor other) {
    return comparison("GreaterOrEqual", other);
  }

  Tensor atLeast(double other) {
    return atLeast(graph.constant(other));
  }

  Tensor atMost(Tensor other) {
    return comparison("LessOrEqual", other);
  }

  Tensor atMost(double other) {
    return atMost(graph.constant(other));
  }

  Tensor same(Tensor other) {
    return comparison("Equal", other);
  }

  Tensor same(double other) {
    return same(graph.constant(other));
  }

  Tensor and(Tensor other) {
    return comparison("And", other);
  }

  Tensor or(Tensor other) {
    return comparison("Or", other);
  }

  Tensor not() {
    return graph.node("Not", Element.BOOLEAN, List.of(this));
  }

  /** Where this is true the one, else the other. */
  Tensor choose(Tensor then, Tensor otherwise) {
    return graph.node("Where", then.element, List.of(this, then, otherwise));
  }

  Tensor choose(Tensor then, double otherwise) {
    return choose(then, graph.constant(otherwise));
  }

  Tensor toDoubles() {
    return cast(Element.DOUBLE);
  }

  Tensor toFloats() {
    return cast(Element.FLOAT);
  }

  /** Whole numbers, rounded towards zero. */
  Tensor toLongs() {
    return cast(Element.LONG);
  }

  private Tensor cast(Element to) {
    return to == element ? this : graph.node("Cast", to, List.of(this), Attributes.of("to", to.number()));
  }

  /** What lies at these positions of a dimension. */
  Tensor at(Tensor positions, int dimension) {
    return graph.node("Gather", element, List.of(this, positions), Attributes.of("axis", dimension));
  }

  /** What lies at these positions. */
  Tensor at(Tensor positions) {
    return at(positions, 0);
  }

  Tensor at(long... positions) {
    return at(graph.constant(positions));
  }

  /** The last element, as one. */
  Tensor last() {
    return at(-1);
  }

  Tensor row(long i) {
    return at(graph.scalar(i), 0);
  }

  Tensor column(long i) {
    return at(graph.scalar(i), 1);
  }

  /** From a position of a dimension to before another. */
  Tensor slice(Tensor from, Tensor to, int dimension) {
    return graph.node("Slice", element, List.of(this, from, to, graph.constant((long) dimension)));
  }

  /** Each element's predecessor; {@code first}, which is one, for the first. */
  Tensor before(Tensor first) {
    return first.followedBy(slice(graph.constant(0L), graph.constant(-1L), 0));
  }

  /** What is true in {@code which} along a dimension. */
  Tensor only(Tensor which, int dimension) {
    return graph.node("Compress", element, List.of(this, which), Attributes.of("axis", dimension));
  }

  Tensor only(Tensor which) {
    return only(which, 0);
  }

  /** The same with another dimension, of size one, at a place. */
  Tensor with(int dimension) {
    return graph.node("Unsqueeze", element, List.of(this, graph.constant((long) dimension)));
  }

  /** A list as a matrix of one column. */
  Tensor asColumn() {
    return with(1);
  }

  /** A list as a matrix of one row. */
  Tensor asRow() {
    return with(0);
  }

  Tensor reshaped(Tensor shape) {
    return graph.node("Reshape", element, List.of(this, shape), Attributes.of("allowzero", 1));
  }

  /** All elements in a row. */
  Tensor flat() {
    return reshaped(graph.constant(-1L));
  }

  /** One as a number without a dimension. */
  Tensor withoutDimension() {
    return reshaped(graph.constant(new long[0]));
  }


  Tensor shape() {
    return graph.node("Shape", Element.LONG, List.of(this));
  }

  Tensor followedBy(Tensor... others) {
    return concat(0, Stream.concat(Stream.of(this), Stream.of(others)).toList());
  }

  static Tensor concat(int dimension, List<Tensor> parts) {
    Tensor first = parts.get(0);
    return first.graph.node("Concat", first.element, parts, Attributes.of("axis", dimension));
  }

  /** Lists side by side. */
  static Tensor columns(Tensor... lists) {
    return concat(1, Stream.of(lists).map(Tensor::asColumn).toList());
  }

  /** Lists below one another. */
  static Tensor rows(Tensor... lists) {
    return concat(0, Stream.of(lists).map(Tensor::asRow).toList());
  }

  /** The running sum along a dimension, each term added to the sum of those before. */
  Tensor runningSum(int dimension) {
    return graph.node("CumSum", element, List.of(this, graph.scalar(dimension)));
  }

  /** The sum of a list or of each row, as the plain loop has it: where terms cancel, their order shows. */
  Tensor sumInOrder(int dimension) {
    return runningSum(dimension).at(graph.scalar(-1), dimension);
  }

  Tensor sum(int dimension) {
    return graph.node(
        "ReduceSum", element, List.of(this, graph.constant((long) dimension)), Attributes.of("keepdims", 0));
  }

  /** The sum of a list, as one. */
  Tensor sum() {
    return graph.node("ReduceSum", element, List.of(this, graph.constant(0L)), Attributes.of("keepdims", 1));
  }

  /** How many are true, as one. */
  Tensor count() {
    return toDoubles().sum();
  }

  /** The largest of a list, as one. */
  Tensor largest() {
    return graph.node(
        "ReduceMax",
        element,
        List.of(this),
        Attributes.longs("axes", List.of(0L)),
        Attributes.of("keepdims", 1));
  }

  /** Where the largest of a list, the first if it is there more than once, lies, as one. */
  Tensor whereLargest() {
    return whereLargest(0, true);
  }

  Tensor whereLargest(int dimension, boolean keep) {
    return graph.node(
        "ArgMax",
        Element.LONG,
        List.of(this),
        Attributes.of("axis", dimension),
        Attributes.of("keepdims", keep ? 1 : 0));
  }

  /** The smallest ones of the last dimension, ascending. */
  Tensor smallest(Tensor howMany) {
    return graph
        .node(
            "TopK",
            List.of(element, Element.LONG),
            List.of(this, howMany),
            Attributes.of("axis", -1),
            Attributes.of("largest", 0))
        .get(0);
  }

  Tensor product(Tensor matrix) {
    return arithmetic("MatMul", matrix);
  }

  /** For each row of a matrix the largest so far. */
  Tensor runningMax() {
    Tensor width = shape().at(1);
    Tensor positions = graph.constant(1L).expandedTo(width).runningSum(0).minusOne();
    List<Tensor> start = new ArrayList<>(List.of(this, graph.constant(1L)));
    return graph
        .loop(
            graph.constant((long) Long.SIZE),
            start,
            state -> state.get(1).below(width),
            state -> {
              Tensor distance = state.get(1);
              Tensor from = positions.minus(distance).max(graph.constant(0L));
              return List.of(state.get(0).max(state.get(0).at(from, 1)), distance.plus(distance));
            })
        .get(0);
  }

  Tensor expandedTo(Tensor shape) {
    return graph.node("Expand", element, List.of(this, shape));
  }

  private Tensor minusOne() {
    return minus(graph.constant(1L));
  }

  private Tensor arithmetic(String operator, Tensor other) {
    if (element != other.element) {
      throw new IllegalArgumentException("%s of %s and %s".formatted(operator, element, other.element));
    }
    return graph.node(operator, element, List.of(this, other));
  }

  private Tensor comparison(String operator, Tensor other) {
    if (element != other.element) {
      throw new IllegalArgumentException("%s of %s and %s".formatted(operator, element, other.element));
    }
    return graph.node(operator, Element.BOOLEAN, List.of(this, other));
  }

  private Tensor function(String operator) {
    return graph.node(operator, element, List.of(this));
  }
}
