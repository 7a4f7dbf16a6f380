package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;

/**
 * Another policy once so much was spent; a point of unknown cost does not stop.
 *
 * @param cost cumulative cost in the run's unit; positive and finite
 */
record NotBeforeCost(StopPolicy policy, double cost) implements StopPolicy {
  NotBeforeCost {
    if (!(cost > 0 && cost < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the cost before which nothing stops must be positive and finite, but was " + cost);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new HeldWatch(policy.watch(run)) {
      @Override
      boolean mayStop(Step step) {
        return step.cost() >= cost;
      }

      @Override
      void saveOwn(DataOutput out) {}

      @Override
      void restoreOwn(DataInput in) {}
    };
  }

  @Override
  public String toString() {
    return policy + " not before cost " + cost;
  }
}
