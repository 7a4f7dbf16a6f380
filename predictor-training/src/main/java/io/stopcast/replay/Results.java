package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/**
 * Where each policy stopped each held-out run under one split, and what follows from it.
 *
 * <p>Every mean is one over the runs of a task and then over tasks, so that a task weighs the same however many runs it
 * has. The hindsight-best rule, against which the learned policy is judged, is the family with the smallest mean loss on
 * these very runs: a choice that favours the rules.
 */
public final class Results {
  public static final String NEVER = "never";
  public static final String ORACLE = "oracle";
  public static final String LEARNED = "learned";
  public static final String TUNED_RULE = "best rule on training part";

  private static final double FALSE_STOP = 0.02;
  private static final int DRAWS = 10_000;

  private final Split split;
  private final List<ScoredRun> runs;
  private final double[] prices;
  private final List<String> policies;
  private final List<String> families;
  /** [policy][price][run]: the point at which it stopped. */
  private final int[][][] stops;
  private final List<TaskId> tasks;
  private final int[][] runsOfTask;

  Results(
      Split split,
      List<ScoredRun> runs,
      double[] prices,
      List<String> policies,
      List<String> families,
      int[][][] stops) {
    this.split = split;
    this.runs = runs;
    this.prices = prices.clone();
    this.policies = List.copyOf(policies);
    this.families = List.copyOf(families);
    this.stops = stops;
    Map<TaskId, List<Integer>> byTask = new TreeMap<>();
    for (int r = 0; r < runs.size(); r++) {
      byTask.computeIfAbsent(runs.get(r).task(), t -> new ArrayList<>()).add(r);
    }
    this.tasks = List.copyOf(byTask.keySet());
    this.runsOfTask =
        byTask.values().stream().map(l -> l.stream().mapToInt(Integer::intValue).toArray()).toArray(int[][]::new);
  }

  /**
   * One policy at one price, over all held-out runs.
   *
   * @param loss regret + price * share of compute
   * @param nru loss between the oracle's (0) and that of never stopping (1); NaN where both are equal
   * @param saved 1 - share of the recorded cost
   * @param regret in units of the task's scale
   * @param falseStops share of runs that were stopped before a later gain of more than 2 % of the scale
   * @param worst mean of the largest 5 % of all runs' regrets
   */
  public record Row(
      String policy, double loss, double nru, double saved, double regret, double falseStops, double worst) {}

  /**
   * The learned policy against another at one price.
   *
   * @param gapClosed 1 - NRU / NRU of the other: 0 no better, 1 as good as hindsight; NaN if the other is hindsight
   * @param low lower end of the 95 % interval of gapClosed, by paired bootstrap over tasks, stratified by source
   * @param high its upper end
   * @param lossLow lower end of the 95 % interval of the difference in loss (negative: learned is better)
   * @param lossHigh its upper end
   * @param wins share of tasks on which the learned policy's loss is smaller, ties counting half
   * @param worstTask the task with the largest excess loss
   * @param worstExcess that excess, in units of the task's scale
   */
  public record Comparison(
      String against,
      double gapClosed,
      double low,
      double high,
      double lossLow,
      double lossHigh,
      double wins,
      String worstTask,
      double worstExcess) {
    /** Whether the interval of the loss excludes 0 on the good side. */
    public boolean isBetter() {
      return lossHigh < 0;
    }

    /** Whether the interval of the loss excludes 0 on the bad side. */
    public boolean isWorse() {
      return lossLow > 0;
    }
  }

  public Split split() {
    return split;
  }

  public int runCount() {
    return runs.size();
  }

  public List<TaskId> tasks() {
    return tasks;
  }

  public double[] prices() {
    return prices.clone();
  }

  public List<String> policies() {
    return policies;
  }

