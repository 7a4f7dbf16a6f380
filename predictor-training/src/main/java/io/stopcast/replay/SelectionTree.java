package io.stopcast.replay;

import io.stopcast.policy.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Grows a tree of questions about runs to the leaves at which another policy gains over the single best one.
 *
 * <p>Greedy: each node asks the question that gains most if each side takes the policy that gains most there. A run that does not know the
 * answer keeps the single best policy. Sides are told by sixteenths of the runs in the node, so that a node costs O(facts * (runs *
 * candidates)).
 *
 * @param depth how many questions lead to a leaf, at most
 * @param strength gains of n tasks are drawn towards those of the node above by strength / (n + strength)
 * @param leastTasks a side of fewer tasks is not made; of a task some of whose runs are there, that part counts
 */
record SelectionTree(int depth, double strength, double leastTasks) {
  private static final int BINS = 16;

  /**
   * What it grows on.
   *
   * @param facts what may be asked
   * @param values [fact][run]; NaN where it is not known
   * @param gains [candidate][run]: what the candidate gains over the single best policy, for which it is 0
   * @param weights of the runs, summing to 1, so that tasks weigh the same
   * @param tasks how many there are
   */
  record Rows(List<String> facts, double[][] values, double[][] gains, double[] weights, int tasks) {
    /** What the first leaf that a run fits gains for it. */
    double gain(List<Leaf> leaves, int run) {
      for (Leaf leaf : leaves) {
        if (leaf.ranges().stream().allMatch(range -> range.holds((Object) values[facts.indexOf(range.fact())][run]))) {
          return gains[leaf.candidate()][run];
        }
      }
      return 0;
    }
  }

  /**
   * A leaf at which another policy is picked.
   *
   * @param ranges what holds there
   * @param candidate which is picked
   * @param gain what it gains there, drawn towards what it gains around
   * @param tasks how many that rests on
   */
  record Leaf(List<Condition.Within> ranges, int candidate, double gain, double tasks) {
    List<Condition> when() {
      return List.copyOf(ranges);
    }
  }

  /** Some of the runs together: their weight, and weighted gains of each candidate. */
  private static final class Sum {
    private final double[] gains;
    private double weight;

    Sum(int candidates) {
      gains = new double[candidates];
    }

    void add(Rows rows, int run) {
      weight += rows.weights()[run];
      for (int c = 0; c < gains.length; c++) {
        gains[c] += rows.weights()[run] * rows.gains()[c][run];
      }
    }

    void add(Sum other) {
      weight += other.weight;
      for (int c = 0; c < gains.length; c++) {
        gains[c] += other.gains[c];
      }
    }
  }

  /** Mean gains of each candidate, drawn towards those of the node above. */
  private double[] shrunken(Rows rows, Sum sum, double[] above) {
    double tasks = sum.weight * rows.tasks();
    double[] means = new double[above.length];
    for (int c = 0; c < means.length; c++) {
      means[c] = sum.weight > 0 ? (tasks * (sum.gains[c] / sum.weight) + strength * above[c]) / (tasks + strength) : above[c];
    }
    return means;
  }

  private static int best(double[] gains) {
    int best = 0;
    for (int c = 1; c < gains.length; c++) {
      best = gains[c] > gains[best] ? c : best;
    }
    return best;
  }

  /** Returns the leaves that gain something, in the order in which they are to be looked at. */
  List<Leaf> grow(Rows rows, int[] runs) {
    List<Leaf> leaves = new ArrayList<>();
    Sum all = new Sum(rows.gains().length);
    Arrays.stream(runs).forEach(run -> all.add(rows, run));
    double[] nothing = new double[rows.gains().length]; // with no more known no policy gains on the best
    grow(rows, runs, shrunken(rows, all, nothing), depth, List.of(), leaves);
    return leaves;
  }

  private record Cut(int fact, double at, double value) {}

