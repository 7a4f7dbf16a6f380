package io.stopcast.replay;

import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.history.Usability;
import io.stopcast.label.Censoring;
import io.stopcast.label.Hindsight;
import io.stopcast.label.TaskScales;
import io.stopcast.run.Run;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A run that can be scored, with what every stop of it would have cost; or one that was stopped, which can be learned from but not scored, with
 * what is known of that.
 *
 * <p>Equal only to itself: runs serve as keys, and comparing whole curves would cost more than it tells.
 *
 * @param censoring {@link Censoring#NONE} unless the run comes from {@link #ofWatched}
 */
public record ScoredRun(Run run, TaskId task, Curve curve, Hindsight hindsight, Censoring censoring) {
  public ScoredRun(Run run, TaskId task, Curve curve, Hindsight hindsight) {
    this(run, task, curve, hindsight, Censoring.NONE);
  }

  /** Returns those of the runs that can be scored, in order; the tasks' scales come from all of them. */
  public static List<ScoredRun> of(Collection<Run> runs) {
    return usable(runs.stream().map(run -> new WatchedRun(run, Censoring.NONE)).toList(), EnumSet.of(Usability.SCORED));
  }

  /**
   * Returns runs that a policy watched, as what a learner is given: the stopped ones among them, which must not be scored. The tasks' scales
   * come from all that was shown. Left out is what never reports its objective, or no finite value, or a single point.
   */
  public static List<ScoredRun> ofWatched(Collection<WatchedRun> watched) {
    return usable(watched, EnumSet.of(Usability.SCORED, Usability.CENSORED));
  }

  private static List<ScoredRun> usable(Collection<WatchedRun> watched, Set<Usability> kinds) {
    TaskScales scales = TaskScales.of(watched.stream().map(WatchedRun::run).toList());
    Map<TaskId, TaskId> tasks = new HashMap<>(); // one name for all runs of a task: what is the same is quickly found to be equal
    return watched.stream()
        .filter(of -> kinds.contains(Usability.of(of.run())))
        .map(
            of -> {
              Curve curve = Curve.of(of.run());
              TaskId task = tasks.computeIfAbsent(TaskId.of(of.run()), first -> first);
              Hindsight hindsight = Hindsight.of(curve, scales.of(task), of.censoring().shown());
              return new ScoredRun(of.run(), task, curve, hindsight, of.censoring());
            })
        .toList();
  }

  /** Returns runs as their records tell of them, see {@link WatchedRun#of(Run)}, the stopped ones among them. */
  public static List<ScoredRun> ofRecords(Collection<Run> runs) {
    return ofWatched(runs.stream().map(WatchedRun::of).toList());
  }

  /** Returns those that are not stopped, in order: what may be judged. */
  public static List<ScoredRun> complete(Collection<ScoredRun> runs) {
    return runs.stream().filter(run -> !run.isStopped()).toList();
  }

  /** Whether its end is not shown, so that it may be learned from as far as it shows, and must not be scored. */
  public boolean isStopped() {
    return censoring.isStopped();
  }

  /** Whether it stands for more than itself: for runs of its kind that were stopped. */
  public boolean isExempt() {
    return censoring.weight() > 1;
  }

  /** Number of points. */
  public int length() {
    return curve.length();
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
