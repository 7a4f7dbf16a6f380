package io.stopcast.importing;

import java.util.Locale;

/**
 * Numbers as logs of many languages spell them.
 *
 * <p>NaN and infinities: {@code nan}, {@code NaN}, {@code inf}, {@code -Infinity}, {@code 1.#QNAN}, {@code -1.#INF} and the
 * like, in either case. Nothing, {@code NA}, {@code N/A}, {@code null} and {@code None} say that there is no value, which is
 * not NaN.
 */
final class LoggedNumber {
  private static final int LONGEST = 64;

  private LoggedNumber() {}

  static boolean isAbsent(String text) {
    return switch (text) {
      case "", "NA", "N/A", "na", "n/a", "null", "NULL", "None" -> true;
      default -> false;
    };
  }

  /**
   * The number that this is.
   *
   * @throws NumberFormatException if it is none, or one of more than {@value #LONGEST} characters
   */
  static double parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      throw new NumberFormatException(text.isEmpty() ? "nothing" : "longer than " + LONGEST + " characters");
    }
    return isPlain(text) ? Double.parseDouble(text) : special(text);
  }

  /** A whole number, also one written as 3.0 or 3e2. */
  static long parseWhole(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      double value = parse(text);
      if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
        throw new NumberFormatException("not a whole number");
      }
      return (long) value;
    }
  }

  /** What a text that stands for a scalar says: a {@link Long}, a {@link Double}, a boolean, or else the text. */
  static Object scalar(String text) {
    if (text.equals("true") || text.equals("True")) {
      return true;
    }
    if (text.equals("false") || text.equals("False")) {
      return false;
    }
    if (text.isEmpty() || text.length() > LONGEST) {
      return text;
    }
    try {
      return Long.valueOf(Long.parseLong(text));
    } catch (NumberFormatException notWhole) {
      try {
        return Double.valueOf(parse(text));
      } catch (NumberFormatException notANumber) {
        return text;
      }
    }
  }

  /** Whether only what decimal numbers are made of is in it: Java itself would also take 1d and 0x1p3. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return false;
      }
    }
    return true;
  }

  private static double special(String text) {
    boolean signed = text.charAt(0) == '-' || text.charAt(0) == '+';
    double sign = text.charAt(0) == '-' ? -1 : 1;
    return switch (text.substring(signed ? 1 : 0).toLowerCase(Locale.ROOT)) {
      case "nan", ".nan", "1.#qnan", "1.#snan", "1.#ind", "1.#nan" -> Double.NaN;
      case "inf", "infinity", ".inf", "1.#inf" -> sign * Double.POSITIVE_INFINITY;
      default -> throw new NumberFormatException("not a number");
    };
  }
}
