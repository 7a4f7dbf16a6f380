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
  private static final double LITTLE = .01;
  private static final double MUCH = .05;
  private static final double ROUNDING = 1e-9;
  private static final double SMALLEST_BANDWIDTH = 1e-3;
  private static final long NEAREST = 6;

  private static final double[] QUANTILES = {0, .25, .5, .75, .9, 1};

  private static final List<String> NEIGHBOURHOODS =
      List.of("prior.level_", "prior.prefix_", "prior.config_", "prior.both_");
  private static final List<String> NEIGHBOURHOOD_SIGNALS =
      List.of(
          "distance", "gain", "gain_01", "gain_05", "above", "end", "gain_1", "gain_2", "gain_4", "gain_8", "exceed");

  /** How far ahead gains are looked up, in cells. */
  private static final double[] AHEAD = {0, 1, 2, 4, 8, CELLS};

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
    Stream<String> near =
        NEIGHBOURHOODS.stream().flatMap(group -> NEIGHBOURHOOD_SIGNALS.stream().map(signal -> group + signal));
    return Stream.of(Stream.of("prior.progress", "prior.rank"), finals, near)
        .flatMap(names -> names)
        .toArray(String[]::new);
  }

  /** What {@link #plans} are. */
  static String[] planNames() {
    return NEIGHBOURHOODS.stream().map(group -> group + "plan").toArray(String[]::new);
  }

  private static Tensor unknown(Graph graph, String... names) {
    return graph.constant(Stream.of(names).mapToDouble(name -> Double.NaN).toArray());
  }

  private static List<Tensor> compare(Curve curve, EarlierRuns runs, Tensor price) {
    Graph graph = price.graph();
    Tensor count = runs.count();
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

    Tensor neighbourhoods = neighbourhoods(runs, squares, values, value, column, curve.best());
    Tensor known = isKnown.choose(neighbourhoods, Double.NaN);
    // The sign counts, that of a zero too.
    Tensor noBetter = level.below(0).or(level.reciprocal().below(0)).not().count();
    Tensor now = progress.last();
    Tensor signals = now.followedBy(noBetter.dividedBy(count), quantiles(runs).minus(value), known.flat());
    return List.of(signals, plans(known, now, price));
  }

  /** A row for each neighbourhood. */
  private static Tensor neighbourhoods(
      EarlierRuns runs, Tensor squares, Tensor values, Tensor value, Tensor column, Tensor best) {
    Graph graph = value.graph();
    Tensor nearest = squares.smallest(graph.constant(NEAREST).min(runs.count().toLongs()));
    Tensor square = nearest.at(graph.constant(-1L), 1).max(SMALLEST_BANDWIDTH * SMALLEST_BANDWIDTH);
    Tensor share = squares.times(square.reciprocal());
    Tensor weights = share.squared().plus(1).reciprocal();

    Tensor finals = runs.finals();
    Tensor scale = runs.scale();
    Tensor here = column.toLongs();
    Tensor rest = finals.minus(runs.bests().at(here).flat()).toDoubles();
    Tensor limit = best.plus(scale.times(LITTLE));
    Tensor isAbove = finals.toDoubles().above(limit).toDoubles();
    Tensor over5 = rest.above(scale.times(MUCH)).toDoubles();
    Tensor over1 = rest.above(scale.times(LITTLE)).toDoubles();
    Tensor over = values.row(CELLS).minus(value).max(0);
    Tensor ahead = values.at(column.plus(graph.constant(AHEAD)).min(CELLS).toLongs());
    Tensor summed = Tensor.concat(0, List.of(Tensor.rows(isAbove, over5, over1, over), ahead));
    Tensor sums = weights.product(summed.transposed());
    Tensor perWeight = weights.sum(1).asColumn().reciprocal();
    Tensor means = sums.times(perWeight);
    Tensor later = sums.at(graph.constant(9L, 5, 6, 7, 8), 1);
    Tensor gains = later.minus(sums.at(graph.constant(4L), 1)).max(0).times(perWeight);
    return Tensor.concat(
        1,
        List.of(
            square.sqrt(),
            gains.at(graph.constant(0L), 1),
            means.at(graph.constant(2L, 1, 0), 1),
            means.at(graph.constant(9L), 1).minus(value),
            gains.at(graph.constant(1L, 2, 3, 4), 1),
            means.at(graph.constant(3L), 1)));
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

  private static Tensor plans(Tensor neighbourhoods, Tensor progress, Tensor price) {
    Tensor left = progress.negated().plus(1).max(0);
    Tensor ofCell = price.dividedBy(CELLS);
    Tensor plan = neighbourhoods.column(1).minus(price.times(left));
    for (int i = 0; i < 4; i++) {
      plan = plan.max(neighbourhoods.column(6 + i).minus(ofCell.times(1 << i)));
    }
    return plan;
  }
}
