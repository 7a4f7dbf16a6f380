package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Objects;

/** Asks for a change wherever another policy would stop. What that one asks for itself passes. */
record Advising(StopPolicy policy, Advice advice) implements StopPolicy {
  Advising {
    Objects.requireNonNull(advice, "advice");
  }

  @Override
  public Watch watch(RunContext run) {
    return new ForwardingWatch(policy.watch(run)) {
      @Override
      public Decision observe(Step step) {
        Decision decision = inner.observe(step);
        return decision instanceof Decision.Stop stop
            ? new Decision.Continue(advice, Advising.this.toString(), stop::reason)
            : decision;
      }
    };
  }

  @Override
  public String toString() {
    return policy + " advising to " + advice;
  }
}
