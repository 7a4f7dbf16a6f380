package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Split;
import java.util.Arrays;
import java.util.Random;

/**
 * Turns rows into what a model sees: scaled, missing values at their column's mean, then products of random pairs of
 * columns. All that is measured is measured on the training rows alone.
 */
final class Columns {
  private final double[] offset;
  private final double[] factor;
  private final double[] mean;
  private final int[][] pairs;
  private final boolean perRow;

  /**
   * Measures the training rows.
   *
   * @param scaling {@code standard} (mean 0, deviation 1), {@code minmax} (0 to 1), {@code length} (each row to the
   *     root of its width, as if its values had deviation 1) or {@code none}
   * @param products how many products to add
   */
  Columns(Split.Rows training, String scaling, int products, Random random) {
    int width = training.features()[0].length;
    offset = new double[width];
    factor = new double[width];
    mean = new double[width];
    perRow = scaling.equals("length");
    for (int j = 0; j < width; j++) {
      int column = j;
      double[] values =
          Arrays.stream(training.features()).mapToDouble(row -> row[column]).filter(v -> !Double.isNaN(v)).toArray();
      measure(j, values, scaling);
    }
    pairs = new int[products][];
    for (int k = 0; k < products; k++) {
      pairs[k] = new int[] {random.nextInt(width), random.nextInt(width)};
    }
  }

  private void measure(int j, double[] values, String scaling) {
    factor[j] = 1;
    if (values.length == 0) {
      return; // all are missing in these rows: every value becomes 0, or is left as it is
    }
    double sum = 0;
    double low = values[0];
    double high = values[0];
    for (double value : values) {
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    mean[j] = sum / values.length;
    if (scaling.equals("standard")) {
      double square = 0;
      for (double value : values) {
        square += (value - mean[j]) * (value - mean[j]);
      }
      offset[j] = mean[j];
      factor[j] = square > 0 ? 1 / Math.sqrt(square / values.length) : 1;
    } else if (scaling.equals("minmax")) {
      offset[j] = low;
      factor[j] = high > low ? 1 / (high - low) : 1;
    }
  }

  /** How many numbers a row becomes. */
  int width() {
    return offset.length + pairs.length;
  }

  double[][] apply(Split.Rows rows) {
    double[][] vectors = new double[rows.count()][];
    for (int i = 0; i < vectors.length; i++) {
      double[] row = rows.features()[i];
      double[] values = new double[width()];
      for (int j = 0; j < row.length; j++) {
        values[j] = ((Double.isNaN(row[j]) ? mean[j] : row[j]) - offset[j]) * factor[j];
      }
      for (int k = 0; k < pairs.length; k++) {
        values[row.length + k] = values[pairs[k][0]] * values[pairs[k][1]];
      }
      if (perRow) {
        toLength(values);
      }
      vectors[i] = values;
    }
    return vectors;
  }

  private static void toLength(double[] values) {
    double square = 0;
    for (double value : values) {
      square += value * value;
    }
    if (square > 0) {
      double scale = Math.sqrt(values.length / square);
      for (int j = 0; j < values.length; j++) {
        values[j] *= scale;
      }
    }
  }
}
