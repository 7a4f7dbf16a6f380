package io.stopcast.sweep;

import io.stopcast.policy.Decision;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.function.Supplier;

/** A sweep whose runs are asked one at a time, at the points of their curves only, whichever thread they are on. */
abstract class SharedSweep implements Sweep {
  private final SweepPolicy policy;
  private final Progress progress;
  private Objective objective;

  SharedSweep(SweepPolicy policy, Progress progress) {
    this.policy = policy;
    this.progress = progress;
  }

  /** One run; only ever used by the thread that holds the sweep. */
  interface Member {
    /**
     * Takes in a point and answers to it.
     *
     * @param at how far the run is: finite, and more than at its last point
     * @param gain finite
     */
    Decision observe(double at, double gain);

    /** The run came to its own end; told once. */
    void end();
  }

  /** Takes in a run. */
  abstract Member join(RunContext run);

  @Override
  public final synchronized Watch watch(RunContext run) {
    objective = requireSame(objective, run);
    return new RunWatch(run, join(run));
  }

  /** Returns the objective of all runs of a sweep, null for the one that it was before the first. */
  static Objective requireSame(Objective objective, RunContext run) {
    if (objective != null && !objective.equals(run.objective())) {
      throw new IllegalArgumentException(
          "runs of a sweep are judged by one objective, but run '%s' by %s %s and those before by %s %s; start a sweep for it"
              .formatted(
                  run.run(),
                  run.objective().direction(),
                  run.objective().metric(),
                  objective.direction(),
                  objective.metric()));
    }
    return run.objective();
  }

  /** A progress in words. */
  final String say(double at) {
    return progress.say(at);
  }

  /** A gain as people know it: in the unit and the direction of the metric. */
  final String value(double gain) {
    return Numbers.shown(objective.gain(gain));
  }

  final Decision stop(Supplier<String> reason) {
    return new Decision.Stop(policy.toString(), reason);
  }

  private final class RunWatch implements Watch {
    private final RunContext run;
    private final Member member;
    private long points;
    private double last = Double.NEGATIVE_INFINITY;
    private boolean ended;

    RunWatch(RunContext run, Member member) {
      this.run = run;
      this.member = member;
    }

    @Override
    public Decision observe(Step step) {
      requireRunning(ended, run);
      if (!run.objective().isReportedBy(step)) {
        return Decision.CONTINUE;
      }
      points++;
      double gain = run.objective().gain(step);
      double at = progress.of(run, step, points);
      if (!Double.isFinite(gain) || !(at > last) || Double.isInfinite(at)) {
        return Decision.CONTINUE;
      }
      last = at;
      synchronized (SharedSweep.this) {
        return member.observe(at, gain);
      }
    }

    @Override
    public void end() {
      if (!ended) {
        ended = true;
        synchronized (SharedSweep.this) {
          member.end();
        }
      }
    }
  }

  static void requireRunning(boolean ended, RunContext run) {
    if (ended) {
      throw new IllegalStateException("run '" + run.run() + "' has ended; watch it anew if it goes on");
    }
  }
}
