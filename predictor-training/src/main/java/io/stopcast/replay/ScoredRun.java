package io.stopcast.replay;

import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.history.Usability;
import io.stopcast.label.Hindsight;
import io.stopcast.label.TaskScales;
import io.stopcast.run.Run;
import java.util.Collection;
import java.util.List;

/**
 * A run that can be scored, with what every stop of it would have cost.
 *
 * <p>Equal only to itself: runs serve as keys, and comparing whole curves would cost more than it tells.
 */
public record ScoredRun(Run run, TaskId task, Curve curve, Hindsight hindsight) {

  /** Returns those of the runs that can be scored, in order; the tasks' scales come from all of them. */
  public static List<ScoredRun> of(Collection<Run> runs) {
    TaskScales scales = TaskScales.of(runs);
    return runs.stream()
        .filter(run -> Usability.of(run) == Usability.SCORED)
        .map(
            run -> {
              Curve curve = Curve.of(run);
              TaskId task = TaskId.of(run);
              return new ScoredRun(run, task, curve, Hindsight.of(curve, scales.of(task)));
            })
        .toList();
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
