package io.stopcast.replay;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;

/**
 * Plays a recorded run to a policy, step by step, as a trainer would.
 *
 * <p>Valid for stop or go on only: what changes the run cannot be judged from its record. A change that the policy asks for is passed over,
 * and a stop that it holds back meanwhile is held back for nothing: {@code checks/advice} trains for real.
 */
public final class Replay {
  private Replay() {}

  /** The point of {@link #of}, without a look at the reason, which may take long to tell. */
  static int pointOf(StopPolicy policy, Run run) {
    Objective objective = run.context().objective();
    StopPolicy.Watch watch = policy.watch(run.context());
    int points = 0;
    int stop = -1;
    for (Step step : run.steps()) {
      boolean isPoint = objective.isReportedBy(step);
      if (stop >= 0 && isPoint) {
        return stop; // something is left to save
      }
      stop = stop < 0 && watch.observe(step).isStop() ? points : stop;
      points += isPoint ? 1 : 0;
    }
    return points - 1;
  }

  /**
   * Returns where the policy would have ended the run. The policy sees the context and the steps, never the labels or
   * the end. A stop at the last point is none, since nothing is saved by it.
   *
   * @throws IllegalArgumentException if the run never reports its objective
   */
  public static Stop of(StopPolicy policy, Run run) {
    Objective objective = run.context().objective();
    StopPolicy.Watch watch = policy.watch(run.context());
    int points = 0;
    Stop stop = null;
    for (Step step : run.steps()) {
      boolean isPoint = objective.isReportedBy(step);
      if (stop != null && isPoint) {
        return stop; // something is left to save
      }
      if (stop == null && watch.observe(step) instanceof Decision.Stop s) {
        stop = new Stop(points, true, watch.score(), s.reason(), watch.outlook());
      }
      points += isPoint ? 1 : 0;
    }
    if (points == 0) {
      throw new IllegalArgumentException(
          "run '%s' of task '%s' never reports '%s'; it reports %s"
              .formatted(
                  run.context().run(),
                  run.context().task(),
                  objective.metric(),
                  run.steps().stream().flatMap(s -> s.names().stream()).distinct().sorted().toList()));
    }
    return new Stop(points - 1, false, watch.score(), Stop.NOT_STOPPED, watch.outlook());
  }
}
