package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Another policy once a share of the plan is done; with an unknown plan it never stops.
 *
 * @param share of the planned points, or of the planned cost where only that is known; above 0, at most 1
 */
record NotBeforeShare(StopPolicy policy, double share) implements StopPolicy {
  NotBeforeShare {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "the share of the plan before which nothing stops must be above 0 and at most 1, but was " + share);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new CountingHold(policy.watch(run), run) {
      @Override
      boolean mayStop(Step step) {
        return run.horizon().progress(points(), step.cost()) >= share;
      }
    };
  }

  @Override
  public String toString() {
    return policy + " not before " + share + " of plan";
  }
}
