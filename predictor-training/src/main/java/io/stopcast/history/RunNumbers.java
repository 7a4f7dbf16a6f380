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
  private static final int COST = -1;

  private final String[] metrics;
  private final List<String> names;
  private long[] steps = new long[0];
  private double[] costs = new double[0];
  private int length;
  /** By metric: the value at each step, and whether there is one. */
  private final double[][] values;
  private final boolean[][] reported;
  private int series = COST;
  private int at;

  RunNumbers(String[] metrics) {
    this.metrics = metrics;
    this.names = List.of(metrics);
    this.values = new double[metrics.length][];
    this.reported = new boolean[metrics.length][];
  }

  /** What comes now is of this metric; before the first call it is the cost, which has every step. */
  void start(int metric) {
    series = metric;
    at = 0;
    if (metric >= 0) {
      values[metric] = new double[length];
      reported[metric] = new boolean[length];
    }
  }

  void add(long step, double value) {
    if (series == COST) {
      if (length == steps.length) {
        steps = Arrays.copyOf(steps, Math.max(16, 2 * length));
        costs = Arrays.copyOf(costs, steps.length);
      }
      steps[length] = step;
      costs[length++] = value;
      return;
    }
    while (at < length && steps[at] < step) {
      at++;
    }
    if (at == length || steps[at] != step) {
      throw new IllegalStateException("a series has step %d, which has no cost".formatted(step));
    }
    values[series][at] = value;
    reported[series][at] = true;
  }

  Run run(RunContext context, End end, Set<String> labels) {
    Map<String, double[]> asLabels = new HashMap<>();
    List<Integer> signals = new ArrayList<>();
    for (int m = 0; m < metrics.length; m++) {
      if (labels.contains(metrics[m]) && !metrics[m].equals(context.objective().metric())) {
        double[] column = new double[length];
        for (int i = 0; i < length; i++) {
          column[i] = reported[m] != null && reported[m][i] ? values[m][i] : Double.NaN;
        }
        asLabels.put(metrics[m], column);
      } else if (values[m] != null) {
        signals.add(m);
      }
    }
    Map<List<Integer>, List<String>> shared = new HashMap<>();
    List<Step> made = new ArrayList<>(length);
    List<Integer> present = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      present.clear();
      for (int m : signals) {
        if (reported[m][i]) {
          present.add(m);
        }
      }
      List<String> of = shared.get(present);
      if (of == null) {
        of = present.stream().map(names::get).toList();
        shared.put(List.copyOf(present), of);
      }
      double[] row = new double[present.size()];
      for (int k = 0; k < row.length; k++) {
        row[k] = values[present.get(k)][i];
      }
      made.add(Step.of(steps[i], costs[i], of, row));
    }
    return new Run(context, made, asLabels, end);
  }
}
