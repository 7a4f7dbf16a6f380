package io.stopcast.cli;

/** Untrusted names on their way to a terminal or a table file. */
final class Printable {
  private Printable() {}

  /** Without characters that could drive a terminal or reorder its text. */
  static String of(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
  }

  /** As a field of a CSV file that a spreadsheet would not take for a formula. */
  static String csv(String text) {
    String safe = of(text);
    if (!safe.isEmpty() && "=+-@".indexOf(safe.charAt(0)) >= 0) {
      safe = "'" + safe;
    }
    return safe.matches("[^\",\\s]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
