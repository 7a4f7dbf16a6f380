package io.stopcast.importing;

import io.stopcast.run.Direction;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells runs what the entries of one MLPerf log say, which several processes may have written at once, each entry more than
 * once.
 */
final class MlperfRun {
  private static final int MOST_PARAMETERS = 1000;

  private final LogSink sink;
  private final FolderName name;
  private final MlperfUnit unit;
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private LoggedRun run;
  private int runs;
  private boolean training;
  private boolean ended;
  private long otherwiseCounted;

  /** @param name the run's, and the task's where the log does not name the benchmark */
  MlperfRun(LogSink sink, FolderName name, MlperfUnit unit) {
    this.sink = sink;
    this.name = name;
    this.unit = unit;
  }

  void tell(MlperfEntry entry) throws IOException {
    switch (entry.key()) {
      case "" -> {}
      case "run_start" -> {
        if (run == null || ended) {
          begin(entry.millis());
        }
      }
      case "run_stop" -> {
        if (run != null && !ended) {
          end(entry.status());
        }
      }
      case "epoch_start", "block_start" -> training = true;
      default -> {
        if (entry.unit() >= 0 && entry.numbers() > 0) {
          tellNumbers(entry);
        } else if (!training && entry.scalar() != null) {
          tellParameter(entry.key(), entry.scalar());
        }
      }
    }
  }

  private void tellParameter(String parameter, Object value) {
    if (parameters.size() < MOST_PARAMETERS && parameters.putIfAbsent(parameter, value) == null && run != null && !ended) {
      run.parameter(parameter, value);
    }
  }

  private void tellNumbers(MlperfEntry entry) throws IOException {
    if (ended) {
      return;
    }
    if (!unit.isTold(entry)) {
      otherwiseCounted++;
      return;
    }
    if (run == null) {
      begin(entry.millis());
    }
    training = true;
    for (int i = 0; i < entry.numbers(); i++) {
      run.value(entry.key() + entry.suffix(i), unit.step(entry), entry.millis(), entry.number(i));
    }
    switch (entry.key()) {
      case "eval_accuracy" -> run.objective(entry.key(), Direction.MAXIMIZE);
      case "eval_error", "eval_loss" -> run.objective(entry.key(), Direction.MINIMIZE);
      default -> {}
    }
  }

  private void begin(long millis) throws IOException {
    runs++;
    Object benchmark = parameters.get("submission_benchmark");
    String task = benchmark == null || benchmark.toString().isEmpty() ? name.task() : benchmark.toString();
    run = sink.run(task, runs == 1 ? name.run() : name.run() + "#" + runs);
    Times.tellStart(run, millis);
    parameters.forEach(run::parameter);
    ended = false;
    training = false;
  }

  private void end(String status) {
    run.end(
        switch (status) {
          case "success" -> End.TARGET;
          case "aborted" -> End.ABORTED;
          default -> End.UNKNOWN;
        });
    ended = true;
    training = false;
    parameters.keySet().removeIf(parameter -> !parameter.startsWith("submission_")); // another run may follow
  }

  /** After the last entry. */
  void finish(Path file) {
    if (otherwiseCounted > 0) {
      sink.skipped(
          file.toString(),
          "%d entries count their steps in something else than evaluations do; they were left out".formatted(otherwiseCounted));
    }
    if (run != null && !ended) {
      run.end(End.TRUNCATED);
    }
  }

  boolean isEmpty() {
    return run == null;
  }
}
