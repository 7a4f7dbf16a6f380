package io.stopcast.live;

import java.util.StringJoiner;

/** One JSON object, written member by member on one line. What is no number in JSON, NaN and infinities, becomes null. */
public final class Json {
  private static final int LONGEST_TEXT = 256;

  private final StringBuilder text = new StringBuilder(256).append('{');

  /** A member with a text, or null. */
  public Json put(String name, String value) {
    return raw(name, value == null ? "null" : quoted(value));
  }

  /** A member with a number; null where JSON has none. */
  public Json put(String name, double value) {
    return raw(name, number(value));
  }

  /** A member with a whole number. */
  public Json put(String name, long value) {
    return raw(name, Long.toString(value));
  }

  /** A member that is true or false. */
  public Json put(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  /** A member with numbers, in their order. */
  public Json put(String name, double[] values) {
    StringJoiner numbers = new StringJoiner(",", "[", "]");
    for (double value : values) {
      numbers.add(number(value));
    }
    return raw(name, numbers.toString());
  }

  Json put(String name, Json value) {
    return raw(name, value.toString());
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  private Json raw(String name, String value) {
    text.append(text.length() == 1 ? "" : ",").append('"').append(name).append("\":").append(value);
    return this;
  }

  /** The whole object. */
  @Override
  public String toString() {
    return text + "}";
  }

  /** A text that is not trusted, between quotes: control characters and all beyond ASCII escaped, cut if long. */
  static String quoted(String untrusted) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < untrusted.length() && i < LONGEST_TEXT; i++) {
      char c = untrusted.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        quoted.append(c);
      } else {
        quoted.append("\\u%04x".formatted((int) c));
      }
    }
    return quoted.append(untrusted.length() > LONGEST_TEXT ? "...\"" : "\"").toString();
  }
}
