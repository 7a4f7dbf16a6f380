package io.stopcast.history;

/** Untrusted text as it may stand in a message: quoted, cut, without characters that could drive a terminal. */
public final class Quoted {
  private static final int LIMIT = 120;

  private Quoted() {}

  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("'");
    text.codePoints()
        .limit(LIMIT)
        .forEach(
            c -> {
              int type = Character.getType(c);
              if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append(text.codePointCount(0, text.length()) > LIMIT ? "...'" : "'").toString();
  }
}
