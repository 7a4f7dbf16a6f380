package io.stopcast.replay;

import io.stopcast.policy.Stochastic;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;

/**
 * How the logging policy went through a run.
 *
 * @param propensity of all that it drew before the last point, at which there is nothing to stop
 * @param wantedAt the first point, from 0, at which it wanted to stop; the last point if none
 * @param stoppedAt the first point at which it did, before the last one; -1 if none
 */
record Course(double propensity, int wantedAt, int stoppedAt) {
  static Course of(Stochastic logging, Run run) {
    Objective objective = run.context().objective();
    long points = run.steps().stream().filter(objective::isReportedBy).count();
    Stochastic.Exploration watch = logging.watch(run.context());
    int point = 0;
    int wantedAt = -1;
    int stoppedAt = -1;
    for (Step step : run.steps()) {
      if (point == points - 1 && objective.isReportedBy(step)) {
        break;
      }
      boolean stops = watch.observe(step).isStop();
      stoppedAt = stops && stoppedAt < 0 ? point : stoppedAt;
      wantedAt = watch.propensity() < 1 && wantedAt < 0 ? point : wantedAt;
      point += objective.isReportedBy(step) ? 1 : 0;
    }
    return new Course(watch.propensity(), wantedAt < 0 ? point : wantedAt, stoppedAt);
  }

  static boolean stopsAtTheLastPoint(Stochastic logging, Run run) {
    Stochastic.Exploration watch = logging.watch(run.context());
    boolean stops = false;
    for (Step step : run.steps()) {
      if (stops && run.context().objective().isReportedBy(step)) {
        return false;
      }
      stops |= watch.observe(step).isStop();
    }
    return stops;
  }

  /** A run that was stopped at the end of its plan has shown all that there was. */
  static Run settled(Run run) {
    long planned = run.context().horizon().points();
    boolean isWhole =
        run.end() == End.EARLY_STOPPED
            && planned > 0
            && run.steps().stream().filter(run.context().objective()::isReportedBy).count() >= planned;
    return isWhole ? new Run(run.context(), run.steps(), run.labels(), End.COMPLETED, run.exemption()) : run;
  }
}
