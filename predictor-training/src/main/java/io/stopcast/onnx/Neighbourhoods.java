package io.stopcast.onnx;

import io.stopcast.feature.EarlierRun;
import java.util.List;
import java.util.stream.Stream;

/**
 * What became of the earlier runs that were near, in four senses of near: a row for each of them, of one column.
 *
 * @param distance of the sixth nearest
 * @param gain still to come
 * @param gain1 gain over the next part of the way
 * @param gain2 over the next two
 * @param gain4 over the next four
 * @param gain8 over the next eight
 * @param exceed by how much those that ended above did
 */
record Neighbourhoods(
    Tensor distance,
    Tensor gain,
    Tensor gain1,
    Tensor gain2,
    Tensor gain4,
    Tensor gain8,
    Tensor exceed) {
  private static final List<String> GROUPS = List.of("prior.level_", "prior.prefix_", "prior.config_", "prior.both_");
  private static final List<String> SIGNALS = List.of("distance", "exceed");

  private static final int CELLS = EarlierRun.CELLS;
  private static final double SMALLEST_BANDWIDTH = 1e-3;
  private static final long NEAREST = 6;

  /** What {@link #signals} are, row by row. */
  static Stream<String> names() {
    return GROUPS.stream().flatMap(group -> SIGNALS.stream().map(signal -> group + signal));
  }

  /** What {@link #plans} are. */
  static Stream<String> planNames() {
    return GROUPS.stream().map(group -> group + "plan");
  }

  /**
   * Looks around.
   *
   * @param squares the squared distances to the runs, a row for each sense
   * @param values what the runs had, in units of the task, a row for each column of the way
   * @param value the run's best in the same units
   * @param column how far the run is
   */
  static Neighbourhoods of(EarlierRuns runs, Tensor squares, Tensor values, Tensor value, Tensor column) {
    Graph graph = value.graph();
    Tensor nearest = squares.smallest(graph.constant(NEAREST).min(runs.count().toLongs()));
    Tensor square = nearest.at(graph.constant(-1L), 1).max(SMALLEST_BANDWIDTH * SMALLEST_BANDWIDTH);
    Weights weights = new Weights(squares.times(square.reciprocal()).squared().plus(1).reciprocal());

    return new Neighbourhoods(
        square.sqrt(),
        weights.gain(values, column, CELLS),
        weights.gain(values, column, 1),
        weights.gain(values, column, 2),
        weights.gain(values, column, 4),
        weights.gain(values, column, 8),
        weights.mean(values.row(CELLS).minus(value).max(0)));
  }

  /** How much each run counts, a row for each sense. */
  private record Weights(Tensor all) {
    Tensor sum(Tensor of) {
      return all.product(of.asColumn());
    }

    Tensor perWeight() {
      return all.sum(1).asColumn().reciprocal();
    }

    Tensor mean(Tensor of) {
      return sum(of).times(perWeight());
    }

    /** Curves never fall: what is below 0 is rounding. */
    Tensor gain(Tensor values, Tensor column, int further) {
      Tensor now = sum(values.at(column.toLongs()).flat());
      Tensor then = sum(values.at(column.plus(further).min(CELLS).toLongs()).flat());
      return then.minus(now).max(0).times(perWeight());
    }
  }

  Tensor signals() {
    return Tensor.concat(1, List.of(distance, exceed));
  }

  /**
   * What the best fixed plan to go on is worth: gain less the price of the way to it.
   *
   * @param left the share of the way that is left
   */
  Tensor plans(Tensor price, Tensor left) {
    Tensor ofCell = price.dividedBy(CELLS);
    return gain.minus(price.times(left))
        .max(gain1.minus(ofCell))
        .max(gain2.minus(ofCell.times(2)))
        .max(gain4.minus(ofCell.times(4)))
        .max(gain8.minus(ofCell.times(8)));
  }
}
