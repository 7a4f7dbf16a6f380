package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Another policy after a warm-up.
 *
 * @param points the first point, counted from 1, at which a stop may happen
 */
record NotBefore(StopPolicy policy, long points) implements StopPolicy {
  NotBefore {
    if (points < 1) {
      throw new IllegalArgumentException("the first point that may stop must be at least 1, but was " + points);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new CountingHold(policy.watch(run), run) {
      @Override
      boolean mayStop(Step step) {
        return points() >= points;
      }
    };
  }

  @Override
  public String toString() {
    return policy + " not before point " + points;
  }
}
