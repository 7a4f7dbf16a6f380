package io.stopcast.importing;

/**
 * What the steps of an MLPerf log are counted in, found out before its values are told: what evaluations are counted in, or
 * else anything. Values that are counted in something else cannot stand in one line with them.
 */
final class MlperfUnit {
  /** Epochs may come in fractions; steps are whole. */
  private static final long FRACTIONS = 1000;

  private int unit = -1;
  private boolean ofEvaluations;
  private boolean hasFractions;

  void observe(MlperfEntry entry) {
    int told = entry.unit();
    if (told < 0 || entry.numbers() == 0) {
      return;
    }
    boolean evaluation = entry.key().startsWith("eval_");
    if (unit < 0 || evaluation && !ofEvaluations) {
      unit = told;
      ofEvaluations = evaluation;
      hasFractions = false;
    }
    double count = entry.count(unit);
    hasFractions |= count != Math.rint(count) && !Double.isNaN(count);
  }

  /** Whether an entry tells its step in this unit. */
  boolean isTold(MlperfEntry entry) {
    return unit >= 0 && !Double.isNaN(entry.count(unit));
  }

  /** In thousandths where the log has fractions. */
  long step(MlperfEntry entry) {
    return Math.round(entry.count(unit) * (hasFractions ? FRACTIONS : 1));
  }
}
