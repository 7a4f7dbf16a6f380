package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What each policy made of each sweep. Means are over the sweeps of a task and then over tasks, as in {@link Results}. */
public final class SweepResults {
  private static final int DRAWS = 10_000;

  private final List<TaskId> ofSweeps;
  private final List<TaskId> tasks;
  private final int runs;
  private final Map<String, List<SweepOutcome>> outcomes;

  /**
   * @param ofSweeps the task of each sweep
   * @param runs how many they have together
   * @param outcomes of each policy on each sweep
   */
  SweepResults(List<TaskId> ofSweeps, int runs, Map<String, List<SweepOutcome>> outcomes) {
    this.ofSweeps = List.copyOf(ofSweeps);
    this.tasks = ofSweeps.stream().distinct().sorted().toList();
    this.runs = runs;
    this.outcomes = new LinkedHashMap<>(outcomes);
  }

  /**
   * A mean with its 95 % interval, by bootstrap over tasks, stratified by source.
   *
   * @param mean NaN without any task
   */
  public record Estimate(double mean, double low, double high) {}

  /**
   * One policy over all sweeps; see {@link SweepOutcome} for what is estimated.
   *
   * @param bestStopped the probability that the eventual best was stopped
   * @param bestMissed the probability that the best value of all was not seen
   */
  public record Row(String policy, Estimate saved, Estimate regret, Estimate bestStopped, Estimate bestMissed) {}

  public int sweeps() {
    return ofSweeps.size();
  }

  public int tasks() {
    return tasks.size();
  }

  public int runs() {
    return runs;
  }

  /** Returns a row for each policy, in the order in which they were given. */
  public List<Row> rows(long seed) {
    List<Row> rows = new ArrayList<>();
    outcomes.forEach(
        (policy, of) ->
            rows.add(
                new Row(
                    policy,
                    estimate(of, SweepOutcome::saved, seed),
                    estimate(of, SweepOutcome::regret, seed),
                    estimate(of, SweepOutcome::bestStopped, seed),
                    estimate(of, SweepOutcome::bestMissed, seed))));
    return rows;
  }

  /** What a policy's sweeps of one task lost on average, in units of its scale. */
  public record TaskRegret(TaskId task, double regret) {}

  /** Returns the tasks on which a policy loses most, worst first; of equal ones the first by name. */
  public List<TaskRegret> worst(String policy, int count) {
    double[] regrets = taskMeans(outcomes.get(policy), SweepOutcome::regret);
    return IntStream.range(0, regrets.length)
        .mapToObj(t -> new TaskRegret(tasks.get(t), regrets[t]))
        .sorted(Comparator.comparingDouble((TaskRegret of) -> -of.regret()))
        .limit(count)
        .toList();
  }

  /** The difference between two policies, task by task: positive where the first has more. */
  public Estimate difference(String policy, String other, ToDoubleFunction<SweepOutcome> of, long seed) {
    double[] ours = taskMeans(outcomes.get(policy), of);
    double[] theirs = taskMeans(outcomes.get(other), of);
    double[] differences = new double[ours.length];
    Arrays.setAll(differences, t -> ours[t] - theirs[t]);
    return estimate(differences, seed);
  }

  private Estimate estimate(List<SweepOutcome> of, ToDoubleFunction<SweepOutcome> what, long seed) {
    return estimate(taskMeans(of, what), seed);
  }

  private Estimate estimate(double[] ofTasks, long seed) {
    int[][] strata = TaskStrata.of(tasks);
    double[] means = new double[DRAWS];
    SplittableRandom random = new SplittableRandom(seed);
    for (int d = 0; d < DRAWS; d++) {
      double sum = 0;
      for (int[] stratum : strata) {
        for (int i = 0; i < stratum.length; i++) {
          sum += ofTasks[stratum[random.nextInt(stratum.length)]];
        }
      }
      means[d] = sum / ofTasks.length;
    }
    Arrays.sort(means);
    return new Estimate(
        Arrays.stream(ofTasks).average().orElse(Double.NaN), means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40]);
  }

  private double[] taskMeans(List<SweepOutcome> of, ToDoubleFunction<SweepOutcome> what) {
    double[] sums = new double[tasks.size()];
    int[] counts = new int[tasks.size()];
    for (int s = 0; s < of.size(); s++) {
      int task = tasks.indexOf(ofSweeps.get(s));
      sums[task] += what.applyAsDouble(of.get(s));
      counts[task]++;
    }
    Arrays.setAll(sums, t -> sums[t] / counts[t]);
    return sums;
  }
}
