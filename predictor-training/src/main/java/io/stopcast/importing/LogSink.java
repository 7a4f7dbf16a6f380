package io.stopcast.importing;

import java.io.IOException;

/** Where a reader puts what it finds. One thread. */
public interface LogSink {
  /**
   * Returns the run of this name, a new one if it was not met before in this place: parts of a run may come from several
   * files, and runs may take turns.
   *
   * @param task what the tool groups runs by: experiment, study, project; the folder's name where it has none
   * @param run the tool's own unique name or id of the run
   */
  LoggedRun run(String task, String run) throws IOException;

  /** The same for a log that names the source of each run. */
  LoggedRun run(String source, String task, String run) throws IOException;

  /** Something was left out and the rest was read: what, where in the file, and why. Counted and told. */
  void skipped(String where, String why);

  /** Something was mended on reading: a cut-off tail, a duplicate header. Counted and told. */
  void repaired(String where, String what);
}
