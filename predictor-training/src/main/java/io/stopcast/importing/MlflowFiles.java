package io.stopcast.importing;

import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import io.stopcast.run.End;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * MLflow's file store: {@code mlruns/EXPERIMENT/RUN/} with {@code meta.yaml}, {@code params/}, {@code tags/} and {@code
 * metrics/}.
 *
 * <p>Given the store, the folder of an experiment or that of a run. A name with a slash is a folder within. Very old versions
 * wrote no step: there the lines are counted, from 0. Deleted runs and experiments are left out, links are not followed.
 */
final class MlflowFiles implements LogReader {
  private static final String META = "meta.yaml";
  private static final Set<String> RESERVED = Set.of(".trash", "models", "datasets", "tags", "artifacts", "traces");
  private static final int LONGEST_LINE = 64 << 10;
  private static final int DEEPEST = 16;

  @Override
  public String format() {
    return "mlflow-files";
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    if (!place.isFolder()) {
      return false;
    }
    if (isMeta(place.path().resolve(META))) {
      return true;
    }
    for (Path inside : folders(place.path())) {
      if (isMeta(inside.resolve(META))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path folder = place.path();
    if (!Files.isRegularFile(folder.resolve(META))) {
      for (Path experiment : folders(folder)) {
        if (Files.isRegularFile(experiment.resolve(META))) {
          readExperiment(experiment, sink);
        }
      }
      return;
    }
    Map<String, Object> meta = YamlFacts.read(folder.resolve(META), sink);
    if (isRun(meta)) {
      readRun(folder, meta, experimentOf(folder, sink), sink);
    } else {
      readExperiment(folder, sink);
    }
  }

  private static void readExperiment(Path folder, LogSink sink) throws IOException {
    Map<String, Object> experiment;
    try {
      experiment = YamlFacts.read(folder.resolve(META), sink);
    } catch (ImportException e) {
      sink.skipped(folder.toString(), "the experiment: " + e.getMessage());
      return;
    }
    if (isDeleted(experiment)) {
      sink.skipped(folder.toString(), "an experiment that was deleted in MLflow");
      return;
    }
    String task = nameOf(experiment, folder);
    long deleted = 0;
    for (Path inside : folders(folder)) {
      if (!Files.isRegularFile(inside.resolve(META))) {
        if (Files.isDirectory(inside.resolve("metrics"))) {
          sink.skipped(inside.toString(), "a run without " + META + ", which MLflow leaves out too");
        }
        continue;
      }
      try {
        Map<String, Object> meta = YamlFacts.read(inside.resolve(META), sink);
        if (isDeleted(meta)) {
          deleted++;
        } else if (isRun(meta)) {
          readRun(inside, meta, task, sink);
        }
      } catch (ImportException e) {
        sink.skipped(inside.toString(), "the rest of the run: " + e.getMessage());
      }
    }
    if (deleted > 0) {
      sink.skipped(folder.toString(), "%d runs that were deleted in MLflow".formatted(deleted));
    }
  }

  private static void readRun(Path folder, Map<String, Object> meta, String task, LogSink sink) throws IOException {
    Object id = meta.getOrDefault("run_id", meta.get("run_uuid"));
    // An id of digits alone reads as a number in YAML; the folder is named by it too.
    boolean named = id instanceof String text && !text.isEmpty();
    LoggedRun run = sink.run(task, named ? id.toString() : folder.toRealPath().getFileName().toString());
    run.end(end(meta.get("status")));
    if (meta.get("start_time") instanceof Long millis && millis > 0) {
      run.started(Instant.ofEpochMilli(millis));
    }
    Parameters parameters = new Parameters(run, folder.toString(), sink);
    if (meta.get("run_name") instanceof String name && !name.isEmpty()) {
      parameters.add("run_name", name);
    }
    walk(folder.resolve("params"), "", 0, sink, (name, file) -> parameters.addText(name, content(file)));
    walk(folder.resolve("tags"), "", 0, sink, (name, file) -> MlflowTags.add(parameters, name, content(file)));
    walk(folder.resolve("metrics"), "", 0, sink, (name, file) -> readMetric(run, name, file, sink));
  }

  /** What to do with a file that is named by its path. */
  private interface NamedFile {
    void read(String name, Path file) throws IOException;
  }

  private static void walk(Path folder, String prefix, int depth, LogSink sink, NamedFile each) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (Path inside : list(folder)) {
      String name = prefix + inside.getFileName();
      if (Files.isRegularFile(inside, LinkOption.NOFOLLOW_LINKS) && name.length() <= Parameters.LONGEST_NAME) {
        try {
          each.read(name, inside);
        } catch (ImportException e) {
          sink.skipped(inside.toString(), e.getMessage());
        }
      } else if (depth < DEEPEST && Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
        walk(inside, name + '/', depth + 1, sink, each);
      } else {
        sink.skipped(inside.toString(), "a link, nested too deeply, or with too long a name");
      }
    }
  }

  private static void readMetric(LoggedRun run, String metric, Path file, LogSink sink) throws IOException {
    Omissions omissions = new Omissions(sink, file.toString());
    long counted = 0;
    try (BoundedLines lines = new BoundedLines(file, LONGEST_LINE)) {
      while (lines.advance()) {
        if (!lines.isEnded()) {
          sink.repaired(file + " line " + lines.number(), "a cut-off last line was left out");
          break;
        }
        String[] parts = lines.text().trim().split(" ");
        try {
          if (parts.length < 2) {
            throw new NumberFormatException("expected time, value and step");
          }
          long millis = Long.parseLong(parts[0]);
          double value = LoggedNumber.parse(parts[1]);
          long step = parts.length > 2 ? Long.parseLong(parts[2]) : counted++;
          run.value(metric, step, millis, value);
        } catch (NumberFormatException e) {
          omissions.add("line " + lines.number(), "expected time, value and step, found " + Quoted.of(lines.text()));
        }
      }
    }
    omissions.finish();
    if (counted > 0) {
      String what = "%d lines without a step, as old versions wrote them, were numbered from 0".formatted(counted);
      sink.repaired(file.toString(), what);
    }
  }

  private static String content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(Parameters.LONGEST_TEXT + 1), StandardCharsets.UTF_8);
    }
  }

  private static End end(Object status) {
    return status instanceof Long number ? MlflowStatus.ofNumber(number) : MlflowStatus.ofWord(String.valueOf(status));
  }

  private static String experimentOf(Path run, LogSink sink) throws IOException {
    Path folder = run.toAbsolutePath().normalize().getParent();
    Path meta = folder == null ? run : folder.resolve(META);
    return Files.isRegularFile(meta) ? nameOf(YamlFacts.read(meta, sink), folder) : FolderName.of(run).task();
  }

  private static String nameOf(Map<String, Object> experiment, Path folder) {
    Object name = experiment.getOrDefault("name", "");
    return name.toString().isEmpty() ? folder.getFileName().toString() : name.toString();
  }

  private static boolean isRun(Map<String, Object> meta) {
    return meta.containsKey("run_id") || meta.containsKey("run_uuid");
  }

  private static boolean isDeleted(Map<String, Object> meta) {
    return "deleted".equals(meta.get("lifecycle_stage"));
  }

  /** Cheap: whether it names an experiment, without parsing it. */
  private static boolean isMeta(Path meta) throws IOException {
    if (!Files.isRegularFile(meta)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(meta)) {
      String head = new String(in.readNBytes(4096), StandardCharsets.UTF_8);
      return head.contains("experiment_id:") && head.contains("lifecycle_stage:");
    }
  }

  private static List<Path> folders(Path folder) throws IOException {
    return list(folder).stream()
        .filter(f -> !RESERVED.contains(f.getFileName().toString()) && Files.isDirectory(f, LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
