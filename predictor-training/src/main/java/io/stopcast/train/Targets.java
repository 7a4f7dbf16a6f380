package io.stopcast.train;

import io.stopcast.history.TaskId;
import io.stopcast.label.Censoring;
import io.stopcast.label.Hindsight;
import io.stopcast.label.TaskScales;
import io.stopcast.model.PriceThresholds;
import io.stopcast.replay.ScoredRun;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

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
 */
final class Targets {
  private final Map<ScoredRun, double[][]> values = new IdentityHashMap<>();
  private final Map<ScoredRun, Hindsight> hindsights = new IdentityHashMap<>();
  private final double[] prices;

  private Targets(double[] prices) {
    this.prices = prices;
  }

  /** Judges by hindsight, with the tasks' scales as these runs alone tell them. */
  static Targets hindsight(List<ScoredRun> runs, double[] prices) {
    TaskScales scales = TaskScales.of(runs.stream().map(ScoredRun::run).toList());
    Targets targets = new Targets(prices);
    for (ScoredRun run : runs) {
      Hindsight hindsight = Hindsight.of(run.curve(), scales.of(TaskId.of(run.run())), run.censoring().shown());
      double[][] of = new double[prices.length][];
      for (int p = 0; p < prices.length; p++) {
        of[p] = advantage(hindsight, run.censoring(), prices[p]);
      }
      targets.hindsights.put(run, hindsight);
      targets.values.put(run, of);
    }
    return targets;
  }

  /** Judges half by hindsight, half by where a policy that has not seen the run's task would stop next. */
  Targets improvedBy(Map<ScoredRun, float[][]> scores, PriceThresholds thresholds) {
    Targets improved = new Targets(prices);
    improved.hindsights.putAll(hindsights);
    hindsights.forEach(
        (run, hindsight) -> {
          double[][] of = new double[prices.length][];
          for (int p = 0; p < prices.length; p++) {
            of[p] = advantage(hindsight, run.censoring(), prices[p]);
            double threshold = thresholds.thresholdFor(prices[p]);
            float[] score = scores.get(run)[p];
            int sure = run.censoring().sure();
            int last = run.length() - 1;
            int next = run.censoring().isStopped() ? run.length() : last; // a stopped run would have gone on behind its last point
            for (int t = next - 1; t >= 0; t--) {
              double byPolicy = hindsight.loss(Math.min(next, last), prices[p]) - hindsight.loss(t, prices[p]);
              of[p][t] = (of[p][t] + run.censoring().counted(next < sure ? byPolicy : 0, byPolicy)) / 2;
              next = score[t] >= threshold ? t : next;
            }
          }
          improved.values.put(run, of);
        });
    return improved;
  }

  private static double[] advantage(Hindsight hindsight, Censoring censoring, double price) {
    double[] advantage = hindsight.advantage(price);
    if (censoring.weight() != 1) {
      double[] sure = hindsight.sureAdvantage(price, censoring.sure());
      Arrays.setAll(advantage, t -> censoring.counted(sure[t], advantage[t]));
    }
    return advantage;
  }

  /** Returns for each point by how much going on is worse than stopping, in units of the task's scale; of a censored run what it contributes to that. */
  double[] of(ScoredRun run, int price) {
    return values.get(run)[price];
  }
}
