package io.stopcast.sweep;

import io.stopcast.policy.StopPolicy;

/**
 * A rule for which runs of a sweep should stop: an immutable value, safe for any thread. What it remembers lives in a {@link
 * Sweep}.
 *
 * <pre>{@code
 * Sweep sweep = new SuccessiveHalving(3, 1, 0, Progress.POINTS).sweep();
 * Sweep.Watch watch = sweep.watch(run); // for each run, on any thread
 * ...
 * if (watch.observe(step) instanceof Decision.Stop stop) break;
 * ...
 * watch.end(); // unless it was stopped
 * }</pre>
 *
 * <p>The {@code toString} of a policy names it with its configuration, as reports and decisions show it.
 */
@FunctionalInterface
public interface SweepPolicy {
  /** Starts a sweep without any run. */
  Sweep sweep();

  /** A policy that judges each run by itself, whatever becomes of the others. */
  static SweepPolicy of(StopPolicy policy) {
    return new EachAlone(policy);
  }
}
