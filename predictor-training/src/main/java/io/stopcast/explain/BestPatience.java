package io.stopcast.explain;

import io.stopcast.history.TaskId;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Baselines;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rule of patience that would have cost least on other runs: what one could have known to set.
 *
 * @param rule of the families {@code patience} and {@code patience as share} of {@link Baselines}
 * @param runs on how many it was tuned
 * @param sameTask whether they are of the run's own task; else they are a few of each other task's
 */
record BestPatience(StopPolicy rule, int runs, boolean sameTask) {
  /** With fewer other runs of the task a rule is tuned on all tasks. */
  private static final int ENOUGH = 3;

  /** How many runs of a task are looked at, where there are many tasks: enough, and a rule takes seconds to tune. */
  private static final int OF_EACH = 2;

  /**
   * @param others scored runs, none of which is the one to be explained; may be none, and then nothing is ever stopped
   */
  static BestPatience of(TaskId task, List<ScoredRun> others, double price) {
    List<ScoredRun> same = others.stream().filter(run -> run.task().equals(task)).toList();
    boolean enough = same.size() >= ENOUGH;
    Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
    for (ScoredRun run : enough ? same : others) {
      List<ScoredRun> of = byTask.computeIfAbsent(run.task(), t -> new ArrayList<>());
      if (enough || of.size() < OF_EACH) {
        of.add(run);
      }
    }
    StopPolicy best =
        Baselines.families().stream()
            .filter(family -> family.name().startsWith("patience"))
            .flatMap(family -> family.settings().stream())
            .min(Comparator.comparingDouble(rule -> loss(rule, byTask, price)))
            .orElse(StopPolicy.NEVER);
    return new BestPatience(best, byTask.values().stream().mapToInt(List::size).sum(), enough);
  }

  private static double loss(StopPolicy rule, Map<TaskId, List<ScoredRun>> byTask, double price) {
    return byTask.values().stream()
        .mapToDouble(
            of -> of.stream().mapToDouble(run -> run.hindsight().loss(Replay.of(rule, run.run()).point(), price)).average().orElse(0))
        .average()
        .orElse(0);
  }
}
