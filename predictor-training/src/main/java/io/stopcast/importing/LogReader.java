package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads one format of logs.
 *
 * <p>Values stream into the {@link LogSink}, so that memory does not grow with the file. Readers keep no state: safe for several threads.
 */
public interface LogReader {
  /** The name by which a user asks for it with {@code --format}: {@code mlflow-database}, {@code tensorboard}. */
  String format();

  /** Which of several reports of one step the tool itself would show. */
  default Duplicates duplicates() {
    return Duplicates.LAST;
  }

  /**
   * Whether this is such a log, told by its content. Cheap: looks at the first bytes or at names in a folder. A broken
   * file may be recognised, and is refused by {@link #read}.
   */
  boolean recognizes(LogPlace place) throws IOException;

  /**
   * Reads everything there. What cannot be read but does not spoil the rest is told to the sink and left out.
   *
   * @throws io.stopcast.history.ImportException if nothing more can be read here; what went into the sink before stays
   */
  void read(LogPlace place, LogSink sink) throws IOException;

  /**
   * Whether reading a folder reads what lies at this path below it too, so that no reader is asked about it again. Everything,
   * unless a format says otherwise.
   */
  default boolean readsAlong(LogPlace folder, Path below) {
    return true;
  }
}
