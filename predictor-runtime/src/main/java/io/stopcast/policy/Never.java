package io.stopcast.policy;

import io.stopcast.run.RunContext;

/** Runs to the end: what every policy is measured against. */
record Never() implements StopPolicy {
  @Override
  public Watch watch(RunContext run) {
    return step -> Decision.CONTINUE;
  }

  @Override
  public String toString() {
    return "never";
  }
}
