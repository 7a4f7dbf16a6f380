package io.stopcast.train;

import io.stopcast.label.Censoring;
import io.stopcast.label.Hindsight;
import io.stopcast.label.TaskScales;
import io.stopcast.model.PriceThresholds;
import io.stopcast.replay.ScoredRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the trees are to learn: for each point of a run and each price how much worse it is to go on than to stop there.
 * Its sign is the label, its size the weight.
 *
 * <p>Two answers to what going on would cost. <i>Hindsight</i> takes the best later point, which nobody can be sure to
 * find: it makes a model that goes on too long. <i>Policy improvement</i> takes the point at which the policy at hand would
 * stop next; alone it makes one that believes in its own mistakes. The mean of both is what worked.
 *
 * <p>Of a run that was stopped, or might have been, each answer is what is {@link Censoring#counted counted}: of a stopped one 0 wherever its
 * points do not tell.
 *
 * <p>Values are worked out whenever they are asked for: to keep them would take 40 bytes a point, which is more than the points
 * take themselves, and rows need a few points of each run. Immutable; safe for several threads.
 */
final class Targets {
  private final TaskScales scales;
  private final double[] prices;
  private final Optional<Policy> policy;

  /** Where it would stop: where the score of a run, [price][point], reaches the threshold of the price. */
  private record Policy(Map<ScoredRun, float[][]> scores, PriceThresholds thresholds) {}

  private Targets(TaskScales scales, double[] prices, Optional<Policy> policy) {
    this.scales = scales;
    this.prices = prices;
    this.policy = policy;
  }

  /** Judges by hindsight, with the tasks' scales as these runs alone tell them. */
  static Targets hindsight(List<ScoredRun> runs, double[] prices) {
    return new Targets(TaskScales.of(runs.stream().map(ScoredRun::run).toList()), prices, Optional.empty());
  }

  /** Judges half by hindsight, half by where a policy that has not seen the run's task would stop next. */
  Targets improvedBy(Map<ScoredRun, float[][]> scores, PriceThresholds thresholds) {
    return new Targets(scales, prices, Optional.of(new Policy(scores, thresholds)));
  }

  /** Returns for each price and point by how much going on is worse than stopping, in units of the task's scale; of a censored run what it contributes to that. */
  double[][] of(ScoredRun run) {
    Hindsight hindsight = Hindsight.of(run.curve(), scales.of(run.task()), run.censoring().shown());
    double[][] values = new double[prices.length][];
    for (int p = 0; p < prices.length; p++) {
      double[] ofPrice = advantage(hindsight, run.censoring(), prices[p]);
      if (policy.isPresent()) {
        float[] score = policy.get().scores.get(run)[p];
        meanWithPolicy(ofPrice, hindsight, run.censoring(), prices[p], score, policy.get().thresholds.thresholdFor(prices[p]));
      }
      values[p] = ofPrice;
    }
    return values;
  }

  private static double[] advantage(Hindsight hindsight, Censoring censoring, double price) {
    double[] advantage = hindsight.advantage(price);
    if (censoring.weight() != 1) {
      double[] sure = hindsight.sureAdvantage(price, censoring.sure());
      Arrays.setAll(advantage, t -> censoring.counted(sure[t], advantage[t]));
    }
    return advantage;
  }

  private static void meanWithPolicy(
      double[] values, Hindsight hindsight, Censoring censoring, double price, float[] score, double threshold) {
    int last = values.length - 1;
    int next = censoring.isStopped() ? values.length : last; // a stopped run would have gone on behind its last point
    for (int t = next - 1; t >= 0; t--) {
      double byPolicy = hindsight.loss(Math.min(next, last), price) - hindsight.loss(t, price);
      values[t] = (values[t] + censoring.counted(next < censoring.sure() ? byPolicy : 0, byPolicy)) / 2;
      next = score[t] >= threshold ? t : next;
    }
  }
}
