package io.stopcast.replay;

import io.stopcast.label.Censoring;
import io.stopcast.policy.Stochastic;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;

/**
 * A run of a history in which a policy stopped some, with what its record leaves out: what a learner needs so as not to believe in the stops of the
 * model before it.
 *
 * <p>See {@link ScoredRun#ofWatched}. A history may hold runs of several policies, each watched by its own.
 */
public record WatchedRun(Run run, Censoring censoring) {
  /**
   * A run whose policy is known. Since what {@link Stochastic} draws is a pure function of the run's name, the propensity is found by asking
   * the policy again, not read from a log. One that stops for certain (probability 1) leaves no exempt runs, so that nothing stands for
   * what it stopped: the sure part is all that is learned of it.
   *
   * @param logging the policy that watched the run, as it was then: of a learned one the same model with the same earlier runs
   * @param clip for how many runs an exempt one may stand at most, at least 1
   * @throws IllegalArgumentException if the run ended by itself and that policy would have stopped it
   */
  public static WatchedRun of(Run run, Stochastic logging, double clip) {
    Run settled = Course.settled(run);
    if (!settled.end().isScored()) {
      return of(settled);
    }
    Course course = Course.of(logging, settled);
    if (course.stoppedAt() >= 0) {
      throw new IllegalArgumentException(
          "run '%s' of task '%s' ended by itself, but %s stops it at point %d; give the policy that watched it, and its seed"
              .formatted(run.context().run(), run.context().task(), logging, course.stoppedAt() + 1));
    }
    boolean isExempt = course.propensity() < 1;
    return new WatchedRun(settled, isExempt ? Censoring.exempt(course.wantedAt(), course.propensity(), clip) : Censoring.NONE);
  }

  /**
   * A run of whose policy nothing is known, or that nobody watched. If it was stopped its certain negatives stay, and no other run stands for the
   * rest: right only where what ended it had nothing to do with its curve.
   */
  public static WatchedRun of(Run run) {
    Run settled = Course.settled(run);
    if (settled.end().isScored()) {
      return new WatchedRun(settled, Censoring.NONE);
    }
    Objective objective = settled.context().objective();
    int points = (int) settled.steps().stream().filter(objective::isReportedBy).count();
    double cost = settled.steps().isEmpty() ? Double.NaN : settled.steps().get(settled.steps().size() - 1).cost();
    double progress = settled.context().horizon().progress(points, cost);
    return new WatchedRun(settled, Censoring.stopped(points, progress > 0 && progress < 1 ? progress : 1));
  }
}
