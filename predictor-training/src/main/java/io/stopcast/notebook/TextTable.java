package io.stopcast.notebook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * A table on its way to a terminal: numbers to the right, four digits each, text to the left.
 *
 * <p>Whole numbers are shown as they are, NaN as a dash. Characters that could drive a terminal are shown as question marks: names come
 * from logs. For one thread.
 */
public final class TextTable {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] toTheRight;

  TextTable(String... columns) {
    if (columns.length == 0) {
      throw new IllegalArgumentException("a table needs at least one column, but was given none");
    }
    toTheRight = new boolean[columns.length];
    rows.add(columns.clone());
  }

  /**
   * Adds a row.
   *
   * @param values one for each column: numbers, or anything else for its text
   */
  public TextTable row(Object... values) {
    if (values.length != toTheRight.length) {
      throw new IllegalArgumentException(
          "the table has %d columns %s, but the row %d values %s"
              .formatted(toTheRight.length, Arrays.toString(rows.get(0)), values.length, Arrays.toString(values)));
    }
    String[] row = new String[values.length];
    for (int i = 0; i < row.length; i++) {
      toTheRight[i] |= values[i] instanceof Number;
      row[i] = shown(values[i]);
    }
    rows.add(row);
    return this;
  }

  /** Prints it to standard output. */
  public void print() {
    System.out.print(this);
    System.out.flush();
  }

  static String shown(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number)) {
        return "-";
      }
      double size = Math.abs(number);
      return size != 0 && (size < 1e-3 || size >= 1e6)
          ? String.format(Locale.ROOT, "%.3e", number)
          : String.format(Locale.ROOT, size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.4f", number);
    }
    return String.valueOf(value).replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
  }

  /** The table, a line a row, with a line break at the end. */
  @Override
  public String toString() {
    int[] widths = new int[toTheRight.length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringJoiner line = new StringJoiner("  ");
      for (int i = 0; i < widths.length; i++) {
        String blanks = " ".repeat(widths[i] - row[i].length());
        line.add(toTheRight[i] ? blanks + row[i] : row[i] + blanks);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
