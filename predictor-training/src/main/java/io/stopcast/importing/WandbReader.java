package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code .wandb} files that Weights & Biases writes beside every run, online or not: one by one, or all below a folder
 * {@code wandb}, where the parts of a run that was resumed are joined in the order in which they were begun.
 *
 * <p>The project is the task, the id the run. A run without an exit was killed, or is still going.
 */
final class WandbReader implements LogReader {
  private static final Pattern RUN_FOLDER = Pattern.compile("(?:offline-)?run-(\\d{8}_\\d{6})-.+");
  private static final Pattern RUN_FILE = Pattern.compile("run-(.+)\\.wandb");

  private record Begun(String date, Path file) {}

  @Override
  public String format() {
    return "wandb";
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    if (place.isFolder()) {
      return !runs(place.path()).isEmpty();
    }
    return WandbRecords.isStart(place.head(), place.head().length) || isRunFile(place.path());
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    if (!place.isFolder()) {
      readFile(place.path(), sink);
      return;
    }
    List<Path> files = runs(place.path());
    if (files.isEmpty()) {
      throw new ImportException(
          "%s holds no folder like offline-run-20240131_120000-ID with a .wandb file in it".formatted(place.path()));
    }
    for (Path file : files) {
      try {
        readFile(file, sink);
      } catch (ImportException e) {
        sink.skipped(file.toString(), e.getMessage());
      }
    }
  }

  private static void readFile(Path file, LogSink sink) throws IOException {
    if (Files.size(file) == 0) {
      sink.skipped(file.toString(), "an empty file; the run logged nothing before it ended");
      return;
    }
    Path runFolder = file.toAbsolutePath().normalize().getParent();
    Matcher name = RUN_FILE.matcher(file.getFileName().toString());
    WandbRun run = new WandbRun(sink, FolderName.of(runFolder), name.matches() ? name.group(1) : file.getFileName().toString());
    try (WandbRecords records = new WandbRecords(file, sink)) {
      while (records.advance()) {
        try {
          run.read(records);
        } catch (MalformedRecordException e) {
          sink.skipped(records.where(), e.getMessage() + "; the rest of the record was left out");
        }
      }
    }
    run.finish();
    if (run.isEmpty()) {
      sink.skipped(file.toString(), "the file tells of no run");
    }
  }

  /**
   * The files of the runs below a folder, the first begun first; what is linked to is left out, as {@code latest-run} is one
   * of the others.
   */
  private static List<Path> runs(Path folder) throws IOException {
    List<Begun> runs = new ArrayList<>();
    for (Path inside : list(folder)) {
      Matcher name = RUN_FOLDER.matcher(inside.getFileName().toString());
      if (name.matches() && Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
        for (Path file : list(inside)) {
          if (isRunFile(file) && Files.isRegularFile(file)) {
            runs.add(new Begun(name.group(1), file));
          }
        }
      }
    }
    runs.sort(Comparator.comparing(Begun::date).thenComparing(run -> run.file.toString()));
    return runs.stream().map(Begun::file).toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isRunFile(Path file) {
    return file.getFileName() != null && file.getFileName().toString().endsWith(".wandb");
  }
}
