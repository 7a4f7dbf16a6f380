package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells runs what the lines of one MLPerf log say, which several processes may have written at once, each line more than once. */
final class MlperfRun {
  private static final int MOST_PARAMETERS = 1000;
  /** What a step may be counted in, the best first. */
  private static final List<String> COUNTS = List.of("epoch_num", "step_num", "step", "samples_count", "iteration");
  /** Epochs may come in fractions; steps are whole. */
  private static final long FRACTIONS = 1000;

  private final LogSink sink;
  private final FolderName name;
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private final List<String> valueNames = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();
  private final double[] counts = new double[COUNTS.size()];
  private LoggedRun run;
  private int runs;
  private boolean training;
  private boolean ended;
  private int unit = -1;
  private long scale;

  /** @param name the run's, and the task's where the log does not name the benchmark */
  MlperfRun(LogSink sink, FolderName name) {
    this.sink = sink;
    this.name = name;
  }

  /** Reads one line's object, to its end. */
  void read(JsonParser in) throws IOException {
    String key = "";
    String status = "";
    long millis = LoggedRun.NO_TIME;
    Object scalar = null;
    valueNames.clear();
    values.clear();
    Arrays.fill(counts, Double.NaN);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "key" -> key = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
        case "time_ms" -> millis = Times.millis(in.getValueAsDouble(0) / 1000);
        case "value" -> scalar = readValue(in);
        case "metadata" -> status = readMetadata(in);
        default -> in.skipChildren();
      }
    }
    if (!key.isEmpty() && key.length() <= JsonLeaves.LONGEST_NAME) {
      tell(key, scalar, status, millis);
    }
  }

  private Object readValue(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      if (in.currentToken().isNumeric()) {
        valueNames.add("");
        values.add(LogJson.number(in));
      }
      Object scalar = JsonParameters.scalar(in);
      in.skipChildren();
      return scalar;
    }
    JsonLeaves.Visitor numbers =
        (name, at) -> {
          if (at.currentToken().isNumeric()) {
            valueNames.add("." + name);
            values.add(LogJson.number(at));
          }
        };
    new JsonLeaves(".", numbers).walk("", in);
    return null;
  }

  private String readMetadata(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return "";
    }
    String status = "";
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      int count = COUNTS.indexOf(field);
      if (count >= 0 && in.currentToken().isNumeric()) {
        counts[count] = LogJson.number(in);
      } else if (field.equals("status") && in.currentToken() == JsonToken.VALUE_STRING) {
        status = in.getText();
      }
      in.skipChildren();
    }
    return status;
  }

  private void tell(String key, Object scalar, String status, long millis) throws IOException {
    switch (key) {
      case "run_start" -> {
        if (run == null || ended) {
          begin(millis);
        }
      }
      case "run_stop" -> {
        if (run != null && !ended) {
          ended = true;
          training = false;
          parameters.keySet().removeIf(parameter -> !parameter.startsWith("submission_"));
          run.end(status.equals("success") ? End.TARGET : status.equals("aborted") ? End.ABORTED : End.UNKNOWN);
        }
      }
      case "epoch_start", "block_start" -> training = true;
      default -> {
        if (hasStep() && !values.isEmpty() && !ended) {
          tellValues(key, millis);
        } else if (!training && scalar != null && !key.endsWith("_stop") && !key.endsWith("_start")) {
          tellParameter(key, scalar);
        }
      }
    }
  }

  private void tellParameter(String key, Object value) {
    if (parameters.size() < MOST_PARAMETERS && parameters.putIfAbsent(key, value) == null && run != null && !ended) {
      run.parameter(key, value);
    }
  }

  private void tellValues(String key, long millis) throws IOException {
    if (run == null) {
      begin(millis);
    }
    training = true;
    long step = step();
    for (int i = 0; i < values.size(); i++) {
      run.value(key + valueNames.get(i), step, millis, values.get(i));
    }
    if (key.equals("eval_accuracy")) {
      run.objective(key, Direction.MAXIMIZE);
    } else if (key.equals("eval_error") || key.equals("eval_loss")) {
      run.objective(key, Direction.MINIMIZE);
    }
  }

  private boolean hasStep() {
    for (double count : counts) {
      if (!Double.isNaN(count)) {
        return true;
      }
    }
    return false;
  }

  /** In the unit of the run's first step, if this line has it; in thousandths if that was a fraction. */
  private long step() {
    int found = unit >= 0 && !Double.isNaN(counts[unit]) ? unit : 0;
    while (Double.isNaN(counts[found])) {
      found++;
    }
    if (unit < 0) {
      unit = found;
      scale = counts[found] == Math.rint(counts[found]) ? 1 : FRACTIONS;
    }
    return Math.round(counts[found] * scale);
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
    unit = -1;
  }

  void finish() {
    if (run != null && !ended) {
      run.end(End.TRUNCATED);
    }
  }

  boolean isEmpty() {
    return run == null;
  }
}
