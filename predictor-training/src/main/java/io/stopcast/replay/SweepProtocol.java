package io.stopcast.replay;

import io.stopcast.history.TaskId;
import io.stopcast.label.TaskScales;
import io.stopcast.run.Objective;
import io.stopcast.sweep.SweepPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How sweeps are made of recorded runs and judged: those of one task and objective, in the order of the history or shuffled,
 * are cut into sweeps, each of which is replayed by itself.
 *
 * @param most how many runs a sweep has, at most
 * @param fewest of how many runs a sweep is made, at least; fewer are left out
 * @param workers how many run at once
 * @param shuffle the seed of the order; empty for that of the history
 */
public record SweepProtocol(int most, int fewest, int workers, OptionalLong shuffle) {
  public SweepProtocol {
    if (fewest < 2 || most < fewest) {
      throw new IllegalArgumentException(
          "a sweep has at least 2 runs, and at most no fewer, but was to have %d to %d".formatted(fewest, most));
    }
  }

  /** Cuts the runs into sweeps, ordered by task; always the same for the same runs in the same order. */
  public List<List<ScoredRun>> sweeps(List<ScoredRun> runs) {
    record Key(TaskId task, Objective objective) {}
    Map<Key, List<ScoredRun>> byTask =
        new TreeMap<>(
            Comparator.comparing(Key::task)
                .thenComparing(key -> key.objective().metric())
                .thenComparing(key -> key.objective().direction()));
    for (ScoredRun run : runs) {
      byTask.computeIfAbsent(new Key(run.task(), run.run().context().objective()), key -> new ArrayList<>()).add(run);
    }
    List<List<ScoredRun>> sweeps = new ArrayList<>();
    for (List<ScoredRun> ofTask : byTask.values()) {
      if (shuffle.isPresent()) {
        Collections.shuffle(ofTask, new Random(shuffle.getAsLong()));
      }
      for (int from = 0; ofTask.size() - from >= fewest; from += most) {
        sweeps.add(List.copyOf(ofTask.subList(from, Math.min(ofTask.size(), from + most))));
      }
    }
    return sweeps;
  }

  /**
   * Replays all sweeps under all policies, on all processors.
   *
   * @param scales of the tasks
   * @param policies by name; which one judges a task may depend on what it was tuned on
   */
  public SweepResults judge(
      List<List<ScoredRun>> sweeps, TaskScales scales, Map<String, Function<TaskId, SweepPolicy>> policies) {
    List<TaskId> tasks = sweeps.stream().map(sweep -> sweep.get(0).task()).toList();
    Map<String, List<SweepOutcome>> outcomes = new LinkedHashMap<>();
    policies.forEach(
        (name, policyOf) ->
            outcomes.put(
                name,
                IntStream.range(0, sweeps.size())
                    .parallel()
                    .mapToObj(
                        s -> {
                          List<Stop> stops = SweepReplay.of(policyOf.apply(tasks.get(s)), sweeps.get(s), workers);
                          return SweepOutcome.of(sweeps.get(s), stops, scales.of(tasks.get(s)));
                        })
                    .toList()));
    return new SweepResults(tasks, sweeps.stream().mapToInt(Collection::size).sum(), outcomes);
  }
}