  private void grow(Rows rows, int[] runs, double[] gains, int left, List<Condition.Within> path, List<Leaf> leaves) {
    Cut cut = left > 0 ? cut(rows, runs, gains) : null;
    if (cut == null) {
      int best = best(gains);
      if (gains[best] > 0 && !path.isEmpty()) {
        double weight = Arrays.stream(runs).mapToDouble(run -> rows.weights()[run]).sum();
        leaves.add(new Leaf(path, best, gains[best], weight * rows.tasks()));
      }
      return;
    }
    double[] values = rows.values()[cut.fact()];
    int[] below = Arrays.stream(runs).filter(run -> values[run] <= cut.at()).toArray();
    int[] above = Arrays.stream(runs).filter(run -> values[run] > cut.at()).toArray();
    String fact = rows.facts().get(cut.fact());
    grow(rows, below, means(rows, below, gains), left - 1, with(path, fact, Double.NEGATIVE_INFINITY, cut.at()), leaves);
    grow(rows, above, means(rows, above, gains), left - 1, with(path, fact, cut.at(), Double.POSITIVE_INFINITY), leaves);
  }

  private double[] means(Rows rows, int[] runs, double[] above) {
    Sum sum = new Sum(above.length);
    Arrays.stream(runs).forEach(run -> sum.add(rows, run));
    return shrunken(rows, sum, above);
  }

  /** The path with one range more, or with a narrower one where the fact was asked before. */
  private static List<Condition.Within> with(List<Condition.Within> path, String fact, double low, double high) {
    List<Condition.Within> longer = new ArrayList<>();
    double least = low;
    double most = high;
    for (Condition.Within range : path) {
      if (range.fact().equals(fact)) {
        least = Math.max(least, range.low());
        most = Math.min(most, range.high());
      } else {
        longer.add(range);
      }
    }
    longer.add(new Condition.Within(fact, least, most));
    return longer;
  }

  /** The question that gains most; null if none gains more than the node as it is. */
  private Cut cut(Rows rows, int[] runs, double[] gains) {
    double weight = Arrays.stream(runs).mapToDouble(run -> rows.weights()[run]).sum();
    double least = weight * Math.max(0, gains[best(gains)]);
    Cut best = new Cut(-1, 0, least + 1e-12);
    for (int fact = 0; fact < rows.facts().size(); fact++) {
      best = cut(rows, runs, gains, fact, best);
    }
    return best.fact() < 0 ? null : best;
  }

  private Cut cut(Rows rows, int[] runs, double[] gains, int fact, Cut soFar) {
    double[] values = rows.values()[fact];
    double[] known = Arrays.stream(runs).mapToDouble(run -> values[run]).filter(value -> !Double.isNaN(value)).sorted().toArray();
    if (known.length < 2 || known[0] == known[known.length - 1]) {
      return soFar;
    }
    double[] ends = new double[BINS]; // the largest value of each bin
    for (int bin = 0; bin < BINS; bin++) {
      ends[bin] = known[Math.max(0, (int) ((bin + 1L) * known.length / BINS) - 1)];
    }
    Sum[] sums = new Sum[BINS];
    Arrays.setAll(sums, bin -> new Sum(gains.length));
    Sum total = new Sum(gains.length);
    for (int run : runs) {
      if (!Double.isNaN(values[run])) {
        int bin = Arrays.binarySearch(ends, values[run]);
        bin = bin >= 0 ? first(ends, bin) : -1 - bin;
        sums[Math.min(bin, BINS - 1)].add(rows, run);
        total.add(rows, run);
      }
    }
    Cut best = soFar;
    Sum below = new Sum(gains.length);
    for (int bin = 0; bin < BINS - 1; bin++) {
      below.add(sums[bin]);
      Sum above = new Sum(gains.length);
      above.weight = total.weight - below.weight;
      Arrays.setAll(above.gains, c -> total.gains[c] - below.gains[c]);
      if (ends[bin] == ends[bin + 1] || below.weight * rows.tasks() < leastTasks || above.weight * rows.tasks() < leastTasks) {
        continue;
      }
      double value = worth(rows, below, gains) + worth(rows, above, gains);
      if (value > best.value()) {
        int next = Arrays.binarySearch(known, Math.nextUp(ends[bin]));
        best = new Cut(fact, Contexts.between(ends[bin], known[next >= 0 ? next : -1 - next]), value);
      }
    }
    return best;
  }

  private static int first(double[] ascending, int at) {
    int first = at;
    while (first > 0 && ascending[first - 1] == ascending[at]) {
      first--;
    }
    return first;
  }

  private double worth(Rows rows, Sum side, double[] above) {
    double[] gains = shrunken(rows, side, above);
    return side.weight * Math.max(0, gains[best(gains)]);
  }
}
