package io.stopcast.policy;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

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
    Watch inner = policy.watch(run);
    return new Watch() {
      private long seen;

      @Override
      public Decision observe(Step step) {
        if (run.objective().isReportedBy(step)) {
          seen++;
        }
        Decision decision = inner.observe(step);
        return seen < points ? Decision.CONTINUE : decision;
      }

      @Override
      public double score() {
        return inner.score();
      }

      @Override
      public Optional<Outlook> outlook() {
        return inner.outlook();
      }

      @Override
      public Optional<Attribution> attribution() {
        return inner.attribution();
      }

      @Override
      public void save(DataOutput out) throws IOException {
        out.writeLong(seen);
        inner.save(out);
      }

      @Override
      public void restore(DataInput in) throws IOException {
        seen = in.readLong();
        inner.restore(in);
      }
    };
  }

  @Override
  public String toString() {
    return policy + " not before point " + points;
  }
}
