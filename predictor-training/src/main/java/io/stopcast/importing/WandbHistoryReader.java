package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import io.stopcast.history.ImportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code wandb-history.jsonl} that clients of W&B before 0.10 left in a run's folder: one JSON object a line for each
 * step.
 */
final class WandbHistoryReader implements LogReader {
  private static final Pattern RUN_FOLDER = Pattern.compile("(?:dry|offline-)?run-\\d{8}_\\d{6}-(.+)");
  private static final String RUNTIME = "_runtime";

  @Override
  public String format() {
    return "wandb-history";
  }

  @Override
  public boolean recognizes(LogPlace place) {
    return !place.isFolder() && JsonLines.beginsWith(place.head(), "_step", "_runtime");
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path folder = place.path().toAbsolutePath().normalize().getParent();
    FolderName name = FolderName.of(folder);
    Path last = folder.getFileName();
    Matcher id = RUN_FOLDER.matcher(last == null ? "" : last.toString());
    History history = new History(sink, name.task(), id.matches() ? id.group(1) : name.run());
    JsonLines.read(place.path(), sink, history);
    if (history.run == null) {
      throw new ImportException("%s: no line is a step of W&B, a JSON object with a whole _step".formatted(place.path()));
    }
  }

  private static final class History implements JsonLines.Reader {
    private final LogSink sink;
    private final String task;
    private final String id;
    private final StepRow row = new StepRow(".", Set.of("_wandb"));
    private LoggedRun run;
    private boolean costsTime;

    History(LogSink sink, String task, String id) {
      this.sink = sink;
      this.task = task;
      this.id = id;
    }

    @Override
    public void read(JsonParser in, String where) throws IOException {
      row.read(in, Map.of());
      double step = row.number("_step");
      if (step != Math.rint(step) || Math.abs(step) > 1L << 53) {
        sink.skipped(where, "a step without a whole _step; it was left out");
        return;
      }
      if (row.malformed() != null) {
        sink.skipped(where, row.malformed());
      }
      double timestamp = row.number("_timestamp");
      double runtime = row.number(RUNTIME);
      if (run == null) {
        run = sink.run(task, id);
        Times.tellStart(run, Times.millis(timestamp - (runtime >= 0 ? runtime : 0)));
      }
      if (!costsTime && runtime >= 0) {
        costsTime = true;
        run.costMetric(RUNTIME, "seconds");
      }
      for (int i = 0; i < row.count(); i++) {
        if (row.name(i).charAt(0) != '_' || row.name(i).equals(RUNTIME)) {
          run.value(row.name(i), (long) step, Times.millis(timestamp), row.number(i));
        }
      }
    }
  }
}
