package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/** Stops as soon as one of two policies does. */
record AnyOf(StopPolicy first, StopPolicy second) implements StopPolicy {
  @Override
  public Watch watch(RunContext run) {
    Watch one = first.watch(run);
    Watch other = second.watch(run);
    return new Watch() {
      @Override
      public Decision observe(Step step) {
        Decision a = one.observe(step);
        Decision b = other.observe(step); // always asked: it must see every step
        return a.isStop() ? a : b;
      }

      @Override
      public double score() {
        return Double.isNaN(one.score()) ? other.score() : one.score();
      }
    };
  }

  @Override
  public String toString() {
    return "(" + first + " or " + second + ")";
  }
}
