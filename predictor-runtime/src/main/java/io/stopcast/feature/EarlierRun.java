package io.stopcast.feature;

import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.Map;

/**
 * A completed run, as far as later runs of its task can learn from it: the running best at equal shares of its length.
 *
 * <p>The array is shared and must not be changed.
 *
 * @param id a hash of its name, see {@link #idOf}
 * @param first the first gain (larger is better)
 * @param best the best gain so far after each of {@value #CELLS} equal parts of the points; never NaN, never falls
 * @param points how many points it had
 * @param parameters its hyper-parameters, as in its context
 */
public record EarlierRun(long id, float first, float[] best, int points, Map<String, Object> parameters) {
  /** In how many parts a run is divided. */
  public static final int CELLS = 32;

  /**
   * Sums up a run that went to its end.
   *
   * @throws IllegalArgumentException if it has no usable value
   */
  public static EarlierRun of(Run run) {
    double[] bests = new double[run.steps().size()];
    int points = 0;
    double first = Double.NaN;
    double best = Double.NaN;
    for (Step step : run.steps()) {
      if (run.context().objective().isReportedBy(step)) {
        double gain = run.context().objective().gain(step);
        if (Curve.isUsable(gain) && !(gain <= best)) {
          first = Double.isNaN(first) ? gain : first;
          best = gain;
        }
        bests[points++] = best;
      }
    }
    if (Double.isNaN(best)) {
      throw new IllegalArgumentException(
          "run '%s' has no usable value of '%s' that others could learn from"
              .formatted(run.context().run(), run.context().objective().metric()));
    }
    float[] cells = new float[CELLS];
    for (int k = 0; k < CELLS; k++) {
      double value = bests[(int) (((k + 1L) * points + CELLS - 1) / CELLS) - 1];
      cells[k] = (float) (Double.isNaN(value) ? first : value);
    }
    return new EarlierRun(idOf(run.context().run()), (float) first, cells, points, run.context().parameters());
  }

  /** A hash of a run's name, by which a run can tell that a history holds itself. */
  public static long idOf(String name) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The best gain of all. */
  float last() {
    return best[CELLS - 1];
  }
}
