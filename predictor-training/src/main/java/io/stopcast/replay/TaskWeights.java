package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Weights under which every task counts the same, however many runs it has. */
public final class TaskWeights {
  private TaskWeights() {}

  /** Returns for each of the chosen runs 1 / (number of tasks * number of its task's runs): they sum to 1. */
  public static double[] of(List<ScoredRun> runs, int[] chosen) {
    Map<TaskId, Integer> counts = new HashMap<>();
    for (int r : chosen) {
      counts.merge(runs.get(r).task(), 1, Integer::sum);
    }
    double[] weights = new double[chosen.length];
    for (int k = 0; k < chosen.length; k++) {
      weights[k] = 1.0 / counts.size() / counts.get(runs.get(chosen[k]).task());
    }
    return weights;
  }
}
