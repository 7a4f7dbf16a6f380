package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Where each policy stopped each judged run under one split, and what follows from it.
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

  /** The rows that are no family of rules. */
  static final List<String> OWN = List.of(NEVER, ORACLE, LEARNED, TUNED_RULE);

  private static final double FALSE_STOP = 0.02;
  private static final double[] MATCHED = {0.005, 0.01, 0.02};
  private static final int DRAWS = 10_000;

  private final Scope scope;
  private final List<ScoredRun> runs;
  private final double[] prices;
  private final List<String> policies;
  private final List<String> families;
  /** [policy][price][run]: the point at which it stopped. */
  private final int[][][] stops;
  private final TradeOffs tradeOffs;
  private final List<String> further;
  private final List<List<TradeOffRow>> rows;
  private final List<TaskId> tasks;
  private final int[][] runsOfTask;
  private final TaskBootstrap bootstrap;

  Results(
      Scope scope,
      List<ScoredRun> runs,
      double[] prices,
      List<String> policies,
      List<String> families,
      int[][][] stops,
      TradeOffs tradeOffs) {
    this(scope, runs, prices, policies, families, stops, tradeOffs, List.of(), List.of());
  }

  /**
   * @param further which of the policies are no part of the protocol's own rows
   * @param rows for each price all points of all trade-off curves; empty if nobody asked for more than the protocol's
   */
  Results(
      Scope scope,
      List<ScoredRun> runs,
      double[] prices,
      List<String> policies,
      List<String> families,
      int[][][] stops,
      TradeOffs tradeOffs,
      List<String> further,
      List<List<TradeOffRow>> rows) {
    this.further = List.copyOf(further);
    this.rows = List.copyOf(rows);
    this.scope = scope;
    this.runs = runs;
    this.prices = prices.clone();
    this.policies = List.copyOf(policies);
    this.families = List.copyOf(families);
    this.stops = stops;
    this.tradeOffs = tradeOffs;
    Map<TaskId, List<Integer>> byTask = new TreeMap<>();
    for (int r = 0; r < runs.size(); r++) {
      byTask.computeIfAbsent(runs.get(r).task(), t -> new ArrayList<>()).add(r);
    }
    this.tasks = List.copyOf(byTask.keySet());
    this.runsOfTask =
        byTask.values().stream().map(l -> l.stream().mapToInt(Integer::intValue).toArray()).toArray(int[][]::new);
    this.bootstrap = new TaskBootstrap(tasks);
  }

  /**
   * What was asked.
   *
   * @param split what was held out
   * @param horizon whether policies were told how long a judged run was planned to be
   * @param leftOut about which runs this could not be asked
   */
  public record Scope(Split split, ShownHorizon horizon, LeftOut leftOut) {}

  /**
   * One policy at one price, over all held-out runs.
   *
   * @param loss regret + price * share of compute
   * @param nru loss between the oracle's (0) and that of never stopping (1); NaN where both are equal
   * @param saved 1 - share of the recorded cost
   * @param regret in units of the task's scale
   * @param falseStops share of runs that were stopped before a later gain of more than 2 % of the scale: those whose regret
   *     is larger than that
   * @param falseStopsOfRuns the same, all runs weighing the same whatever their task
   * @param worst mean of the largest 5 % of all runs' regrets
   */
  public record Row(
      String policy,
      double loss,
      double nru,
      double saved,
      double regret,
      double falseStops,
      double falseStopsOfRuns,
      double worst) {}

  /**
   * Whether the tasks tell the learned policy from another: Wilcoxon's signed-rank test of their losses.
   *
   * @param rank mean signed rank as a share of the largest possible, -1 to 1: positive where the learned policy loses less
   * @param p two-sided
   * @param holm p adjusted by Holm for that there are several others
   */
  public record Test(String against, double rank, double p, double holm) {}

  /**
   * Some of the tasks at one price: mean losses, with the rule that is best over all tasks.
   *
   * @param gap gap closed within the group; NaN where the rule is hindsight
   */
  public record Group(String name, int tasks, double learned, double rule, double oracle, double never, double gap) {}

  /**
   * What is saved at a mean regret, with the threshold, or the one setting of all rules, that is best in hindsight.
   *
   * @param regret that is borne, in units of the task's scale
   * @param learned NaN where the learned policy has no score
   */
  public record Matched(double regret, double learned, double rule) {}
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
    return scope.split();
  }

  public ShownHorizon horizon() {
    return scope.horizon();
  }

  public LeftOut leftOut() {
    return scope.leftOut();
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

  /** The policies beyond the protocol's own rows, in their order; empty if nobody asked for them. */
  public List<String> further() {
    return further;
  }

  /** All points of the trade-off curves of all policies at a price; empty unless further policies were judged. */
  public List<TradeOffRow> tradeOffRows(int price) {
    return rows.isEmpty() ? List.of() : rows.get(price);
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
        mean(Arrays.stream(regrets).map(regret -> regret > FALSE_STOP ? 1 : 0).toArray()),
        Arrays.stream(sorted, sorted.length - tail, sorted.length).average().orElseThrow());
  }

  /** The judged runs, in the order in which positions of runs count. */
  public List<ScoredRun> runs() {
    return runs;
  }

  /** The names of the families of rules. */
  public List<String> families() {
    return families;
  }

  /** Returns the point, counted from 0, at which a policy stopped a run; its last one if it did not. */
  public int stop(String policy, int price, int run) {
    return stopsOf(policy, price)[run];
  }

  /**
   * How sure the means of a policy are: 95 % intervals, by bootstrap over tasks, stratified by source. The draws are the same for all
   * policies.
   *
   * @param regret of {@link Row#regret}
   * @param saved of {@link Row#saved}
   */
  public record Spread(Interval regret, Interval saved) {}

  public Spread spread(String policy, int price) {
    int[] stop = stopsOf(policy, price);
    return new Spread(
        bootstrap.mean(taskMeans(r -> runs.get(r).hindsight().regret()[stop[r]])),
        bootstrap.mean(taskMeans(r -> 1 - runs.get(r).hindsight().share()[stop[r]])));
  }

  /** For each point of {@link #tradeOff} the interval of its mean regret, as {@link Spread} has it. */
  public List<Interval> tradeOffRegrets(int price) {
    int[][] reached = tradeOffs.reached()[price];
    return IntStream.range(0, tradeOff(price).points().size())
        .mapToObj(
            threshold ->
                bootstrap.mean(taskMeans(r -> runs.get(r).hindsight().regret()[reached[r][threshold]])))
        .toList();
  }

  /** What every setting of every rule saves and loses, each for all runs; the families one after the other. */
  public TradeOff rules() {
    return tradeOffs.rules();
  }

  /** What hindsight saves and loses at any price, also one at which nothing else was judged. */
  public TradeOff.Point oracleAt(double price) {
    int[] stop = runs.stream().mapToInt(run -> run.hindsight().oracle(price)).toArray();
    return new TradeOff.Point(
        "price " + price,
        mean(taskMeans(r -> runs.get(r).hindsight().regret()[stop[r]])),
        mean(taskMeans(r -> 1 - runs.get(r).hindsight().share()[stop[r]])));
  }

  /** Returns the family of rules with the smallest mean loss on these runs, each tuned on the training part. */
  public String bestRule(int price) {
    return families.stream()
        .min((a, b) -> Double.compare(mean(taskLosses(a, price)), mean(taskLosses(b, price))))
        .orElseThrow();
  }

  /** Tests the learned policy against never stopping and each family of rules, in this order. */
  public List<Test> tests(int price) {
    List<String> others = new ArrayList<>(List.of(NEVER));
    others.addAll(families);
    double[] learned = taskLosses(LEARNED, price);
    List<SignedRank> ranks = new ArrayList<>();
    for (String other : others) {
      double[] differences = taskLosses(other, price);
      Arrays.setAll(differences, t -> differences[t] - learned[t]);
      ranks.add(SignedRank.of(differences));
    }
    double[] holm = SignedRank.holm(ranks.stream().mapToDouble(SignedRank::p).toArray());
    List<Test> tests = new ArrayList<>();
    for (int i = 0; i < holm.length; i++) {
      SignedRank rank = ranks.get(i);
      double sum = rank.positive() + rank.negative();
      double difference = sum > 0 ? (rank.positive() - rank.negative()) / sum : 0;
      tests.add(new Test(others.get(i), difference, rank.p(), holm[i]));
    }
    return tests;
  }

  /** What is saved at a mean regret of 0.5, 1 and 2 % of the tasks' scales. */
  public List<Matched> matched(int price) {
    return Arrays.stream(MATCHED)
        .mapToObj(
            regret ->
                new Matched(regret, tradeOffs.learned().get(price).savedAt(regret), tradeOffs.rules().savedAt(regret)))
        .toList();
  }

  /** The learned policy's trade-off as its threshold moves; without points where it has no score. */
  public TradeOff tradeOff(int price) {
    return tradeOffs.learned().get(price);
  }

  /** The tasks of each source. */
  public List<Group> bySource(int price) {
    return groups(price, run -> run.task().source());
  }

  /** The tasks of each kind of metric, see {@link MetricKind}. */
  public List<Group> byMetric(int price) {
    return groups(price, run -> MetricKind.of(run.run().context().objective()).word());
  }

  /** The tasks of each kind, see {@link TaskKind}. */
  public List<Group> byKindOfTask(int price) {
    return groups(price, run -> TaskKind.of(run.task()));
  }

  private List<Group> groups(int price, Function<ScoredRun, String> nameOf) {
    Map<String, List<Integer>> named = new TreeMap<>();
    for (int t = 0; t < runsOfTask.length; t++) {
      named.computeIfAbsent(nameOf.apply(runs.get(runsOfTask[t][0])), n -> new ArrayList<>()).add(t);
    }
    String best = bestRule(price);
    List<Group> groups = new ArrayList<>();
    named.forEach(
        (name, of) -> {
          double learned = mean(LEARNED, price, of);
          double rule = mean(best, price, of);
          double oracle = mean(ORACLE, price, of);
          groups.add(
              new Group(name, of.size(), learned, rule, oracle, mean(NEVER, price, of), gap(learned, rule, oracle)));
        });
    return groups;
  }

  private double mean(String policy, int price, List<Integer> of) {
    double[] losses = taskLosses(policy, price);
    return of.stream().mapToDouble(t -> losses[t]).average().orElseThrow();
  }

  /** Compares the learned policy with another. */
  public Comparison compare(String against, int price, long seed) {
    return compare(LEARNED, against, price, seed);
  }

  /** Compares any policy, which stands where {@link Comparison} says learned, with another. */
  public Comparison compare(String policy, String against, int price, long seed) {
    double[] learned = taskLosses(policy, price);
    double[] other = taskLosses(against, price);
    double[] oracle = taskLosses(ORACLE, price);
    int[][] strata = TaskStrata.of(tasks);
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

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
