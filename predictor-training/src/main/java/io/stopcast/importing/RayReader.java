package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Ray Tune's {@code result.json}: one JSON object a line for each result of a trial, hyper-parameters in {@code params.json}
 * beside it or in the results' {@code config}.
 *
 * <p>Ray writes {@code done} for a trial that came to its end and for one that a scheduler stopped, so a trial that is done
 * ended in a way that is not known; one that is not done was cut off, or crashed where Ray left an {@code error.txt}.
 */
final class RayReader implements LogReader {
  private static final long LONGEST_PARAMETERS = 1 << 20;
  private static final String COST = "time_total_s";
  /** Counters, clocks and names of machines that say nothing of how the training goes. */
  private static final Set<String> NO_SIGNALS =
      Set.of(
          "training_iteration", "timestamp", "pid", "iterations_since_restore", "time_since_restore", "time_this_iter_s",
          "timesteps_since_restore", "trial_num_checkpoints", "done");

  @Override
  public String format() {
    return "ray";
  }

  @Override
  public boolean recognizes(LogPlace place) {
    return !place.isFolder()
        && (JsonLines.beginsWith(place.head(), "training_iteration", "trial_id")
            || JsonLines.beginsWith(place.head(), "training_iteration", "time_total_s"));
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path file = place.path().toAbsolutePath().normalize();
    Trial trial = new Trial(sink, file.getParent());
    JsonLines.read(place.path(), sink, trial);
    if (trial.run == null) {
      throw new ImportException(
          "%s: no line is a result of Ray Tune, a JSON object with a whole training_iteration; give Ray's result.json"
              .formatted(place.path()));
    }
    trial.finish();
  }

  private static final class Trial implements JsonLines.Reader {
    private final LogSink sink;
    private final Path folder;
    private final StepRow row = new StepRow("/", Set.of("config"));
    private final Map<String, String> texts = new HashMap<>();
    private LoggedRun run;
    private long last = Long.MIN_VALUE;

    Trial(LogSink sink, Path folder) {
      this.sink = sink;
      this.folder = folder;
    }

    @Override
    public void read(JsonParser in, String where) throws IOException {
      texts.put("trial_id", "");
      texts.put("done", "");
      row.read(in, texts);
      double step = row.number("training_iteration");
      if (step != Math.rint(step) || Math.abs(step) > 1L << 53) {
        sink.skipped(where, "a result without a whole training_iteration; it was left out");
        return;
      }
      if (row.malformed() != null) {
        sink.skipped(where, row.malformed());
      }
      long millis = Times.millis(row.number("timestamp"));
      if (run == null) {
        begin(millis);
      }
      if ((long) step <= last) {
        run.restart((long) step); // Ray appends when a trial goes on from a checkpoint
      }
      last = (long) step;
      for (int i = 0; i < row.count(); i++) {
        if (!NO_SIGNALS.contains(row.name(i))) {
          run.value(row.name(i), last, millis, row.number(i));
        }
      }
    }

    private void begin(long millis) throws IOException {
      FolderName name = FolderName.of(folder);
      String id = texts.get("trial_id");
      run = sink.run(name.task(), id.isEmpty() || id.length() > JsonLeaves.LONGEST_NAME ? name.run() : id);
      double elapsed = row.number(COST);
      if (elapsed >= 0) {
        run.costMetric(COST, "seconds");
        if (millis != LoggedRun.NO_TIME) {
          Times.tellStart(run, millis - (long) (1000 * elapsed));
        }
      }
      readParameters();
    }

    private void readParameters() throws IOException {
      Path file = folder.resolve("params.json");
      if (!Files.isRegularFile(file)) {
        return;
      }
      if (Files.size(file) > LONGEST_PARAMETERS) {
        sink.skipped(file.toString(), "longer than the %d bytes that parameters may have".formatted(LONGEST_PARAMETERS));
        return;
      }
      byte[] bytes = Files.readAllBytes(file);
      try (JsonParser in = LogJson.open(bytes, 0, bytes.length)) {
        if (in.nextToken() != null) {
          JsonParameters.read("", in, run);
        }
      } catch (JsonProcessingException e) {
        sink.skipped(file.toString(), LogJson.fault(e) + "; the parameters from there on were left out");
      } catch (MalformedRecordException e) {
        sink.skipped(file.toString(), e.getMessage() + "; the parameters from there on were left out");
      }
    }

    void finish() {
      boolean failed = Files.exists(folder.resolve("error.txt")) || Files.exists(folder.resolve("error.pkl"));
      run.end(failed ? End.CRASHED : Boolean.parseBoolean(texts.get("done")) ? End.UNKNOWN : End.TRUNCATED);
    }
  }
}
