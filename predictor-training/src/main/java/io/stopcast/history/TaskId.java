package io.stopcast.history;

import io.stopcast.run.Run;

/** What was trained on what, in which source: the unit over which results are averaged. */
public record TaskId(String source, String task) implements Comparable<TaskId> {
  public static TaskId of(Run run) {
    return new TaskId(run.context().source(), run.context().task());
  }

  @Override
  public int compareTo(TaskId other) {
    int bySource = source.compareTo(other.source);
    return bySource != 0 ? bySource : task.compareTo(other.task);
  }
}
