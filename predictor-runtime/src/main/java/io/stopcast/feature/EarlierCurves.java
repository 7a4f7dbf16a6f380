package io.stopcast.feature;

import java.util.List;

/**
 * The curves of a task's earlier runs, laid out for look-ups: what all runs had at one share of the way stands together,
 * in one column.
 *
 * <p>Runs stand in the order of their final values. Values are in units of what the task has to gain, the best of all
 * being 0. About 270 bytes a run. Immutable.
 */
final class EarlierCurves {
  private static final int CELLS = EarlierRun.CELLS;

  /** One before the first cell, for the first value: most runs gain more in their first cell than in any other. */
  private static final int COLUMNS = 1 + CELLS;

  private static final double ROUNDING = 1e-9;

  private final double scale;
  private final double top;
  private final float[] finals;
  private final double[] values;

  /**
   * Lays out runs.
   *
   * @param runs in the order of their final values
   * @param scale what their task has to gain; unless it is positive and finite, nobody can be compared
   */
  EarlierCurves(List<EarlierRun> runs, double scale) {
    boolean comparable = scale > 0 && scale < Double.POSITIVE_INFINITY;
    int n = comparable ? runs.size() : 0;
    this.scale = comparable ? scale : Double.NaN;
    top = comparable ? runs.get(n - 1).last() : Double.NaN;
    finals = new float[n];
    values = new double[COLUMNS * n];
    for (int j = 0; j < n; j++) {
      finals[j] = runs.get(j).last();
      for (int column = 0; column < COLUMNS; column++) {
        values[column * n + j] = inUnits(best(runs.get(j), column));
      }
    }
  }

  private static double best(EarlierRun run, int column) {
    return column == 0 ? run.first() : run.best()[column - 1];
  }

  /** The last column that a run has come to: 0 until the end of its first cell, {@value EarlierRun#CELLS} at its end. */
  static int column(double progress) {
    return (int) Math.max(0, Math.min(CELLS, Math.floor(progress * CELLS + ROUNDING)));
  }

  /** How many runs can be compared with. */
  int runs() {
    return finals.length;
  }

  /** A gain in the units in which values are kept; NaN if nobody can be compared. */
  double inUnits(double gain) {
    return (gain - top) / scale;
  }

  /** What the runs had in each column in turn, all together: the best so far, that of the first run first. */
  double[] values() {
    return values;
  }

  /** Where in {@link #values} a column, or the last one if there are fewer, begins. */
  int at(int column) {
    return Math.min(column, CELLS) * finals.length;
  }

  /** A quantile of the final values; NaN if nobody can be compared. */
  double finalAt(double quantile) {
    if (finals.length == 0) {
      return Double.NaN;
    }
    double at = quantile * (finals.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, finals.length - 1);
    return inUnits(finals[below] + (at - below) * (finals[above] - finals[below]));
  }
}
