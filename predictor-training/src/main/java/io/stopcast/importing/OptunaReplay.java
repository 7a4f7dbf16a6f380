package io.stopcast.importing;

import com.fasterxml.jackson.databind.JsonNode;
import io.stopcast.history.Quoted;
import io.stopcast.run.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Plays a journal's operations, as Optuna's own storage does: studies and trials are numbered in the order in which they come,
 * a study of a name that is there is none, and what is said of a trial that has ended is not heard.
 */
final class OptunaReplay {
  static final int DELETE_STUDY = 1;
  private static final int CREATE_STUDY = 0;
  private static final int STUDY_ATTRIBUTE = 3;
  private static final int CREATE_TRIAL = 4;
  private static final int PARAMETER = 5;
  private static final int STATE = 6;
  private static final int REPORT = 7;

  private final Path path;
  private final Set<Long> deleted;
  private final LogSink sink;
  private final OptunaJson json = new OptunaJson();
  private final List<OptunaStudy> studies = new ArrayList<>();
  private final List<Integer> trialsOfStudy = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<Integer> gone = new HashSet<>();
  private final List<Trial> trials = new ArrayList<>();

  /**
   * Begins a journal.
   *
   * @param deleted the numbers of studies that will be deleted: their trials are not told
   */
  OptunaReplay(Path path, Set<Long> deleted, LogSink sink) {
    this.path = path;
    this.deleted = deleted;
    this.sink = sink;
  }

  private static final class Trial {
    final int study;
    final int number;
    OptunaState state = OptunaState.RUNNING;
    long lastStep = -1;

    Trial(int study, int number) {
      this.study = study;
      this.number = number;
    }
  }

  /**
   * Takes the next operation.
   *
   * @throws IllegalArgumentException if it cannot be understood; it is as if it were not there
   */
  void apply(JsonNode operation, long line) throws IOException {
    switch (operation.path("op_code").intValue()) {
      case CREATE_STUDY -> createStudy(operation);
      case DELETE_STUDY -> deleteStudy(operation);
      case STUDY_ATTRIBUTE -> nameMetrics(operation);
      case CREATE_TRIAL -> createTrial(operation, line);
      case PARAMETER -> {
        Trial trial = openTrial(operation);
        if (trial != null) {
          parameter(run(trial), operation.path("param_name").asText(""), operation.path("param_value_internal"),
              operation.path("distribution").asText(""), line);
        }
      }
      case STATE -> {
        Trial trial = openTrial(operation);
        if (trial != null) {
          state(trial, operation);
        }
      }
      case REPORT -> {
        Trial trial = openTrial(operation);
        if (trial != null) {
          report(trial, whole(operation.path("step")), number(operation.path("intermediate_value")));
        }
      }
      default -> {} // attributes, and what other versions add
    }
  }

  /** Counts what was not told, at the end of the journal. */
  void finish() {
    long waiting = trials.stream().filter(t -> t.state == OptunaState.WAITING && isTold(t.study)).count();
    if (waiting > 0) {
      sink.skipped(path.toString(), "%d trials that never began".formatted(waiting));
    }
    long lost = trials.stream().filter(t -> !isTold(t.study)).count();
    if (!deleted.isEmpty()) {
      sink.skipped(path.toString(), "%d studies that were deleted, of %d trials".formatted(deleted.size(), lost));
    }
  }

  private void createStudy(JsonNode operation) {
    String name = operation.path("study_name").asText("");
    if (!names.add(name)) {
      return;
    }
    List<Direction> directions = new ArrayList<>();
    for (JsonNode direction : operation.path("directions")) {
      directions.add(direction.asInt() == 1 ? Direction.MINIMIZE : direction.asInt() == 2 ? Direction.MAXIMIZE : null);
    }
    studies.add(new OptunaStudy(name, directions));
    trialsOfStudy.add(0);
  }

  private void deleteStudy(JsonNode operation) {
    int study = study(operation);
    if (gone.add(study)) {
      names.remove(studies.get(study).name);
    }
  }

  private void nameMetrics(JsonNode operation) {
    JsonNode metrics = operation.path("system_attr").path(OptunaStudy.NAMES);
    if (metrics.isArray()) {
      studies.get(study(operation)).name(metrics);
    }
  }

