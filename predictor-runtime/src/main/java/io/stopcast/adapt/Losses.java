package io.stopcast.adapt;

import java.util.List;

/**
 * What each candidate would have lost on a run, and whether it would have ended it before its last point. The arrays are not copied.
 */
record Losses(double[] losses, boolean[] stops) {
  static Losses of(Adaptation adaptation, FullRun run) {
    List<Candidate> candidates = adaptation.candidates();
    Losses all = new Losses(new double[candidates.size()], new boolean[candidates.size()]);
    for (int k = 0; k < candidates.size(); k++) {
      FullRun.Outcome outcome = run.of(candidates.get(k).policy(), adaptation.price());
      all.losses[k] = outcome.loss();
      all.stops[k] = outcome.stopped();
    }
    return all;
  }
}
