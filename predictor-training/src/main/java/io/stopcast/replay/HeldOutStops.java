package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.List;

/**
 * Where what a learner makes would have stopped runs that it was not shown: each by what was learned from a part that lacks it.
 *
 * @param judged the positions of the runs that were held out at some time
 * @param stops [price][variant][run]: at each of the thresholds, and last at its own
 */
record HeldOutStops(int[] judged, int[][][] stops) {
  /** At which a learned policy is looked at beside its own, which it was tuned to. */
  static final double[] THRESHOLDS = {.3, .4, .5, .6, .7, .8};

  static final int FOLDS = 3;
  static final long SEED = 20_260_101;

  static HeldOutStops of(Learner learner, List<ScoredRun> runs, double[] prices, Split heldOut, ShownHorizon shown) {
    Folds folds = heldOut.folds(runs, FOLDS, SEED);
    int[][][] stops = new int[prices.length][THRESHOLDS.length + 1][runs.size()];
    for (Fold fold : folds.folds()) {
      List<StopPolicy> policies = learner.fit(Fold.select(runs, fold.training()), prices).policies();
      for (int p = 0; p < prices.length; p++) {
        for (int r : fold.judged()) {
          Trace trace = Trace.of(policies.get(p), shown.show(runs.get(r).run()), runs.get(r).length());
          int[] reached = trace.reached(THRESHOLDS);
          for (int t = 0; t < reached.length; t++) {
            stops[p][t][r] = reached[t];
          }
          stops[p][THRESHOLDS.length][r] = trace.point();
        }
      }
    }
    return new HeldOutStops(folds.judged(), stops);
  }

  /** How the variants are written in a policy file, in their order. */
  static List<String> words(double price) {
    String[] words = new String[THRESHOLDS.length + 1];
    for (int t = 0; t < THRESHOLDS.length; t++) {
      words[t] = "learned(price " + price + ", threshold " + THRESHOLDS[t] + ")";
    }
    words[THRESHOLDS.length] = "learned(price " + price + ")";
    return List.of(words);
  }
}
