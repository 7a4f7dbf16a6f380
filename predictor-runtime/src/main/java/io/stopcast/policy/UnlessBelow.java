package io.stopcast.policy;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Another policy once the best value has come to a floor, or once that policy's outlook says that it never will.
 *
 * @param floor in the metric's unit; finite
 */
record UnlessBelow(StopPolicy policy, double floor) implements StopPolicy {
  UnlessBelow {
    if (!Double.isFinite(floor)) {
      throw new IllegalArgumentException("the floor must be a finite value of the metric, but was " + floor);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    Objective objective = run.objective();
    double least = objective.gain(floor);
    return new HeldWatch(policy.watch(run)) {
      private final Extent extent = new Extent();

      @Override
      void note(Step step) {
        extent.add(objective.gain(step)); // NaN where it is not reported
      }

      @Override
      boolean mayStop(Step step) {
        return extent.best() >= least || isHopeless();
      }

      // An unknown gain, NaN, is no reason to give up, nor is that nothing finite was seen.
      private boolean isHopeless() {
        return Double.isFinite(extent.best())
            && outlook().map(ahead -> extent.best() + ahead.gainHigh() < least).orElse(false);
      }

      @Override
      void saveOwn(DataOutput out) throws IOException {
        extent.save(out);
      }

      @Override
      void restoreOwn(DataInput in) throws IOException {
        extent.restore(in);
      }
    };
  }

  @Override
  public String toString() {
    return policy + " unless below " + floor;
  }
}
