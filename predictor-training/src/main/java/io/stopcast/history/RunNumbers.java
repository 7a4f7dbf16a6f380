package io.stopcast.history;

import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers the series of one run, and cuts them into steps. */
final class RunNumbers {
  private record Series(String metric, long[] steps, double[] values) {}

  private final long[] steps;
  private final double[] costs;
  private final Map<List<String>, List<String>> sharedNames;
  private final List<Series> all = new ArrayList<>();

  /**
   * @param steps every step of the run, in order
   * @param sharedNames lists of names that steps share, of other runs too
   */
  RunNumbers(long[] steps, double[] costs, Map<List<String>, List<String>> sharedNames) {
    this.steps = steps;
    this.costs = costs;
    this.sharedNames = sharedNames;
  }

  void add(String metric, long[] at, double[] values) {
    all.add(new Series(metric, at, values));
  }

  Run run(RunContext context, End end, Set<String> labels) {
    Map<String, double[]> asLabels = new HashMap<>();
    List<Series> signals = new ArrayList<>();
    for (Series series : all) {
      if (labels.contains(series.metric) && !series.metric.equals(context.objective().metric())) {
        asLabels.put(series.metric, atEveryStep(series));
      } else {
        signals.add(series);
      }
    }
    return new Run(context, cut(signals), asLabels, end);
  }

  private double[] atEveryStep(Series series) {
    double[] column = new double[steps.length];
    Arrays.fill(column, Double.NaN);
    for (int i = 0; i < series.steps.length; i++) {
      int at = Arrays.binarySearch(steps, series.steps[i]);
      if (at < 0) {
        throw noCost(series.steps[i]);
      }
      column[at] = series.values[i];
    }
    return column;
  }

  private List<Step> cut(List<Series> signals) {
    List<Step> made = new ArrayList<>(steps.length);
    int[] next = new int[signals.size()];
    int[] before = new int[signals.size()];
    int beforeCount = -1;
    double[] row = new double[signals.size()];
    List<String> names = List.of();
    for (int i = 0; i < steps.length; i++) {
      int count = 0;
      boolean asBefore = true;
      for (int m = 0; m < next.length; m++) {
        Series series = signals.get(m);
        if (next[m] < series.steps.length && series.steps[next[m]] == steps[i]) {
          row[count] = series.values[next[m]++];
          asBefore &= count < beforeCount && before[count] == m;
          before[count++] = m;
        }
      }
      if (!asBefore || count != beforeCount) {
        names = sharedNames.computeIfAbsent(names(signals, before, count), List::copyOf);
        beforeCount = count;
      }
      made.add(Step.of(steps[i], costs[i], names, count == row.length ? row : Arrays.copyOf(row, count)));
    }
    for (int m = 0; m < next.length; m++) {
      if (next[m] < signals.get(m).steps.length) {
        throw noCost(signals.get(m).steps[next[m]]);
      }
    }
    return made;
  }

  private static List<String> names(List<Series> signals, int[] which, int count) {
    List<String> names = new ArrayList<>(count);
    for (int k = 0; k < count; k++) {
      names.add(signals.get(which[k]).metric);
    }
    return names;
  }

  private static IllegalStateException noCost(long step) {
    return new IllegalStateException("a series has step %d, which has no cost".formatted(step));
  }
}
