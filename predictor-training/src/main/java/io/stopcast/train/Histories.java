package io.stopcast.train;

import io.stopcast.feature.EarlierRun;
import io.stopcast.feature.TaskHistory;
import io.stopcast.model.Priors;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.Configurations;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The earlier runs of each task, for rows of training and for the model file. */
public final class Histories {
  /** How many runs of a task are kept at most. */
  public static final int MOST = 64;

  /** How many earlier runs a training run may have, each as likely: as few as count for a history, and as many as are kept. */
  private static final int[] COUNTS = {LearnedPolicy.ENOUGH_RUNS, 4, 5, 8, 12, 20, 32, MOST, MOST};

  private final Configurations configurations;
  private final Map<String, List<Earlier>> byTask = new HashMap<>();

  private record Earlier(ScoredRun run, String configuration, EarlierRun summary) {}

  Histories(List<ScoredRun> runs) {
    configurations = new Configurations(runs);
    for (ScoredRun run : runs) {
      // A stopped run is none to compare with: an earlier run's curve is laid out along its whole length.
      if (!Double.isNaN(run.curve().finalBest()) && !run.censoring().isStopped()) {
        byTask
            .computeIfAbsent(Priors.key(run.run().context()), k -> new ArrayList<>())
            .add(new Earlier(run, configurations.of(run), EarlierRun.of(run.run())));
      }
    }
  }

  /** A random number of random earlier runs of the run's task, none of the run's own configuration; fewer if it has no more. */
  List<EarlierRun> sample(ScoredRun run, Random random) {
    return sample(run, COUNTS[random.nextInt(COUNTS.length)], random);
  }

  List<EarlierRun> sample(ScoredRun run, int count, Random random) {
    List<Earlier> others = others(run);
    Collections.shuffle(others, random);
    return others.stream().limit(count).map(Earlier::summary).toList();
  }

  /** How many runs {@link #sample(ScoredRun, Random)} returns, which is quicker told than they are drawn. */
  int sampleSize(ScoredRun run, Random random) {
    return Math.min(COUNTS[random.nextInt(COUNTS.length)], others(run).size());
  }

  private List<Earlier> others(ScoredRun run) {
    List<Earlier> others = new ArrayList<>(byTask.getOrDefault(Priors.key(run.run().context()), List.of()));
    String own = configurations.of(run);
    others.removeIf(other -> other.run == run || other.configuration.equals(own));
    return others;
  }

  /** All tasks, each with at most {@value #MOST} runs. */
  Priors priors(Random random) {
    Map<String, TaskHistory> tasks = new HashMap<>();
    byTask.forEach(
        (task, runs) -> {
          List<Earlier> some = new ArrayList<>(runs);
          Collections.shuffle(some, random);
          tasks.put(task, TaskHistory.of(some.stream().limit(MOST).map(Earlier::summary).toList()));
        });
    return new Priors(tasks);
  }
}