  private void createTrial(JsonNode operation, long line) throws IOException {
    int study = study(operation);
    if (gone.contains(study)) {
      return;
    }
    Trial trial = new Trial(study, trialsOfStudy.get(study));
    trialsOfStudy.set(study, trial.number + 1);
    trials.add(trial);
    OptunaState state = OptunaState.ofNumber(operation.path("state").asInt(0));
    if (state == OptunaState.WAITING) {
      trial.state = state;
    }
    if (!isTold(study)) {
      trial.state = state;
      return;
    }
    if (state != OptunaState.WAITING) {
      begin(trial, operation);
    }
    for (Map.Entry<String, JsonNode> parameter : operation.path("params").properties()) {
      String distribution = operation.path("distributions").path(parameter.getKey()).asText("");
      parameter(run(trial), parameter.getKey(), parameter.getValue(), distribution, line);
    }
    for (Map.Entry<String, JsonNode> report : operation.path("intermediate_values").properties()) {
      report(trial, Long.parseLong(report.getKey()), number(report.getValue()));
    }
    if (state.isFinished()) {
      state(trial, operation);
    }
  }

  private void begin(Trial trial, JsonNode operation) throws IOException {
    LoggedRun run = run(trial);
    studies.get(trial.study).tellObjective(run);
    OptunaTimes.parse(operation.path("datetime_start").asText(null)).ifPresent(run::started);
  }

  private void parameter(LoggedRun run, String name, JsonNode stored, String distribution, long line) {
    Object value = json.distribution(distribution).decode(number(stored));
    if (value != null) {
      new Parameters(run, path + " line " + line, sink).add(name, value);
    }
  }

  private void state(Trial trial, JsonNode operation) throws IOException {
    OptunaState state = OptunaState.ofNumber(operation.path("state").asInt(0));
    if (trial.state == OptunaState.WAITING && state != OptunaState.WAITING) {
      begin(trial, operation);
    }
    trial.state = state;
    LoggedRun run = run(trial);
    run.end(state.end);
    JsonNode values = operation.path("values").isArray() ? operation.path("values") : operation.path("value");
    if (values.isArray()) {
      for (int i = 0; i < values.size(); i++) {
        studies.get(trial.study).tellFinal(run, i, number(values.get(i)), trial.lastStep);
      }
    } else if (values.isNumber()) {
      studies.get(trial.study).tellFinal(run, 0, number(values), trial.lastStep);
    }
  }

  private void report(Trial trial, long step, double value) throws IOException {
    run(trial).value(studies.get(trial.study).reported(), step, LoggedRun.NO_TIME, value);
    trial.lastStep = Math.max(trial.lastStep, step);
  }

  private LoggedRun run(Trial trial) throws IOException {
    return sink.run(studies.get(trial.study).name, Integer.toString(trial.number));
  }

  /** The trial that an operation is about; null if nothing more is heard of it. */
  private Trial openTrial(JsonNode operation) {
    long id = whole(operation.path("trial_id"));
    if (id < 0 || id >= trials.size()) {
      throw new IllegalArgumentException("there is no trial %d yet".formatted(id));
    }
    Trial trial = trials.get((int) id);
    return trial.state.isFinished() || !isTold(trial.study) ? null : trial;
  }

  private int study(JsonNode operation) {
    long id = whole(operation.path("study_id"));
    if (id < 0 || id >= studies.size()) {
      throw new IllegalArgumentException("there is no study %d yet".formatted(id));
    }
    return (int) id;
  }

  private boolean isTold(int study) {
    return !deleted.contains((long) study);
  }

  private static long whole(JsonNode json) {
    if (!json.isIntegralNumber() || !json.canConvertToLong()) {
      throw new IllegalArgumentException("expected a whole number, found " + Quoted.of(json.toString()));
    }
    return json.longValue();
  }

  /** Null is how some versions write NaN. */
  private static double number(JsonNode json) {
    if (json.isNull()) {
      return Double.NaN;
    }
    if (!json.isNumber()) {
      throw new IllegalArgumentException("expected a number, found " + Quoted.of(json.toString()));
    }
    return json.doubleValue();
  }
}
