package io.stopcast.datasets.rdata;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * A table of R: named columns of equal length, each of numbers or of categories.
 *
 * @param columns in R's order; the columns of a matrix inside a data frame count each by themselves
 */
public record RTable(List<Column> columns) {
  public RTable {
    columns = List.copyOf(columns);
  }

  /**
   * One column.
   *
   * @param name as R has it
   * @param values the numbers, or the index into {@code levels}; NaN for NA
   * @param levels what the categories are called; null for numbers
   */
  public record Column(String name, double[] values, List<String> levels) {
    public boolean isCategory() {
      return levels != null;
    }
  }

  /** Number of rows. */
  public int rows() {
    return columns.isEmpty() ? 0 : columns.get(0).values().length;
  }

  static RTable of(RValue value) throws IOException {
    List<Column> columns = new ArrayList<>();
    if (value instanceof RValue.Values frame && frame.texts("names") != null) {
      String[] names = frame.texts("names");
      for (int i = 0; i < names.length; i++) {
        addColumns(names[i], frame.values().get(i), columns);
      }
    } else {
      addColumns("V", value, columns);
    }
    int rows = columns.isEmpty() ? 0 : columns.get(0).values().length;
    for (Column column : columns) {
      if (column.values().length != rows) {
        throw new IOException(
            "column '%s' has %d rows, but the first has %d; this is no table"
                .formatted(column.name(), column.values().length, rows));
      }
    }
    return new RTable(columns);
  }

  private static void addColumns(String name, RValue value, List<Column> columns) throws IOException {
    if (value instanceof RValue.Values frame && frame.texts("names") != null) { // a data frame inside a data frame
      for (Column inner : of(frame).columns()) {
        columns.add(new Column(name + "." + inner.name(), inner.values(), inner.levels()));
      }
      return;
    }
    double[] values = numbers(name, value);
    List<String> levels = levels(value);
    int[] dimensions =
        value.attributes().get("dim") instanceof RValue.Ints dim ? dim.values() : new int[] {values.length};
    if (dimensions.length == 2 && (long) dimensions[0] * dimensions[1] == values.length) {
      for (int j = 0; j < dimensions[1]; j++) { // R stores matrices column by column
        columns.add(
            new Column(name + (j + 1), Arrays.copyOfRange(values, j * dimensions[0], (j + 1) * dimensions[0]), levels));
      }
    } else {
      columns.add(new Column(name, values, levels));
    }
  }

  private static double[] numbers(String name, RValue value) throws IOException {
    if (value instanceof RValue.Reals reals) {
      return reals.values();
    }
    if (value instanceof RValue.Ints ints) {
      int first = value.texts("levels") == null ? 0 : 1; // R counts levels from 1
      return Arrays.stream(ints.values()).mapToDouble(i -> i == RValue.Ints.NA ? Double.NaN : i - first).toArray();
    }
    if (value instanceof RValue.Strings strings) {
      List<String> levels = levels(value);
      return Arrays.stream(strings.values()).mapToDouble(s -> s == null ? Double.NaN : levels.indexOf(s)).toArray();
    }
    throw new IOException("column '" + name + "' holds neither numbers, logicals, texts nor a factor");
  }

  private static List<String> levels(RValue value) {
    if (value instanceof RValue.Strings strings) {
      TreeSet<String> distinct = new TreeSet<>();
      for (String text : strings.values()) {
        if (text != null) {
          distinct.add(text);
        }
      }
      return List.copyOf(distinct);
    }
    String[] levels = value.texts("levels");
    return levels == null ? null : List.of(levels);
  }
}
