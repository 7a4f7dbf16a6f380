package io.stopcast.datasets.table;

import io.stopcast.datasets.rdata.RTable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table as numbers: what is known of each row, and what is asked.
 *
 * <p>The arrays are shared and must not be changed.
 *
 * @param source where it came from
 * @param features one array a row; NaN where a value is missing
 * @param targets the class counted from 0, or the number asked for
 * @param classes how many classes; 0 if a number is asked for
 */
public record Table(TableSource source, double[][] features, double[] targets, int classes) {
  /** A category with more levels than this becomes its code: one column for each town would drown the others. */
  private static final int MAX_LEVELS = 32;

  public int rows() {
    return features.length;
  }

  public int width() {
    return features[0].length;
  }

  /** Hash of all numbers in it, to tell whether another version of the package brought other data. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer row = ByteBuffer.allocate((width() + 1) * Double.BYTES);
      for (int i = 0; i < rows(); i++) {
        row.clear();
        for (double value : features[i]) {
          row.putLong(Double.doubleToLongBits(value));
        }
        row.putLong(Double.doubleToLongBits(targets[i]));
        digest.update(row.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256, but this one has not", e);
    }
  }

  /**
   * Turns R's columns into numbers: a category of two levels becomes 0 and 1, one of up to {@value #MAX_LEVELS} a
   * column for each level, a larger one its code. Rows without a target are left out, as are columns that never change.
   *
   * @param targetName the column to predict
   * @param dropped columns that are left out: identifiers, and what gives the target away
   * @throws IllegalArgumentException if the target or a dropped column is not there, or the target is of the wrong kind
   */
  static Table of(TableSource source, RTable raw, String targetName, List<String> dropped) {
    for (String name : dropped) {
      column(source, raw, name);
    }
    RTable.Column target = column(source, raw, targetName);
    if (target.isCategory() == source.question().isRegression()) {
      throw new IllegalArgumentException(
          "table '%s' should ask %s of column '%s', but that column holds %s"
              .formatted(
                  source.name(), source.question(), target.name(), target.isCategory() ? "categories" : "numbers"));
    }
    List<double[]> columns = new ArrayList<>();
    for (RTable.Column column : raw.columns()) {
      if (!column.name().equals(target.name()) && !dropped.contains(column.name())) {
        addNumbers(column, columns);
      }
    }
    columns.removeIf(Table::isConstant);
    return of(source, columns, target.values(), target.isCategory() ? target.levels().size() : 0);
  }

  static Table of(TableSource source, List<double[]> columns, double[] targets, int levels) {
    int[] rows = IntStream.range(0, targets.length).filter(i -> !Double.isNaN(targets[i])).toArray();
    double[][] features = new double[rows.length][columns.size()];
    double[] kept = new double[rows.length];
    int[] codes = codesInUse(targets, levels);
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.size(); j++) {
        features[i][j] = columns.get(j)[rows[i]];
      }
      double value = targets[rows[i]];
      kept[i] =
          levels > 0 ? codes[(int) value]
              : source.question() == TableSource.Question.RMSE_OF_LOG ? StrictMath.log(value) : value;
    }
    int classes = 0;
    for (int code : codes) {
      classes = Math.max(classes, code + 1);
    }
    return new Table(source, features, kept, classes);
  }

  private static RTable.Column column(TableSource source, RTable raw, String name) {
    for (RTable.Column column : raw.columns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new IllegalArgumentException(
        "table '%s' should have a column '%s'; it has %s"
            .formatted(source.name(), name, raw.columns().stream().map(RTable.Column::name).toList()));
  }

  private static void addNumbers(RTable.Column column, List<double[]> columns) {
    if (!column.isCategory() || column.levels().size() <= 2 || column.levels().size() > MAX_LEVELS) {
      columns.add(column.values());
      return;
    }
    for (int level = 0; level < column.levels().size(); level++) {
      double[] indicator = new double[column.values().length];
      for (int i = 0; i < indicator.length; i++) {
        double value = column.values()[i];
        indicator[i] = Double.isNaN(value) ? Double.NaN : value == level ? 1 : 0;
      }
      columns.add(indicator);
    }
  }

  private static boolean isConstant(double[] column) {
    for (double value : column) {
      if (Double.compare(value, column[0]) != 0) {
        return false;
      }
    }
    return true;
  }

  /** New numbers for the levels, without gaps: R keeps levels that no row has. */
  private static int[] codesInUse(double[] targets, int levels) {
    boolean[] used = new boolean[levels];
    for (double target : targets) {
      if (levels > 0 && !Double.isNaN(target)) {
        used[(int) target] = true;
      }
    }
    int[] codes = new int[levels];
    int next = 0;
    for (int level = 0; level < levels; level++) {
      codes[level] = used[level] ? next++ : -1;
    }
    return codes;
  }
}
