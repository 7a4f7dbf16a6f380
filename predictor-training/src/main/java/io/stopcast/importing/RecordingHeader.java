package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stopcast.history.Quoted;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The first line of a recording.
 *
 * @param texts source, task, run, policy and the like, by their keys
 * @param parameters of the run
 * @param objective null if not told
 * @param plannedPoints 0 if not known
 * @param plannedCost NaN if not known
 * @param isResumed whether the run was recorded before in the same file
 */
record RecordingHeader(
    Map<String, String> texts,
    Map<String, Object> parameters,
    Objective objective,
    long plannedPoints,
    double plannedCost,
    boolean isResumed) {
  static final String MARK = "stopcast";
  static final String KIND = "recording";

  private static final int VERSION = 1;

  /** Reads an object to its end; the parser stands at its first key, {@value #MARK}. */
  static RecordingHeader read(JsonParser in) throws IOException {
    if (!KIND.equals(in.nextTextValue())) {
      throw new MalformedRecordException("not a recording");
    }
    Map<String, String> texts = new HashMap<>();
    Map<String, Object> parameters = new LinkedHashMap<>();
    Objective objective = null;
    long version = 0;
    long points = 0;
    double cost = Double.NaN;
    boolean resumed = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      JsonToken value = in.nextToken();
      switch (key) {
        case "version" -> version = whole(in);
        case "planned" -> points = whole(in);
        case "planned_cost" -> cost = value.isNumeric() ? LogJson.number(in) : Double.NaN;
        case "resumed" -> resumed = value == JsonToken.VALUE_TRUE;
        case "context" -> readParameters(in, parameters);
        case "objective" -> objective = readObjective(in);
        case "source", "task", "run", "cost_unit", "policy", "started" -> {
          if (value != JsonToken.VALUE_STRING) {
            throw new MalformedRecordException("a run whose %s is no text".formatted(key));
          }
          if (!in.getText().isEmpty()) { // an empty text tells nothing
            texts.put(key, in.getText());
          }
        }
        default -> in.skipChildren();
      }
    }
    if (version != VERSION) {
      throw new MalformedRecordException(
          "a recording of version %d; this reader knows version %d".formatted(version, VERSION));
    }
    if (!texts.containsKey("source") || !texts.containsKey("task") || !texts.containsKey("run")) {
      throw new MalformedRecordException("a run without source, task and name");
    }
    return new RecordingHeader(texts, parameters, objective, points, cost, resumed);
  }

  private static long whole(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new MalformedRecordException("a run whose %s is no whole number".formatted(in.currentName()));
    }
    return in.getLongValue();
  }

  private static void readParameters(JsonParser in, Map<String, Object> to) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new MalformedRecordException("a run whose context is no object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      Object value = JsonParameters.scalar(in);
      in.skipChildren();
      if (value != null) {
        to.put(name, value);
      }
    }
  }

  private static Objective readObjective(JsonParser in) throws IOException {
    String name = "";
    String goal = "";
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new MalformedRecordException("a run whose objective is no object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      String text = in.nextToken() == JsonToken.VALUE_STRING ? in.getText() : "";
      switch (key) {
        case "name" -> name = text;
        case "goal" -> goal = text;
        default -> in.skipChildren();
      }
    }
    if (name.isEmpty() || !goal.equals("max") && !goal.equals("min")) {
      throw new MalformedRecordException("a run whose objective has no name or whose goal is neither max nor min");
    }
    return goal.equals("max") ? Objective.maximize(name) : Objective.minimize(name);
  }

  String source() {
    return texts.get("source");
  }

  String task() {
    return texts.get("task");
  }

  String run() {
    return texts.get("run");
  }

  String costUnit() {
    return texts.getOrDefault("cost_unit", "steps");
  }

  /** Tells the run all that was known when it began. */
  void tell(LoggedRun to, String where, LogSink sink) {
    Parameters checked = new Parameters(to, where, sink);
    parameters.forEach(checked::add);
    if (texts.containsKey("policy")) {
      checked.add(RecordingReader.POLICY, texts.get("policy"));
    }
    if (objective != null) {
      to.objective(objective.metric(), objective.direction());
    }
    if (plannedPoints > 0) {
      to.plannedPoints(plannedPoints);
    }
    if (plannedCost > 0 && plannedCost < Double.POSITIVE_INFINITY) {
      to.plannedCost(plannedCost);
    }
    if (!isResumed && texts.containsKey("started")) {
      tellStart(texts.get("started"), to, where, sink);
    }
  }

  private static void tellStart(String started, LoggedRun to, String where, LogSink sink) {
    try {
      Instant start = Instant.parse(started);
      Times.tellStart(to, Times.millis(start.getEpochSecond() + start.getNano() / 1e9));
    } catch (DateTimeException e) {
      sink.skipped(where, "%s is no time at which a run can have started".formatted(Quoted.of(started)));
    }
  }
}
