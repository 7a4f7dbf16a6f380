package io.stopcast.policy;

import io.stopcast.run.HybridObjective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Objects;

/**
 * Another policy that watches a hybrid objective in place of the run's own.
 *
 * <p>Its points are those of the run's objective, so that a plan in points stays what it was; a point at which the combined value is
 * NaN is one with NaN to the policy.
 */
record OnHybrid(StopPolicy policy, HybridObjective hybrid) implements StopPolicy {
  OnHybrid {
    Objects.requireNonNull(hybrid, "hybrid");
  }

  @Override
  public Watch watch(RunContext run) {
    return new ForwardingWatch(policy.watch(run.withObjective(hybrid.objective()))) {
      @Override
      public Decision observe(Step step) {
        if (!run.objective().isReportedBy(step)) {
          return inner.observe(step); // no point to it either, but it must see every step
        }
        Decision decision = inner.observe(hybrid.applied(step));
        return Double.isNaN(run.objective().gain(step)) ? Decision.CONTINUE : decision;
      }
    };
  }

  @Override
  public String toString() {
    return policy + " on " + hybrid;
  }
}
