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
 * Stops at a step at which two policies say stop. At all others it asks for the change that the first asks for, or else the second: one
 * that wants to stop where the other wants a change has no say.
 */
record AllOf(StopPolicy first, StopPolicy second) implements StopPolicy {
  @Override
  public Watch watch(RunContext run) {
    Watch one = first.watch(run);
    Watch other = second.watch(run);
    return new Watch() {
      @Override
      public Decision observe(Step step) {
        Decision a = one.observe(step);
        Decision b = other.observe(step); // always asked: it must see every step
        if (a instanceof Decision.Stop x && b instanceof Decision.Stop y) {
          return new Decision.Stop(AllOf.this.toString(), () -> x.reason() + "; and " + y.reason());
        }
        return a.advice().isPresent() ? a : b.advice().isPresent() ? b : Decision.CONTINUE;
      }

      @Override
      public double score() {
        return Double.isNaN(one.score()) ? other.score() : one.score();
      }

      @Override
      public Optional<Outlook> outlook() {
        return one.outlook().or(other::outlook);
      }

      @Override
      public Optional<Attribution> attribution() {
        return one.attribution().or(other::attribution);
      }

      @Override
      public void save(DataOutput out) throws IOException {
        one.save(out);
        other.save(out);
      }

      @Override
      public void restore(DataInput in) throws IOException {
        one.restore(in);
        other.restore(in);
      }
    };
  }

  @Override
  public String toString() {
    return "(" + first + " and " + second + ")";
  }
}
