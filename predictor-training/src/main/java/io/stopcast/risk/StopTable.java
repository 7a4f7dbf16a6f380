package io.stopcast.risk;

import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Trace;
import java.util.Arrays;

/**
 * What one run loses and saves at each setting of a policy, from cautious to bold.
 *
 * @param regret in units of the task's scale, within 0..1
 * @param saved the share of the run's cost that is left
 */
record StopTable(double[] regret, double[] saved) {
  /**
   * At each of some thresholds.
   *
   * @param thresholds descending
   */
  static StopTable of(ScoredRun run, Trace trace, double[] thresholds) {
    int n = thresholds.length;
    double[] ascending = new double[n];
    Arrays.setAll(ascending, i -> thresholds[n - 1 - i]);
    int[] reached = trace.reached(ascending);
    int[] stops = new int[n];
    Arrays.setAll(stops, i -> reached[n - 1 - i]);
    return of(run, stops);
  }

  /**
   * @param stops the point at which each setting stops the run; the last one if it does not
   */
  static StopTable of(ScoredRun run, int[] stops) {
    double[] regret = new double[stops.length];
    double[] saved = new double[stops.length];
    for (int i = 0; i < stops.length; i++) {
      regret[i] = run.hindsight().regret()[stops[i]];
      saved[i] = 1 - run.hindsight().share()[stops[i]];
    }
    return new StopTable(regret, saved);
  }

  /** Whether a setting stops the run, and before this share of its cost was spent. */
  boolean isEarly(int setting, double before) {
    return saved[setting] > 1 - before;
  }
}
