package io.stopcast.live;

/** One JSON object, written member by member on one line. What is no number in JSON, NaN and infinities, becomes null. */
final class Json {
  private static final int LONGEST_TEXT = 256;

  private final StringBuilder text = new StringBuilder(256).append('{');

  Json put(String name, String value) {
    return raw(name, value == null ? "null" : quoted(value));
  }

  Json put(String name, double value) {
    return raw(name, Double.isFinite(value) ? Double.toString(value) : "null");
  }

  Json put(String name, long value) {
    return raw(name, Long.toString(value));
  }

  Json put(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  private Json raw(String name, String value) {
    text.append(text.length() == 1 ? "" : ",").append('"').append(name).append("\":").append(value);
    return this;
  }

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
