package io.stopcast.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The hyper-parameters of a task's earlier runs, ranked, so that a run is quickly compared with all of them.
 *
 * <p>Source: Gower, "A General Coefficient of Similarity and Some of Its Properties", 1971, on ranks: of a number the
 * share of earlier runs between the two values, of anything else whether they differ; the mean over what both report.
 * Immutable.
 */
final class EarlierParameters {
  static final float[] NOTHING = {};

  private final int runs;
  private final List<Column> columns = new ArrayList<>();

  EarlierParameters(List<EarlierRun> runs) {
    this.runs = runs.size();
    Set<String> names = new HashSet<>();
    runs.forEach(run -> names.addAll(run.parameters().keySet()));
    new TreeSet<>(names).forEach(name -> columns.add(new Column(name, runs)));
  }

  /** Returns the distance to each earlier run, 0 to 1; empty if there is nothing to compare. */
  float[] distances(Map<String, Object> parameters) {
    double[] sums = {};
    int[] compared = {};
    for (Column column : columns) {
      Object own = parameters.get(column.name);
      if (own != null) {
        if (compared.length == 0) {
          sums = new double[runs];
          compared = new int[runs];
        }
        column.compare(TaskHistory.comparable(own), sums, compared);
      }
    }
    float[] distances = compared.length == 0 ? NOTHING : new float[runs];
    for (int j = 0; j < distances.length; j++) {
      distances[j] = compared[j] == 0 ? 1 : (float) (sums[j] / compared[j]);
    }
    return distances;
  }

  /** One parameter of all runs. */
  private static final class Column {
    final String name;
    private final Object[] values;
    private final double[] numbers;
    private final double[] ranks;

    Column(String name, List<EarlierRun> runs) {
      this.name = name;
      values = new Object[runs.size()];
      double[] found = new double[values.length];
      int count = 0;
      for (int j = 0; j < values.length; j++) {
        values[j] = runs.get(j).parameters().get(name);
        if (values[j] instanceof Number) {
          found[count++] = number(values[j]);
        }
      }
      numbers = Arrays.copyOf(found, count);
      Arrays.sort(numbers);
      ranks = new double[values.length];
      for (int j = 0; j < ranks.length; j++) {
        ranks[j] = values[j] instanceof Number ? rank(number(values[j])) : Double.NaN;
      }
    }

    private static double number(Object value) {
      return ((Number) value).doubleValue() + 0.0; // makes a negative zero positive, which sorting tells apart
    }

    /** The share of the numbers below, those that are equal counted half: between two lies the difference of theirs. */
    private double rank(double number) {
      return (below(number, false) + below(number, true)) / (2.0 * numbers.length);
    }

    private int below(double number, boolean orEqual) {
      int low = 0;
      int high = numbers.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (numbers[middle] < number || orEqual && numbers[middle] == number) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    void compare(Object own, double[] sums, int[] compared) {
      boolean isNumber = own instanceof Number;
      double rank = isNumber ? rank(number(own)) : Double.NaN;
      for (int j = 0; j < values.length; j++) {
        if (values[j] != null) {
          double distance = Math.abs(rank - ranks[j]);
          sums[j] += distance >= 0 ? distance : own.equals(values[j]) ? 0 : 1;
          compared[j]++;
        }
      }
    }
  }
}
