package io.stopcast.replay;

import io.stopcast.history.TaskId;

/** Which tasks are alike, as far as their names tell: those of one source whose names begin with the same word before a slash. */
public final class TaskKind {
  private TaskKind() {}

  /** Returns {@code source/word}, or the source alone where the task's name has no slash. */
  public static String of(TaskId task) {
    int slash = task.task().indexOf('/');
    return slash < 0 ? task.source() : task.source() + '/' + task.task().substring(0, slash);
  }
}
