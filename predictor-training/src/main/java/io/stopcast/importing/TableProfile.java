package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Path;

/** How one tool writes its table of values: one row a step, one column a metric. */
interface TableProfile {
  /** The name of the format. */
  String format();

  /** Whether this tool wrote a table with this header. */
  boolean fits(TableHeader header, Path file);

  TableColumns columns(TableHeader header);

  /** What the table's run is called. By default as its folder is. */
  default FolderName name(Path file) {
    return FolderName.of(file.toAbsolutePath().normalize().getParent());
  }

  /** Whether the tool ends each line, so that a last one without an end is cut off. */
  default boolean endsEachLine() {
    return true;
  }

  /** Tells the run what stands beside the table, once the table is read. */
  default void tellMore(Path file, TableRows.Read read, LoggedRun run, LogSink sink) throws IOException {}
}
