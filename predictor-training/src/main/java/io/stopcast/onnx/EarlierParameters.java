package io.stopcast.onnx;

import io.stopcast.feature.EarlierRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The hyper-parameters of the task's earlier runs, a row for each parameter, a column for each run, the run itself
 * still among them.
 *
 * @param run the run's own parameters
 * @param names the numbers of the parameters' names
 * @param numbers NaN where a value is missing or a text
 * @param isNumber whether it is a number
 * @param texts the numbers of texts, -1 where a value is none
 * @param ranks for each number, how many are below and how many below or equal, together
 * @param isSelf which of the runs is this one
 */
record EarlierParameters(
    Own run, Tensor names, Tensor numbers, Tensor isNumber, Tensor texts, Tensor ranks, Tensor isSelf) {
  private static final long NO_NAME = -2;

  /**
   * What the run says of itself.
   *
   * @param names the numbers of the names
   * @param numbers NaN for texts
   * @param texts the numbers of the texts
   */
  record Own(Tensor names, Tensor numbers, Tensor texts) {
    static Own of(RunInputs in, List<String> names, List<String> texts) {
      Graph graph = in.parameterNames().graph();
      // One more that nobody has, so that no list is empty.
      return new Own(
          graph.positions(in.parameterNames(), names).followedBy(graph.constant(NO_NAME)),
          in.parameterNumbers().followedBy(graph.constant(Double.NaN)),
          graph.positions(in.parameterTexts(), texts).followedBy(graph.constant(-1L)));
    }
  }

  /** Distances to the other earlier runs, 0 to 1, and whether there is anything to compare, as one. */
  record Distances(Tensor each, Tensor any) {}

  /** One task's parameters: its names and a row for each. */
  private static final class Table {
    final List<Long> names = new ArrayList<>();
    final DoubleStream.Builder numbers = DoubleStream.builder();
    final List<Boolean> isNumber = new ArrayList<>();
    final LongStream.Builder texts = LongStream.builder();
    final DoubleStream.Builder ranks = DoubleStream.builder();

    void add(long name, List<Object> values, List<String> allTexts) {
      names.add(name);
      double[] all = values.stream().filter(Number.class::isInstance).mapToDouble(Table::number).toArray();
      for (Object value : values) {
        boolean is = value instanceof Number;
        double number = is ? number(value) : Double.NaN;
        isNumber.add(is);
        numbers.add(number);
        texts.add(is || value == null ? -1 : allTexts.indexOf((String) value));
        ranks.add(Arrays.stream(all).map(other -> (other < number ? 1 : 0) + (other <= number ? 1 : 0)).sum());
      }
    }

    private static double number(Object value) {
      return ((Number) value).doubleValue();
    }
  }

  static EarlierParameters of(RunInputs in, List<List<EarlierRun>> byTask, Tensor task, Tensor isSelf) {
    Graph graph = task.graph();
    List<String> names = sorted(all(byTask).flatMap(run -> run.parameters().keySet().stream()));
    List<String> texts =
        sorted(
            all(byTask)
                .flatMap(run -> run.parameters().values().stream())
                .filter(value -> !(value instanceof Number))
                .map(String.class::cast));
    Table table = new Table();
    List<Long> nameOffsets = new ArrayList<>(List.of(0L));
    List<Long> cellOffsets = new ArrayList<>(List.of(0L));
    long cells = 0;
    for (List<EarlierRun> runs : Stream.concat(byTask.stream(), Stream.of(List.<EarlierRun>of())).toList()) {
      // One more that nobody has, so that no table is empty.
      table.add(NO_NAME - 1, runs.stream().map(run -> null).toList(), texts);
      List<String> own = sorted(runs.stream().flatMap(run -> run.parameters().keySet().stream()));
      for (String name : own) {
        table.add(
            names.indexOf(name), Arrays.asList(runs.stream().map(run -> run.parameters().get(name)).toArray()), texts);
      }
      cells += (1L + own.size()) * runs.size();
      nameOffsets.add((long) table.names.size());
      cellOffsets.add(cells);
    }
    Tensor next = task.plus(graph.constant(1L));
    Tensor firstName = graph.constant(longs(nameOffsets)).at(task);
    Tensor afterNames = graph.constant(longs(nameOffsets)).at(next);
    Tensor firstCell = graph.constant(longs(cellOffsets)).at(task);
    Tensor afterCells = graph.constant(longs(cellOffsets)).at(next);
    Tensor shape = afterNames.minus(firstName).followedBy(isSelf.shape());
    boolean[] isNumber = new boolean[table.isNumber.size()];
    for (int i = 0; i < isNumber.length; i++) {
      isNumber[i] = table.isNumber.get(i);
    }
    return new EarlierParameters(
        Own.of(in, names, texts),
        graph.constant(longs(table.names)).slice(firstName, afterNames, 0),
        graph.constant(table.numbers.build().toArray()).slice(firstCell, afterCells, 0).reshaped(shape),
        graph.constant(isNumber).slice(firstCell, afterCells, 0).reshaped(shape),
        graph.constant(table.texts.build().toArray()).slice(firstCell, afterCells, 0).reshaped(shape),
        graph.constant(table.ranks.build().toArray()).slice(firstCell, afterCells, 0).reshaped(shape),
        isSelf);
  }

  private static Stream<EarlierRun> all(List<List<EarlierRun>> byTask) {
    return byTask.stream().flatMap(List::stream);
  }

  private static List<String> sorted(Stream<String> texts) {
    return List.copyOf(new TreeSet<>(texts.filter(Objects::nonNull).toList()));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /** Compares the run with the others, of which there must be one. */
  Distances distances() {
    Graph graph = names.graph();
    Tensor others = isSelf.not();
    Tensor matches = names.asColumn().same(run.names.asRow()).toDoubles();
    Tensor where = matches.whereLargest(1, false);
    Tensor has = matches.sum(1).above(0).asColumn();
    Tensor ownNumber = run.numbers.at(where).asColumn();
    Tensor ownText = run.texts.at(where).asColumn();
    Tensor ownIsNumber = ownNumber.isNaN().not();

    // The ranks are those among all runs: what the run itself adds to them goes.
    Tensor selfNumbers = numbers.only(isSelf, 1).with(1);
    Tensor own = atOrBelow(selfNumbers, numbers.with(2)).sum(2);
    Tensor ranked = ranks.minus(own).only(others, 1);

    Tensor otherNumbers = numbers.only(others, 1);
    Tensor numeric = isNumber.only(others, 1);
    Tensor otherTexts = texts.only(others, 1);
    Tensor twice = numeric.toDoubles().sum(1).times(2).asColumn();
    Tensor rank = ranked.dividedBy(twice);
    Tensor ownRank = atOrBelow(otherNumbers, ownNumber).sum(1).asColumn().dividedBy(twice);
    Tensor zero = graph.constant(0.0);
    Tensor one = graph.constant(1.0);
    Tensor isText = otherTexts.atLeast(graph.constant(0L));
    Tensor sameText = isText.and(otherTexts.same(ownText)).and(ownIsNumber.not());
    Tensor distance =
        numeric.and(ownIsNumber).choose(ownRank.minus(rank).abs(), sameText.choose(zero, one));
    Tensor known = numeric.or(isText);
    Tensor comparable = known.and(has);
    Tensor compared = comparable.toDoubles().sum(0);
    Tensor apart = comparable.choose(distance, zero).sum(0).dividedBy(compared);
    return new Distances(compared.same(0).choose(one, apart).toFloats().toDoubles(), comparable.toDoubles().sum(1).sum().above(0));
  }

  /** How many of two tests the pairs pass: that the one is below the other, and that it is not above. */
  private static Tensor atOrBelow(Tensor one, Tensor other) {
    return one.below(other).toDoubles().plus(one.atMost(other).toDoubles());
  }
}
