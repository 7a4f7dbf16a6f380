package io.stopcast.replay;

import io.stopcast.label.Censoring;
import io.stopcast.policy.Stochastic;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.Arrays;

/**
 * A run of a history in which a policy stopped some, with what its record leaves out: what a learner needs so as not to believe in the stops of the
 * model before it.
 *
 * <p>See {@link ScoredRun#ofWatched}. A history may hold runs of several policies, each watched by its own.
 */
public record WatchedRun(Run run, Censoring censoring) {
  /** For how many runs an exempt one stands at most, where nobody says otherwise: more than any does where a fiftieth or more are exempt. */
  public static final double CLIP = 50;

  /**
   * A run whose policy is known. Since what {@link Stochastic} draws is a pure function of the run's name, the propensity is found by asking
   * the policy again; {@link #of(Run, double)} reads it from the record instead. One that stops for certain (probability 1) leaves no exempt runs, so that nothing stands for
   * what it stopped: the sure part is all that is learned of it.
   *
   * @param logging the policy that watched the run, as it was then: of a learned one the same model with the same earlier runs
   * @param clip for how many runs an exempt one may stand at most, at least 1
   * @throws IllegalArgumentException if the run ended by itself and that policy would have stopped it
   */
  public static WatchedRun of(Run run, Stochastic logging, double clip) {
    Run settled = Course.settled(run);
    if (!settled.end().isScored()) {
      return of(settled, clip);
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
   * A run as its record tells, {@link #CLIP clipped} as usual.
   */
  public static WatchedRun of(Run run) {
    return of(run, CLIP);
  }

  /**
   * A run as its record tells: one that was {@link io.stopcast.run.Exemption exempt} stands for those of its kind, every other one that ended by
   * itself counts as one that nobody would have stopped. Of a run that did not its certain negatives stay, and what the rest would be exempt
   * runs tell; where there are none, that is right only if what ended it had nothing to do with its curve.
   *
   * @param clip for how many runs an exempt one may stand at most, at least 1
   */
  public static WatchedRun of(Run run, double clip) {
    Run settled = Course.settled(run);
    Objective objective = settled.context().objective();
    long[] points = settled.steps().stream().filter(objective::isReportedBy).mapToLong(Step::index).toArray();
    int sure = settled.exemption().map(exempt -> (int) Arrays.stream(points).filter(step -> step <= exempt.step()).count()).orElse(points.length);
    if (settled.end().isScored()) {
      boolean isExempt = sure < points.length; // a stop at the last point is none
      return new WatchedRun(
          settled, isExempt ? Censoring.exempt(sure - 1, settled.exemption().orElseThrow().propensity(), clip) : Censoring.NONE);
    }
    double cost = settled.steps().isEmpty() ? Double.NaN : settled.steps().get(settled.steps().size() - 1).cost();
    double progress = settled.context().horizon().progress(points.length, cost);
    return new WatchedRun(settled, Censoring.stopped(sure, progress > 0 && progress < 1 ? progress : 1));
  }
}
