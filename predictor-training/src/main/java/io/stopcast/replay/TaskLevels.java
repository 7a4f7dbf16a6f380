package io.stopcast.replay;

import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.policy.ParetoFront;
import io.stopcast.run.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody knows of a task who has seen some of its runs: in gains, larger is better.
 *
 * @param first the median of their first values
 * @param median the median of their best values
 * @param best the best value of all
 * @param front what they have reached at which cost: a point a run, at its best value
 */
record TaskLevels(double first, double median, double best, ParetoFront front) {
  /** With fewer runs than this nobody knows a task. */
  private static final int ENOUGH_RUNS = 3;

  /** What there is to gain; above 0. */
  double scale() {
    return best - first;
  }

  /** The value of the metric that lies so far on the way from the first value to the best. */
  double on(Objective objective, double way) {
    return objective.gain(first + way * scale());
  }

  /** The tasks of some runs. */
  static final class Known {
    private final Map<TaskId, List<ScoredRun>> runs = new HashMap<>();
    private final Map<List<Object>, Optional<TaskLevels>> withoutOwn = new HashMap<>();
    private final Configurations configurations;

    Known(List<ScoredRun> training) {
      training.forEach(run -> runs.computeIfAbsent(run.task(), t -> new ArrayList<>()).add(run));
      configurations = new Configurations(training);
    }

    /** Nothing for a task of which too little is known. */
    Map<TaskId, TaskLevels> all() {
      Map<TaskId, TaskLevels> all = new HashMap<>();
      runs.forEach((task, of) -> levels(of).ifPresent(levels -> all.put(task, levels)));
      return all;
    }

    /** What the runs of other configurations tell of a run's task. */
    Optional<TaskLevels> without(ScoredRun run) {
      String own = configurations.of(run);
      return withoutOwn.computeIfAbsent(
          List.of(run.task(), own),
          key -> levels(runs.get(run.task()).stream().filter(other -> !configurations.of(other).equals(own)).toList()));
    }

    private static Optional<TaskLevels> levels(List<ScoredRun> of) {
      if (of.size() < ENOUGH_RUNS) {
        return Optional.empty();
      }
      double[] bests = of.stream().mapToDouble(run -> run.curve().finalBest()).sorted().toArray();
      double[] firsts = of.stream().mapToDouble(run -> run.curve().first()).sorted().toArray();
      TaskLevels levels =
          new TaskLevels(firsts[firsts.length / 2], bests[bests.length / 2], bests[bests.length - 1], front(of));
      return levels.scale() > 0 && Double.isFinite(levels.scale()) ? Optional.of(levels) : Optional.empty();
    }

    private static ParetoFront front(List<ScoredRun> of) {
      Objective objective = of.get(0).run().context().objective();
      ParetoFront front = ParetoFront.of(objective, Objective.minimize("cost"));
      for (ScoredRun run : of) {
        Curve curve = run.curve();
        int at = 0;
        while (!(curve.best()[at] == curve.finalBest())) {
          at++;
        }
        if (!Double.isNaN(curve.cost()[at])) {
          front = front.with(objective.gain(curve.finalBest()), curve.cost()[at]);
        }
      }
      return front;
    }
  }
}
