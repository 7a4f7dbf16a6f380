package io.stopcast.importing;

import io.stopcast.run.Direction;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds out which metric a trainer judges by from the best value that it names without saying of what: the one evaluation
 * metric that had this very value then. Better is which way the best value lies from all others.
 */
final class BestMetric {
  private static final int MOST_METRICS = 1000;

  private static final class Range {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    boolean hasBest;
  }

  private final double best;
  private final long step;
  private final Map<String, Range> ranges = new LinkedHashMap<>();

  /**
   * @param best NaN if not known
   * @param step where it was reached; negative if not known
   */
  BestMetric(double best, long step) {
    this.best = best;
    this.step = step;
  }

  void observe(String metric, long at, double value) {
    if (Double.isNaN(best) || !metric.startsWith("eval_") || ranges.size() == MOST_METRICS && !ranges.containsKey(metric)) {
      return;
    }
    Range range = ranges.computeIfAbsent(metric, m -> new Range());
    range.min = Math.min(range.min, value);
    range.max = Math.max(range.max, value);
    range.hasBest |= value == best && (step < 0 || step == at);
  }

  /** Tells the run, if exactly one metric comes into question and it is clear which way it gets better. */
  void tell(LoggedRun run) {
    String found = null;
    for (Map.Entry<String, Range> entry : ranges.entrySet()) {
      if (entry.getValue().hasBest) {
        if (found != null) {
          return;
        }
        found = entry.getKey();
      }
    }
    if (found == null) {
      return;
    }
    Range range = ranges.get(found);
    if (range.min < range.max && best == range.max) {
      run.objective(found, Direction.MAXIMIZE);
    } else if (range.min < range.max && best == range.min || found.endsWith("loss")) {
      run.objective(found, Direction.MINIMIZE);
    }
  }
}
