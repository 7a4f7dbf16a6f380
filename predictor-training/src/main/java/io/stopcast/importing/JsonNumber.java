package io.stopcast.importing;

import com.fasterxml.jackson.core.io.NumberInput;

/**
 * A number in JSON, read from bytes without making strings. Keeps a buffer: one thread.
 *
 * <p>Up to 15 digits with a small exponent are exact in a product of two doubles (Clinger, "How to read floating point numbers
 * accurately", 1990); the rest goes to Jackson's reader.
 */
final class JsonNumber {
  private static final int LONGEST = 64;
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private final char[] chars = new char[LONGEST];
  private double value;

  /**
   * Whether the bytes are a number, or NaN or an infinity as Python writes them, with or without quotes; {@link #value} has
   * it then.
   */
  boolean read(byte[] bytes, int from, int to) throws MalformedRecordException {
    if (from < to && (bytes[from] == '-' || isDigit(bytes[from]))) {
      int first = bytes[from] == '-' ? from + 1 : from;
      return first < to && isDigit(bytes[first]) ? readDigits(bytes, from, to) : readWord(bytes, from, to);
    }
    if (to - from > 2 && bytes[from] == '"' && bytes[to - 1] == '"') {
      return readWord(bytes, from + 1, to - 1);
    }
    return readWord(bytes, from, to);
  }

  double value() {
    return value;
  }

  private boolean readDigits(byte[] bytes, int from, int to) throws MalformedRecordException {
    if (to - from > LONGEST) {
      throw new MalformedRecordException("a number of %d characters; %d are allowed".formatted(to - from, LONGEST));
    }
    boolean negative = bytes[from] == '-';
    int i = negative ? from + 1 : from;
    long digits = 0;
    int count = 0;
    int exponent = 0;
    for (; i < to && isDigit(bytes[i]); i++) {
      digits = 10 * digits + bytes[i] - '0';
      count += digits == 0 ? 0 : 1;
    }
    if (i < to && bytes[i] == '.') {
      int point = i++;
      for (; i < to && isDigit(bytes[i]); i++) {
        digits = 10 * digits + bytes[i] - '0';
        count += digits == 0 ? 0 : 1;
      }
      exponent = point + 1 - i;
      if (exponent == 0) {
        return false;
      }
    }
    if (i < to && (bytes[i] == 'e' || bytes[i] == 'E')) {
      i++;
      boolean down = i < to && bytes[i] == '-';
      i += i < to && (bytes[i] == '-' || bytes[i] == '+') ? 1 : 0;
      int start = i;
      int power = 0;
      for (; i < to && isDigit(bytes[i]); i++) {
        power = Math.min(10 * power + bytes[i] - '0', 100_000);
      }
      if (i == start) {
        return false;
      }
      exponent += down ? -power : power;
    }
    if (i < to) {
      return false;
    }
    if (count <= 15 && exponent >= -22 && exponent <= 22) {
      double size = exponent < 0 ? digits / TENS[-exponent] : digits * TENS[exponent];
      value = negative ? -size : size;
      return true;
    }
    for (int c = from; c < to; c++) {
      chars[c - from] = (char) bytes[c];
    }
    value = NumberInput.parseDouble(chars, 0, to - from, true);
    if (Double.isInfinite(value)) {
      throw new MalformedRecordException("a number that is too large: " + new String(chars, 0, to - from));
    }
    return true;
  }

  private boolean readWord(byte[] bytes, int from, int to) {
    if (is("NaN", bytes, from, to)) {
      value = Double.NaN;
    } else if (is("Infinity", bytes, from, to)) {
      value = Double.POSITIVE_INFINITY;
    } else if (is("-Infinity", bytes, from, to)) {
      value = Double.NEGATIVE_INFINITY;
    } else {
      return false;
    }
    return true;
  }

  private static boolean is(String word, byte[] bytes, int from, int to) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (bytes[i] != word.charAt(i - from)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
