package io.stopcast.feature;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How different the hyper-parameters of runs are.
 *
 * <p>Source: Gower, "A General Coefficient of Similarity and Some of Its Properties", 1971, on ranks: of a number the
 * share of earlier runs between the two values, of anything else whether they differ; the mean over what both report.
 */
final class ParameterDistance {
  private static final double[] NOTHING = {};

  private ParameterDistance() {}

  /** Returns the distance to each earlier run, 0 to 1; empty if there is nothing to compare. */
  static double[] of(Map<String, Object> parameters, List<EarlierRun> runs) {
    if (runs.isEmpty()) {
      return NOTHING;
    }
    Set<String> names = new TreeSet<>();
    runs.forEach(run -> names.addAll(run.parameters().keySet()));
    names.retainAll(parameters.keySet());
    if (names.isEmpty()) {
      return NOTHING;
    }
    double[] distances = new double[runs.size()];
    double[] weights = new double[runs.size()];
    for (String name : names) {
      Object own = TaskHistory.comparable(parameters.get(name));
      double[] values =
          runs.stream()
              .map(run -> run.parameters().get(name))
              .filter(Number.class::isInstance)
              .mapToDouble(v -> ((Number) v).doubleValue())
              .toArray();
      for (int j = 0; j < distances.length; j++) {
        Object other = runs.get(j).parameters().get(name);
        if (other == null) {
          continue;
        }
        weights[j]++;
        if (own instanceof Number a && other instanceof Number b) {
          double low = Math.min(a.doubleValue(), b.doubleValue());
          double high = Math.max(a.doubleValue(), b.doubleValue());
          double between = 0;
          for (double value : values) {
            between += value > low && value < high ? 1 : value == low || value == high ? 0.5 : 0;
          }
          distances[j] += low == high ? 0 : between / values.length;
        } else {
          distances[j] += own.equals(other) ? 0 : 1;
        }
      }
    }
    for (int j = 0; j < distances.length; j++) {
      distances[j] = weights[j] == 0 ? 1 : distances[j] / weights[j];
    }
    return distances;
  }
}
