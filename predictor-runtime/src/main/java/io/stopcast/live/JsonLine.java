package io.stopcast.live;

import java.util.Arrays;

/**
 * One line of JSON, built in bytes that are used again. All of it is ASCII, the rest is escaped: no name can break a line, and
 * a line that is cut off anywhere is still text. NaN and infinities stand bare, as Python writes them.
 */
final class JsonLine {
  private static final String HEX = "0123456789abcdef";

  private byte[] bytes = new byte[512];
  private int length;

  /** Begins anew. */
  JsonLine clear() {
    length = 0;
    return this;
  }

  JsonLine open() {
    return put('{');
  }

  JsonLine close() {
    return put('}');
  }

  /** Ends the line. */
  JsonLine lineBreak() {
    return put('\n');
  }

  JsonLine key(String name) {
    if (bytes[length - 1] != '{') {
      put(',');
    }
    return text(name).put(':');
  }

  JsonLine text(String text) {
    put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isLoneSurrogate(text, i)) {
        put('\\'); // readers refuse it in a name: spelt out, it stays what tells two names apart
      }
      if (c == '"' || c == '\\') {
        put('\\').put(c);
      } else if (c >= ' ' && c < 0x7f) {
        put(c);
      } else {
        put('\\').put('u').hex(c >> 12).hex(c >> 8).hex(c >> 4).hex(c);
      }
    }
    return put('"');
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  JsonLine number(double number) {
    return plain(Double.toString(number));
  }

  JsonLine number(long number) {
    return plain(Long.toString(number));
  }

  JsonLine truth(boolean truth) {
    return plain(Boolean.toString(truth));
  }

  /** The bytes, valid up to {@link #length} until the next {@link #clear}. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  private JsonLine plain(String word) {
    for (int i = 0; i < word.length(); i++) {
      put(word.charAt(i));
    }
    return this;
  }

  private JsonLine hex(int digit) {
    return put(HEX.charAt(digit & 15));
  }

  private JsonLine put(char c) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) c;
    return this;
  }
}
