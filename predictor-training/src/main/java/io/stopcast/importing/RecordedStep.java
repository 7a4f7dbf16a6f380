package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/** A step of a recording: what was shown and what was decided. Used again for the next one. */
final class RecordedStep {
  static final String STEP = "step";

  private static final String STOP = "stop";
  private static final int MOST = 1 << 16;

  private long index;
  private double cost;
  private double probability;
  private double propensity;
  private boolean isStop;
  private String[] names = new String[16];
  private double[] values = new double[16];
  private int count;

  /** Reads an object to its end; the parser stands at its first key, {@value #STEP}. */
  void read(JsonParser in) throws IOException {
    cost = Double.NaN;
    probability = Double.NaN;
    propensity = 1;
    isStop = false;
    count = 0;
    if (in.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new MalformedRecordException("a step whose number is no whole one");
    }
    index = in.getLongValue();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String key = in.currentName();
      JsonToken value = in.nextToken();
      switch (key) {
        case "cost" -> cost = number(in);
        case "probability" -> probability = number(in);
        case "propensity" -> propensity = share(number(in));
        case "decision" -> isStop = value == JsonToken.VALUE_STRING && in.getText().equals(STOP);
        case "values" -> readValues(in);
        default -> in.skipChildren();
      }
    }
  }

  private void readValues(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new MalformedRecordException("a step whose values are no object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      double value = number(in);
      if (count == MOST) {
        throw new MalformedRecordException("a step of more than %d values".formatted(MOST));
      }
      if (count == names.length) {
        names = Arrays.copyOf(names, 2 * count);
        values = Arrays.copyOf(values, 2 * count);
      }
      names[count] = name;
      values[count++] = value;
    }
  }

  /** Not 0, to which the product over very many draws is rounded. */
  private static double share(double propensity) throws MalformedRecordException {
    if (!(propensity >= 0 && propensity <= 1)) {
      throw new MalformedRecordException("a step whose propensity is not within 0 and 1");
    }
    return Math.max(propensity, Double.MIN_NORMAL);
  }

  private static double number(JsonParser in) throws IOException {
    if (!in.currentToken().isNumeric()) {
      throw new MalformedRecordException("a step with something that is no number");
    }
    return LogJson.number(in);
  }

  /** Reads an object to its end, for a word that was looked for and found. */
  static void skipRest(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      in.nextToken();
      in.skipChildren();
    }
  }

  long index() {
    return index;
  }

  /** NaN if not known. */
  double cost() {
    return cost;
  }

  /** That stopping here is right; NaN if not known. */
  double probability() {
    return probability;
  }

  /** How probable it was to draw what was drawn so far; 1 if nothing was. */
  double propensity() {
    return propensity;
  }

  boolean isStop() {
    return isStop;
  }

  int count() {
    return count;
  }

  String name(int i) {
    return names[i];
  }

  double value(int i) {
    return values[i];
  }
}
