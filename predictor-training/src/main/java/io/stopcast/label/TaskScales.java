package io.stopcast.label;

import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.run.Run;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The scale s of each task: |best over its runs - median of their first values|.
 *
 * <p>For labels and scoring only. A live run does not know it, so no feature may use it.
 */
public final class TaskScales {
  private static final class Sum {
    double best = Double.NEGATIVE_INFINITY;
    double[] first = new double[8];
    int runs;
  }

  private final Map<TaskId, Double> scales = new HashMap<>();

  private TaskScales() {}

  public static TaskScales of(Collection<Run> runs) {
    Map<TaskId, Sum> sums = new HashMap<>();
    for (Run run : runs) {
      Curve curve = Curve.of(run);
      if (!Double.isNaN(curve.finalBest())) {
        Sum sum = sums.computeIfAbsent(TaskId.of(run), id -> new Sum());
        sum.best = Math.max(sum.best, curve.finalBest());
        if (sum.runs == sum.first.length) {
          sum.first = Arrays.copyOf(sum.first, 2 * sum.runs);
        }
        sum.first[sum.runs++] = curve.first();
      }
    }
    TaskScales result = new TaskScales();
    sums.forEach((id, sum) -> result.scales.put(id, Math.abs(sum.best - median(Arrays.copyOf(sum.first, sum.runs)))));
    return result;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int n = values.length;
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  }

  /** Returns the scale in the metric's unit; 0 for a task without any spread or without a finite value. */
  public double of(TaskId task) {
    return scales.getOrDefault(task, 0.0);
  }
}
