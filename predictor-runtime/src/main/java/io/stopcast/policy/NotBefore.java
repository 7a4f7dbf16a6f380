package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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
    return new HeldWatch(policy.watch(run)) {
      private long seen;

      @Override
      void note(Step step) {
        if (run.objective().isReportedBy(step)) {
          seen++;
        }
      }

      @Override
      boolean mayStop(Step step) {
        return seen >= points;
      }

      @Override
      void saveOwn(DataOutput out) throws IOException {
        out.writeLong(seen);
      }

      @Override
      void restoreOwn(DataInput in) throws IOException {
        seen = in.readLong();
      }
    };
  }

  @Override
  public String toString() {
    return policy + " not before point " + points;
  }
}
