package io.stopcast.report;

import io.stopcast.history.TaskId;
import io.stopcast.label.Hindsight;
import io.stopcast.replay.MetricKind;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the learned policy saves and loses on the judged runs of one task.
 *
 * @param family the context's {@code family} where runs have one, otherwise the first part of the task's name
 * @param kind of metric, see {@link MetricKind}
 * @param saved mean share of the recorded cost
 * @param regret mean, in units of the task's scale, as all regrets
 * @param p95 the regret that one run in twenty exceeds
 * @param worst the largest regret
 * @param worstRun whose it is
 * @param wins share of runs that lose less than under the best rule, ties counting half
 * @param loss mean
 * @param ruleLoss mean loss under the best rule
 * @param oracleLoss mean loss in hindsight
 */
record TaskRow(
    TaskId task,
    String family,
    String kind,
    int runs,
    double saved,
    double regret,
    double p95,
    double worst,
    String worstRun,
    double wins,
    double loss,
    double ruleLoss,
    double oracleLoss) {
  /** With fewer judged runs than this a mean over them says little. */
  static final int FEW = 10;

  boolean isOfFew() {
    return runs < FEW;
  }

  /** Returns the rows in the order of the tasks. */
  static List<TaskRow> of(Results results, int price) {
    Map<TaskId, List<Integer>> byTask = new TreeMap<>();
    for (int r = 0; r < results.runCount(); r++) {
      byTask.computeIfAbsent(results.runs().get(r).task(), task -> new ArrayList<>()).add(r);
    }
    String rule = results.bestRule(price);
    List<TaskRow> rows = new ArrayList<>();
    byTask.forEach((task, of) -> rows.add(of(results, price, rule, task, of)));
    return rows;
  }

  private static TaskRow of(Results results, int price, String rule, TaskId task, List<Integer> of) {
    double worth = results.prices()[price];
    double[] regrets = new double[of.size()];
    double saved = 0;
    double wins = 0;
    double loss = 0;
    double ruleLoss = 0;
    double oracleLoss = 0;
    int worst = 0;
    for (int i = 0; i < regrets.length; i++) {
      int r = of.get(i);
      Hindsight hindsight = results.runs().get(r).hindsight();
      int stop = results.stop(Results.LEARNED, price, r);
      double ours = hindsight.loss(stop, worth);
      double theirs = hindsight.loss(results.stop(rule, price, r), worth);
      regrets[i] = hindsight.regret()[stop];
      saved += 1 - hindsight.share()[stop];
      wins += ours < theirs ? 1 : ours > theirs ? 0 : .5;
      loss += ours;
      ruleLoss += theirs;
      oracleLoss += hindsight.loss(results.stop(Results.ORACLE, price, r), worth);
      worst = regrets[i] > regrets[worst] ? i : worst;
    }
    double n = regrets.length;
    double largest = regrets[worst];
    ScoredRun worstRun = results.runs().get(of.get(worst));
    double regret = Arrays.stream(regrets).sum() / n;
    Arrays.sort(regrets);
    return new TaskRow(
        task,
        family(worstRun),
        MetricKind.of(worstRun.run().context().objective()).word(),
        regrets.length,
        saved / n,
        regret,
        regrets[(int) Math.ceil(.95 * n) - 1],
        largest,
        worstRun.run().context().run(),
        wins / n,
        loss / n,
        ruleLoss / n,
        oracleLoss / n);
  }

  private static String family(ScoredRun run) {
    Object family = run.run().context().parameters().get("family");
    String task = run.task().task();
    int slash = task.indexOf('/');
    return family != null ? family.toString() : slash > 0 ? task.substring(0, slash) : task;
  }
}
