package io.stopcast.sweep;

import io.stopcast.run.RunContext;
import java.util.Objects;

/**
 * Asynchronous successive halving (ASHA) by stopping: a run that comes to a rung goes on if its value there is among the best 1
 * in {@code eta} of all runs that came there before it, itself included. Rung k lies at {@code minProgress * eta^(skipped +
 * k)}.
 *
 * <p>Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht, Talwalkar, "Massively Parallel Hyperparameter Tuning", 2018, and "A
 * System for Massively Parallel Hyperparameter Tuning", 2020, algorithm 2, pause a run at a rung and may promote it later, as
 * others arrive. A run that can only go on or stop decides at once; how, is as in Optuna's {@code SuccessiveHalvingPruner}: of
 * n values the best max(1, floor(n / eta)) pass, ties with the last of them too, so that the first run at a rung always passes.
 * What is stopped here the paper might have promoted later; a run that passed early may be one that it would not have promoted.
 *
 * <p>The value at a rung is that of the first finite one at or beyond it, not the best so far (where that is NaN Optuna stops,
 * this waits for the next value). A run that reports rarely passes several rungs at one point, with the same value. Where the
 * progress is unknown, no run is stopped. Beyond its rungs a point costs O(1); at a rung O(n); a run is remembered as a number
 * a rung.
 *
 * @param eta one in how many goes on; at least 2
 * @param minProgress the paper's r: positive and finite
 * @param skipped the paper's s, how many rungs are left out ({@code min_early_stopping_rate}): at least 0
 * @param progress what is the resource
 */
public record SuccessiveHalving(int eta, double minProgress, int skipped, Progress progress) implements SweepPolicy {
  public SuccessiveHalving {
    Objects.requireNonNull(progress, "progress");
    requireEta(eta);
    progress.requirePositive("the progress of the lowest rung", minProgress);
    if (skipped < 0) {
      throw new IllegalArgumentException("0 or more rungs are skipped, but were to be " + skipped);
    }
  }

  static void requireEta(int eta) {
    if (eta < 2) {
      throw new IllegalArgumentException("eta must be at least 2, for one of eta runs goes on, but was " + eta);
    }
  }

  @Override
  public Sweep sweep() {
    return new SharedSweep(this, progress) {
      private final Rungs rungs = new Rungs(eta, minProgress * Math.pow(eta, skipped), this);

      @Override
      Member join(RunContext run) {
        return rungs.join();
      }
    };
  }

  @Override
  public String toString() {
    return "successive halving(eta %d, from %s%s)"
        .formatted(eta, progress.say(minProgress), skipped == 0 ? "" : ", " + skipped + " skipped");
  }
}
