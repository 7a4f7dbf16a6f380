package io.stopcast.onnx;

import io.stopcast.feature.EarlierRun;
import java.util.List;
import java.util.stream.Stream;

/**
 * What became of the earlier runs that were near, in four senses of near: a row for each of them, of one column.
 *
 * @param distance of the sixth nearest
 * @param gain still to come
 * @param gainOver1 how many had more than a little to gain
 * @param gainOver5 how many had much to gain
 * @param above how many ended above the run
 * @param end where they ended, from the run's best on
 * @param gain1 gain over the next part of the way
 * @param gain2 over the next two
 * @param gain4 over the next four
 * @param gain8 over the next eight
 * @param exceed by how much those that ended above did
 */
record Neighbourhoods(
    Tensor distance,
    Tensor gain,
    Tensor gainOver1,
    Tensor gainOver5,
    Tensor above,
    Tensor end,
    Tensor gain1,
    Tensor gain2,
    Tensor gain4,
    Tensor gain8,
    Tensor exceed) {
  private static final List<String> GROUPS = List.of("prior.level_", "prior.prefix_", "prior.config_", "prior.both_");
  private static final List<String> SIGNALS =
      List.of(
          "distance", "gain", "gain_01", "gain_05", "above", "end", "gain_1", "gain_2", "gain_4", "gain_8", "exceed");

  private static final int CELLS = EarlierRun.CELLS;
  private static final double LITTLE = .01;
  private static final double MUCH = .05;
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
   * @param best the same in the metric's unit
   */
  static Neighbourhoods of(
      EarlierRuns runs, Tensor squares, Tensor values, Tensor value, Tensor column, Tensor best) {
    Graph graph = value.graph();
    Tensor nearest = squares.smallest(graph.constant(NEAREST).min(runs.count().toLongs()));
    Tensor square = nearest.at(graph.constant(-1L), 1).max(SMALLEST_BANDWIDTH * SMALLEST_BANDWIDTH);
    Weights weights = new Weights(squares.times(square.reciprocal()).squared().plus(1).reciprocal());

    Tensor finals = runs.finals();
    Tensor little = runs.scale().times(LITTLE);
    Tensor rest = finals.minus(runs.bests().at(column.toLongs()).flat()).toDoubles();
    Tensor ends = values.row(CELLS);
    return new Neighbourhoods(
        square.sqrt(),
        weights.gain(values, column, CELLS),
        weights.share(rest.above(little)),
        weights.share(rest.above(runs.scale().times(MUCH))),
        weights.share(finals.toDoubles().above(best.plus(little))),
        weights.mean(ends).minus(value),
        weights.gain(values, column, 1),
        weights.gain(values, column, 2),
        weights.gain(values, column, 4),
        weights.gain(values, column, 8),
        weights.mean(ends.minus(value).max(0)));
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

    Tensor share(Tensor which) {
      return mean(which.toDoubles());
    }

    /** Curves never fall: what is below 0 is rounding. */
    Tensor gain(Tensor values, Tensor column, int further) {
      Tensor now = sum(values.at(column.toLongs()).flat());
      Tensor then = sum(values.at(column.plus(further).min(CELLS).toLongs()).flat());
      return then.minus(now).max(0).times(perWeight());
    }
  }

  Tensor signals() {
    return Tensor.concat(
        1, List.of(distance, gain, gainOver1, gainOver5, above, end, gain1, gain2, gain4, gain8, exceed));
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
