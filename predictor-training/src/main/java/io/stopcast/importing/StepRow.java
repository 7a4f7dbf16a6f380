package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The numbers of one JSON object that reports a step, kept until it is known which step that is. Used again for the next one.
 *
 * <p>Numbers in objects within are named by the path to them.
 */
final class StepRow {
  private static final int MOST = 1 << 16;

  private final JsonLeaves leaves;
  private final Set<String> passedOver;
  private final Set<String> seen = new HashSet<>();
  private String[] names = new String[32];
  private double[] numbers = new double[32];
  private int count;
  private String malformed;

  /**
   * @param separator between the keys of nested objects
   * @param passedOver keys at the top whose values are not looked at
   */
  StepRow(String separator, Set<String> passedOver) {
    this.passedOver = passedOver;
    this.leaves =
        new JsonLeaves(
            separator,
            new JsonLeaves.Visitor() {
              @Override
              public void scalar(String name, JsonParser at) throws IOException {
                if (at.currentToken().isNumeric()) {
                  add(name, at);
                } else if (at.currentToken() == JsonToken.VALUE_STRING && isNoNumber(at.getText())) {
                  add(name, Double.parseDouble(at.getText()));
                }
              }

              @Override
              public boolean enters(String name, String firstKey) {
                return !firstKey.equals("_type"); // W&B's pictures and tables
              }
            });
  }

  /** Reads an object to its end, and keeps texts of keys at the top that are asked for. */
  void read(JsonParser in, Map<String, String> texts) throws IOException {
    count = 0;
    seen.clear();
    malformed = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      in.nextToken();
      if (key.isEmpty() || passedOver.contains(key)) {
        in.skipChildren();
      } else if (texts.containsKey(key) && in.currentToken().isScalarValue()) {
        texts.put(key, in.getText());
      } else {
        leaves.walk(key, in);
      }
    }
  }

  private void add(String name, JsonParser at) throws IOException {
    try {
      add(name, LogJson.number(at));
    } catch (MalformedRecordException e) {
      malformed = e.getMessage();
    }
  }

  private void add(String name, double number) {
    if (count == MOST) {
      malformed = "more than %d numbers".formatted(MOST);
      return;
    }
    if (!seen.add(name)) {
      malformed = "%s comes twice; the first one was taken".formatted(Quoted.of(name));
      return;
    }
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    names[count] = name;
    numbers[count++] = number;
  }

  private static boolean isNoNumber(String text) {
    return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
  }

  int count() {
    return count;
  }

  String name(int i) {
    return names[i];
  }

  double number(int i) {
    return numbers[i];
  }

  /** The number of this name; NaN if there is none. */
  double number(String name) {
    for (int i = 0; i < count; i++) {
      if (names[i].equals(name)) {
        return numbers[i];
      }
    }
    return Double.NaN;
  }

  /** What was wrong with a number that was left out; null if nothing was. */
  String malformed() {
    return malformed;
  }
}
