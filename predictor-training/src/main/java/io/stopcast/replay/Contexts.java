package io.stopcast.replay;

import io.stopcast.policy.Condition;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The contexts that a list of runs falls into: all runs, below that those with each value of a first fact, below each of these those with
 * each value of a second one, and so on.
 *
 * <p>Facts are those of {@link Condition}. A fact that is a number in all runs that know it, and has more than a few values, is cut into
 * quarters, in which tasks weigh the same. A run of which a fact is not known is passed on to the next fact as if it had not been asked.
 *
 * @param nodes contexts, every one behind the one that it lies in; the first is that of all runs
 * @param paths for each run the contexts that it lies in, from that of all runs down to its own
 */
record Contexts(List<Node> nodes, int[][] paths) {
  /** With no more values than this a number is taken for a name. */
  private static final int FEW_VALUES = 4;

  private static final int RANGES = 4;

  /**
   * One context.
   *
   * @param parent in which it lies; -1 for that of all runs
   * @param level how many facts lead to it, 0 for that of all runs
   * @param when what holds of a run in it
   */
  record Node(int parent, int level, List<Condition> when) {}

  static Contexts of(List<ScoredRun> runs, List<String> facts) {
    List<Node> nodes = new ArrayList<>(List.of(new Node(-1, 0, List.of())));
    int[][] paths = new int[runs.size()][1];
    for (int level = 1; level <= facts.size(); level++) {
      Map<List<Object>, Integer> known = new HashMap<>();
      List<Condition> values = conditions(runs, facts.get(level - 1));
      for (int r = 0; r < paths.length; r++) {
        Condition value = values.get(r);
        if (value == null) {
          continue;
        }
        int parent = paths[r][paths[r].length - 1];
        Integer node = known.get(List.of(parent, value));
        if (node == null) {
          List<Condition> when = new ArrayList<>(nodes.get(parent).when());
          when.add(value);
          node = nodes.size();
          nodes.add(new Node(parent, level, List.copyOf(when)));
          known.put(List.of(parent, value), node);
        }
        paths[r] = Arrays.copyOf(paths[r], paths[r].length + 1);
        paths[r][paths[r].length - 1] = node;
      }
    }
    return new Contexts(List.copyOf(nodes), paths);
  }

  /** For each run what holds of it; null where the fact is not known. */
  private static List<Condition> conditions(List<ScoredRun> runs, String fact) {
    List<Object> values = new ArrayList<>();
    runs.forEach(run -> values.add(Condition.value(run.run().context(), fact)));
    int[] known = IntStream.range(0, runs.size()).filter(r -> values.get(r) != null).toArray();
    boolean isNumber = Arrays.stream(known).allMatch(r -> values.get(r) instanceof Number);
    boolean isCut = isNumber && Arrays.stream(known).mapToObj(values::get).distinct().count() > FEW_VALUES;
    double[] cuts = isCut ? cuts(runs, known, values) : new double[0];
    List<Condition> conditions = new ArrayList<>();
    for (Object value : values) {
      conditions.add(
          value == null
              ? null
              : isCut ? range(fact, cuts, ((Number) value).doubleValue()) : Condition.OneOf.exactly(fact, String.valueOf(value)));
    }
    return conditions;
  }

  /** Values that leave about as many tasks below as above them, as a quarter, a half and three quarters do. */
  private static double[] cuts(List<ScoredRun> runs, int[] known, List<Object> values) {
    double[] weights = TaskWeights.of(runs, known);
    int[] order =
        IntStream.range(0, known.length)
            .boxed()
            .sorted((a, b) -> Double.compare(number(values, known[a]), number(values, known[b])))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Double> cuts = new ArrayList<>();
    double below = 0;
    for (int i = 0; i < order.length - 1; i++) {
      below += weights[order[i]];
      double here = number(values, known[order[i]]);
      double next = number(values, known[order[i + 1]]);
      if (here < next && below >= (cuts.size() + 1.0) / RANGES && cuts.size() < RANGES - 1) {
        cuts.add(between(here, next));
      }
    }
    return cuts.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double number(List<Object> values, int run) {
    return ((Number) values.get(run)).doubleValue();
  }

  /** The number of fewest digits between two others, to be read by people. */
  static double between(double low, double high) {
    BigDecimal middle = new BigDecimal(low).add(new BigDecimal(high)).divide(BigDecimal.valueOf(2));
    for (int digits = 1; digits < 17; digits++) {
      double rounded = middle.round(new MathContext(digits)).doubleValue();
      if (low < rounded && rounded < high) {
        return rounded;
      }
    }
    return low; // nothing lies between them, and the first range that fits takes what lies at its end
  }

  private static Condition range(String fact, double[] cuts, double value) {
    int above = 0;
    while (above < cuts.length && value > cuts[above]) {
      above++;
    }
    double low = above == 0 ? Double.NEGATIVE_INFINITY : cuts[above - 1];
    double high = above == cuts.length ? Double.POSITIVE_INFINITY : cuts[above];
    return cuts.length == 0 ? null : new Condition.Within(fact, low, high);
  }
}