  public Row row(String policy, int price) {
    int[] stop = stopsOf(policy, price);
    double[] losses = taskLosses(policy, price);
    double oracle = mean(taskLosses(ORACLE, price));
    double never = mean(taskLosses(NEVER, price));
    double[] regrets = new double[runs.size()];
    Arrays.setAll(regrets, r -> runs.get(r).hindsight().regret()[stop[r]]);
    double[] sorted = regrets.clone();
    Arrays.sort(sorted);
    int tail = Math.max(1, (int) Math.round(0.05 * sorted.length));
    return new Row(
        policy,
        mean(losses),
        never > oracle ? (mean(losses) - oracle) / (never - oracle) : Double.NaN,
        mean(taskMeans(r -> 1 - runs.get(r).hindsight().share()[stop[r]])),
        mean(taskMeans(r -> regrets[r])),
        mean(taskMeans(r -> regrets[r] > FALSE_STOP ? 1 : 0)),
        Arrays.stream(sorted, sorted.length - tail, sorted.length).average().orElseThrow());
  }

  /** Returns the family of rules with the smallest mean loss on these runs, each tuned on the training part. */
  public String bestRule(int price) {
    return families.stream()
        .min((a, b) -> Double.compare(mean(taskLosses(a, price)), mean(taskLosses(b, price))))
        .orElseThrow();
  }

  public Comparison compare(String against, int price, long seed) {
    double[] learned = taskLosses(LEARNED, price);
    double[] other = taskLosses(against, price);
    double[] oracle = taskLosses(ORACLE, price);
    int[][] strata = strata();
    double[] gaps = new double[DRAWS];
    double[] differences = new double[DRAWS];
    SplittableRandom random = new SplittableRandom(seed);
    for (int d = 0; d < DRAWS; d++) {
      double l = 0;
      double o = 0;
      double best = 0;
      for (int[] stratum : strata) {
        for (int i = 0; i < stratum.length; i++) {
          int task = stratum[random.nextInt(stratum.length)];
          l += learned[task];
          o += other[task];
          best += oracle[task];
        }
      }
      gaps[d] = gap(l, o, best);
      differences[d] = (l - o) / learned.length;
    }
    Arrays.sort(gaps);
    Arrays.sort(differences);
    double wins = 0;
    int worst = 0;
    for (int t = 0; t < learned.length; t++) {
      wins += learned[t] < other[t] ? 1 : learned[t] > other[t] ? 0 : 0.5;
      worst = learned[t] - other[t] > learned[worst] - other[worst] ? t : worst;
    }
    return new Comparison(
        against,
        gap(mean(learned), mean(other), mean(oracle)),
        gaps[DRAWS / 40],
        gaps[DRAWS - 1 - DRAWS / 40],
        differences[DRAWS / 40],
        differences[DRAWS - 1 - DRAWS / 40],
        wins / learned.length,
        tasks.get(worst).task(),
        learned[worst] - other[worst]);
  }

  /** The tasks' mean losses, in the order of {@link #tasks()}. */
  public double[] taskLosses(String policy, int price) {
    int[] stop = stopsOf(policy, price);
    return taskMeans(r -> runs.get(r).hindsight().loss(stop[r], prices[price]));
  }

  /** How many runs each task has, in the order of {@link #tasks()}. */
  public int[] runsPerTask() {
    return Arrays.stream(runsOfTask).mapToInt(of -> of.length).toArray();
  }

  private static double gap(double learned, double other, double oracle) {
    return other > oracle ? 1 - (learned - oracle) / (other - oracle) : Double.NaN;
  }

  private int[] stopsOf(String policy, int price) {
    return stops[policies.indexOf(policy)][price];
  }

  private double[] taskMeans(IntToDoubleFunction ofRun) {
    return Arrays.stream(runsOfTask)
        .mapToDouble(of -> Arrays.stream(of).mapToDouble(ofRun).average().orElseThrow())
        .toArray();
  }

  private int[][] strata() {
    Map<String, List<Integer>> bySource = new TreeMap<>();
    for (int t = 0; t < tasks.size(); t++) {
      bySource.computeIfAbsent(tasks.get(t).source(), s -> new ArrayList<>()).add(t);
    }
    return bySource.values().stream()
        .map(l -> l.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
