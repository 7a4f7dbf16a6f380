package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;

/** Runs to the end: what every policy is measured against. */
record Never() implements StopPolicy {
  @Override
  public Watch watch(RunContext run) {
    return new Watch() {
      @Override
      public Decision observe(Step step) {
        return Decision.CONTINUE;
      }

      @Override
      public void save(DataOutput out) {}

      @Override
      public void restore(DataInput in) {}
    };
  }

  @Override
  public String toString() {
    return "never";
  }
}
