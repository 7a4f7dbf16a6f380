package io.stopcast.replay;

import java.util.List;

/**
 * What a policy saved and lost on one sweep.
 *
 * @param saved 1 - share of the cost of all its runs together, within 0..1
 * @param regret by how much the best value that was seen lies below the best of all runs, in units of the task's scale,
 *     within 0..1; 1 if nothing finite was seen
 * @param bestStopped 1 if each run that would have come to the best value of all was stopped, be it after it; else 0
 * @param bestMissed 1 if that best value was not seen; else 0
 */
public record SweepOutcome(double saved, double regret, double bestStopped, double bestMissed) {

  /**
   * @param stops where each of the runs ended
   * @param scale the task's; where it is 0 nothing can be lost and the regret is 0
   */
  public static SweepOutcome of(List<ScoredRun> runs, List<Stop> stops, double scale) {
    double best = Double.NEGATIVE_INFINITY;
    double seen = Double.NEGATIVE_INFINITY;
    double spent = 0;
    double full = 0;
    for (int r = 0; r < runs.size(); r++) {
      ScoredRun run = runs.get(r);
      best = Math.max(best, run.curve().finalBest());
      double here = run.curve().best()[stops.get(r).point()];
      seen = Double.isNaN(here) ? seen : Math.max(seen, here);
      double cost = run.curve().cost()[run.length() - 1];
      cost = cost > 0 && cost < Double.POSITIVE_INFINITY ? cost : run.length();
      full += cost;
      spent += cost * run.curve().share(stops.get(r).point());
    }
    boolean bestGoesOn = false;
    for (int r = 0; r < runs.size(); r++) {
      bestGoesOn |= runs.get(r).curve().finalBest() == best && !stops.get(r).stopped();
    }
    double lost = (best - seen) / scale;
    double regret = seen == Double.NEGATIVE_INFINITY ? 1 : scale > 0 ? Math.min(1, Math.max(0, lost)) : 0;
    return new SweepOutcome(1 - spent / full, regret, bestGoesOn ? 0 : 1, seen < best ? 1 : 0);
  }
}
