package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** DVCLive's folder: a table for each metric in {@code plots/metrics}, whose folders there belong to its name, as one run. */
final class DvcLiveFolder implements LogReader {
  private static final int DEEPEST = 16;
  private static final String ENDING = ".tsv";

  @Override
  public String format() {
    return "dvclive";
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    return place.isFolder() && !tables(place.path()).isEmpty();
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path folder = place.path();
    List<Path> tables = tables(folder);
    if (tables.isEmpty()) {
      throw new ImportException("%s holds no table in plots/metrics".formatted(folder));
    }
    FolderName name = FolderName.of(folder);
    LoggedRun run = sink.run(name.task(), name.run());
    TableColumns columns = TableColumns.of("step").withTime("timestamp", 1);
    for (Path table : tables) {
      Path within = folder.resolve("plots/metrics").relativize(table).getParent();
      String prefix = within == null ? "" : within.toString().replace('\\', '/') + '/';
      try {
        TableRows.read(table, '\t', columns, prefix, true, run, sink);
      } catch (ImportException e) {
        sink.skipped(table.toString(), e.getMessage());
      }
    }
    Companions.tell(folder.resolve("params.yaml"), run, sink);
  }

  @Override
  public boolean readsAlong(LogPlace folder, Path below) {
    return below.startsWith(folder.path().resolve("plots"));
  }

  private static List<Path> tables(Path folder) throws IOException {
    Path metrics = folder.resolve("plots/metrics");
    if (!Files.isDirectory(metrics)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(metrics, DEEPEST)) {
      return files
          .filter(f -> f.toString().endsWith(ENDING) && Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
