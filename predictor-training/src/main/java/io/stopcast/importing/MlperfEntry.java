package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One object of an MLPerf log: key, value, time, and what step it speaks of. Read anew for every line. */
final class MlperfEntry {
  /** What a step may be counted in, the best first. */
  private static final List<String> COUNTS = List.of("epoch_num", "step_num", "step", "samples_count", "iteration");

  private final List<String> suffixes = new ArrayList<>();
  private final List<Double> numbers = new ArrayList<>();
  private final double[] counts = new double[COUNTS.size()];
  private String key;
  private String status;
  private long millis;
  private Object scalar;

  /** Reads an object to its end. */
  void read(JsonParser in) throws IOException {
    key = "";
    status = "";
    millis = LoggedRun.NO_TIME;
    scalar = null;
    suffixes.clear();
    numbers.clear();
    Arrays.fill(counts, Double.NaN);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "key" -> {
          boolean isName = in.currentToken() == JsonToken.VALUE_STRING && in.getTextLength() <= JsonLeaves.LONGEST_NAME;
          key = isName ? in.getText() : "";
          in.skipChildren();
        }
        case "time_ms" -> millis = Times.millis(in.getValueAsDouble(0) / 1000);
        case "value" -> readValue(in);
        case "metadata" -> readMetadata(in);
        default -> in.skipChildren();
      }
    }
  }

  private void readValue(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.START_OBJECT) {
      JsonLeaves.Visitor visitor =
          (name, at) -> {
            if (at.currentToken().isNumeric()) {
              suffixes.add("." + name);
              numbers.add(LogJson.number(at));
            }
          };
      new JsonLeaves(".", visitor).walk("", in);
      return;
    }
    if (in.currentToken().isNumeric()) {
      suffixes.add("");
      numbers.add(LogJson.number(in));
    }
    scalar = JsonParameters.scalar(in);
    in.skipChildren();
  }

  private void readMetadata(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return;
    }
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
  }

  /** Empty if there is none. */
  String key() {
    return key;
  }

  /** How a run ended, where it says so. */
  String status() {
    return status;
  }

  long millis() {
    return millis;
  }

  /** Text, boolean or number; null for anything else. */
  Object scalar() {
    return scalar;
  }

  /** How many numbers the value holds. */
  int numbers() {
    return numbers.size();
  }

  /** What stands behind the key in the name of a metric. */
  String suffix(int i) {
    return suffixes.get(i);
  }

  double number(int i) {
    return numbers.get(i);
  }

  /** The best unit in which the entry counts its step; -1 if it tells none. */
  int unit() {
    for (int unit = 0; unit < counts.length; unit++) {
      if (!Double.isNaN(counts[unit])) {
        return unit;
      }
    }
    return -1;
  }

  /** The step in a unit; NaN if it does not tell. */
  double count(int unit) {
    return counts[unit];
  }
}
