package io.stopcast.explain;

import io.stopcast.replay.ScoredRun;
import java.util.OptionalInt;

/**
 * Where a run might have ended, and what that would have cost.
 *
 * @param what who or what ends it there
 * @param stopped whether something stopped it there; else it is the last point
 * @param step the trainer's own count at that point
 * @param point counted from 1
 * @param best value so far, in the metric's unit
 * @param saved share of the run's cost that is left
 * @param regret in units of the task's scale; NaN if the run did not end by itself, so that nobody knows
 * @param loss regret + price * share of the cost; NaN as well
 */
public record Ending(String what, boolean stopped, long step, int point, double best, double saved, double regret, double loss) {
  /**
   * @param stop the point, counted from 0, of the first stop; empty if there was none
   * @param scored whether hindsight can judge
   */
  static Ending of(String what, ScoredRun run, OptionalInt stop, double price, boolean scored) {
    int t = stop.orElse(run.length() - 1);
    return new Ending(
        what,
        stop.isPresent(),
        run.run().steps().get(run.curve().step()[t]).index(),
        t + 1,
        run.run().context().objective().gain(run.curve().best()[t]),
        1 - run.hindsight().share()[t],
        scored ? run.hindsight().regret()[t] : Double.NaN,
        scored ? run.hindsight().loss(t, price) : Double.NaN);
  }
}
