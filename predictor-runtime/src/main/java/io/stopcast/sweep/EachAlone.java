package io.stopcast.sweep;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Objects;
import java.util.Optional;

/** Each run by itself. */
record EachAlone(StopPolicy policy) implements SweepPolicy {
  EachAlone {
    Objects.requireNonNull(policy, "policy");
  }

  @Override
  public Sweep sweep() {
    return new Sweep() {
      private Objective objective;

      @Override
      public synchronized Watch watch(RunContext run) {
        objective = SharedSweep.requireSame(objective, run);
        return new OneRun(run, policy.watch(run));
      }
    };
  }

  /** A run-level watch in a sweep, which adds nothing to it. */
  static class OneRun implements Sweep.Watch {
    final RunContext run;
    private final StopPolicy.Watch inner;
    private boolean ended;

    OneRun(RunContext run, StopPolicy.Watch inner) {
      this.run = run;
      this.inner = inner;
    }

    @Override
    public Decision observe(Step step) {
      SharedSweep.requireRunning(ended, run);
      return inner.observe(step);
    }

    @Override
    public final double score() {
      return inner.score();
    }

    @Override
    public final Optional<Outlook> outlook() {
      return inner.outlook();
    }

    @Override
    public final Optional<Attribution> attribution() {
      return inner.attribution();
    }

    @Override
    public final void end() {
      if (!ended) {
        ended = true;
        ended();
      }
    }

    /** The run came to its own end; told once. */
    void ended() {}
  }

  @Override
  public String toString() {
    return policy.toString();
  }
}
