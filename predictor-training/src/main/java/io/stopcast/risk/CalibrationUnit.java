package io.stopcast.risk;

import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.TaskWeights;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What is drawn at random and stands for itself, however many runs it has: the runs of one configuration, where the promise is for
 * a new run, or those of one group of near-duplicate tasks, where it is for a new task.
 *
 * <p>Runs of one unit are not independent. So a unit enters a count by one of its runs, drawn at random, and a mean by its own mean:
 * over the runs of a configuration, or over those of each task and then over tasks. Either way it says what a run that is drawn as a
 * new one would be: first the unit, then (the task, and) the run.
 *
 * @param runs at least one
 * @param weights of the runs, which sum to 1
 * @param drawn which run stands for the unit, drawn by these weights
 */
record CalibrationUnit(List<ScoredRun> runs, double[] weights, int drawn) {
  /**
   * Returns the unit that these runs are, with a run drawn; nothing if the promise is about none of them.
   *
   * @param isMeant whether the promise is about a run
   */
  static Optional<CalibrationUnit> of(
      Promise.Unit kind, List<ScoredRun> runs, Predicate<ScoredRun> isMeant, Random random) {
    List<ScoredRun> meant = runs.stream().filter(isMeant).toList();
    double at = random.nextDouble();
    if (meant.isEmpty()) {
      return Optional.empty();
    }
    int n = meant.size();
    double[] weights =
        kind == Promise.Unit.TASK
            ? TaskWeights.of(meant, IntStream.range(0, n).toArray())
            : IntStream.range(0, n).mapToDouble(r -> 1.0 / n).toArray();
    int drawn = 0;
    for (double below = weights[0]; drawn < n - 1 && at >= below; below += weights[drawn]) {
      drawn++;
    }
    return Optional.of(new CalibrationUnit(meant, weights, drawn));
  }

  /** What the unit shows of a regret that is to be limited: of one run, or on average. */
  double shown(RegretLimit limit, ToDoubleFunction<ScoredRun> regret) {
    return limit.overall() instanceof RegretLimit.Exceeding ? regret.applyAsDouble(run()) : mean(regret);
  }

  /** The run that stands for it. */
  ScoredRun run() {
    return runs.get(drawn);
  }

  /** The unit without its other runs. */
  CalibrationUnit alone() {
    return new CalibrationUnit(List.of(run()), new double[] {1}, 0);
  }

  /** The mean over its runs. */
  double mean(ToDoubleFunction<ScoredRun> value) {
    double sum = 0;
    for (int r = 0; r < weights.length; r++) {
      sum += weights[r] * value.applyAsDouble(runs.get(r));
    }
    return sum;
  }
}
