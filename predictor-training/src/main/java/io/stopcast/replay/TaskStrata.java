package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tasks by their source, within which a bootstrap draws them. */
final class TaskStrata {
  private TaskStrata() {}

  /** Returns the positions of the tasks of each source, sources in the order of their names. */
  static int[][] of(List<TaskId> tasks) {
    Map<String, List<Integer>> bySource = new TreeMap<>();
    for (int t = 0; t < tasks.size(); t++) {
      bySource.computeIfAbsent(tasks.get(t).source(), s -> new ArrayList<>()).add(t);
    }
    return bySource.values().stream()
        .map(of -> of.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }
}
