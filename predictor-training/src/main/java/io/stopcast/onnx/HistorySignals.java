package io.stopcast.onnx;

import io.stopcast.feature.EarlierRun;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What the task's earlier runs say of a run.
 *
 * @param signals all that does not depend on the price, but for the number of runs
 * @param plans what going on is worth at the price, by each of the neighbourhoods
 */
record HistorySignals(Tensor signals, Tensor plans) {
  private static final int CELLS = EarlierRun.CELLS;
  private static final double MEMORY = 0.85;
  private static final double PARAMETERS_AGAINST_CURVE = 1.5;
  private static final double ROUNDING = 1e-9;
  private static final double[] QUANTILES = {.25, .5, .75, .9, 1};

  static HistorySignals of(Curve curve, EarlierRuns runs, Tensor price) {
    Graph graph = price.graph();
    Tensor scale = runs.scale();
    Tensor comparable =
        scale.above(0).and(scale.below(Double.POSITIVE_INFINITY)).and(curve.length().above(0));
    List<Tensor> chosen =
        graph.choice(
            comparable,
            () -> compare(curve, runs, price),
            () -> List.of(unknown(graph, names()), unknown(graph, planNames())));
    return new HistorySignals(chosen.get(0), chosen.get(1));
  }

  /** Of a run whose task nobody has run before. */
  static HistorySignals none(Graph graph) {
    return new HistorySignals(unknown(graph, names()), unknown(graph, planNames()));
  }

  /** What {@link #signals} are. */
  static String[] names() {
    Stream<String> finals =
        DoubleStream.of(QUANTILES).mapToObj(quantile -> "prior.final_" + Math.round(100 * quantile));
    return Stream.of(Stream.of("prior.progress"), finals, Neighbourhoods.names())
        .flatMap(names -> names)
        .toArray(String[]::new);
  }

  /** What {@link #plans} are. */
  static String[] planNames() {
    return Neighbourhoods.planNames().toArray(String[]::new);
  }

  private static Tensor unknown(Graph graph, String... names) {
    return graph.constant(Stream.of(names).mapToDouble(name -> Double.NaN).toArray());
  }

  private static List<Tensor> compare(Curve curve, EarlierRuns runs, Tensor price) {
    Graph graph = price.graph();
    Tensor scale = runs.scale();
    Tensor top = runs.top();
    Tensor values = runs.bests().toDoubles().minus(top).dividedBy(scale);
    Tensor value = curve.best().minus(top).dividedBy(scale);

    Points points = curve.points();
    Tensor progress =
        points.done().isNaN().choose(points.numbers().dividedBy(runs.typicalPoints()), points.done());
    Tensor begun = points.best().above(Double.NEGATIVE_INFINITY);
    Tensor columns =
        begun.choose(progress.times(CELLS).plus(ROUNDING).floor().min(CELLS).max(0), -1);
    Tensor columnSoFar = columns.asRow().runningMax().row(0);
    Tensor column = columnSoFar.last();
    Tensor comesToNext = columns.above(columnSoFar.before(graph.constant(-1.0)));

    Tensor valuesThen = points.best().only(comesToNext).minus(top).dividedBy(scale);
    Tensor away = valuesThen.asColumn().minus(values.at(columns.only(comesToNext).toLongs()));
    Tensor ordinals = comesToNext.toDoubles().runningSum(0).only(comesToNext);
    Tensor remembered = graph.constant(MEMORY).power(comesToNext.count().minus(ordinals));
    Tensor apart = away.squared().times(remembered.asColumn()).sum(0);

    EarlierParameters.Distances parameters = runs.parameters().distances();
    Tensor level = value.minus(values.at(column.toLongs()).flat());
    Tensor squares =
        Tensor.rows(
            level.squared(),
            apart,
            parameters.each().squared(),
            apart.sqrt().plus(parameters.each().times(PARAMETERS_AGAINST_CURVE)).squared());
    Tensor isKnown = graph.constant(true, true, false, false).or(parameters.any()).asColumn();

    Neighbourhoods near = Neighbourhoods.of(runs, squares, values, value, column);
    Tensor now = progress.last();
    Tensor left = now.negated().plus(1).max(0);
    Tensor signals =
        now.followedBy(quantiles(runs).minus(value), isKnown.choose(near.signals(), Double.NaN).flat());
    return List.of(signals, isKnown.choose(near.plans(price, left), Double.NaN).flat());
  }

  private static Tensor quantiles(EarlierRuns runs) {
    Graph graph = runs.graph();
    Tensor most = runs.count().minus(1);
    Tensor at = graph.constant(QUANTILES).times(most);
    Tensor below = at.floor();
    Tensor above = below.plus(1).min(most);
    Tensor low = runs.finals().at(below.toLongs());
    Tensor high = runs.finals().at(above.toLongs());
    Tensor finals = low.toDoubles().plus(at.minus(below).times(high.minus(low).toDoubles()));
    return finals.minus(runs.top()).dividedBy(runs.scale());
  }
}
