package io.stopcast.train;

import io.stopcast.history.TaskId;
import io.stopcast.model.PriceThresholds;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Finds for each price the probability from which on stopping loses least, on scores from models that had not seen the task.
 *
 * <p>The loss over thresholds is flat and ragged: one run that leaps late decides where its minimum lies. So the mean is
 * taken of where it lies in many draws of the tasks (Breiman, "Bagging Predictors", 1996). A history of few tasks says little
 * even so: some tasks of others are drawn with them.
 */
final class ThresholdTuning {
  /** The candidates: 0.20, 0.22 ... 0.98. */
  private static final double[] GRID = IntStream.range(0, 40).mapToDouble(i -> (20 + 2 * i) / 100.0).toArray();
  private static final double NEUTRAL = 0.5;
  private static final int DRAWS = 200;

  /** How many tasks of others are drawn: hardly felt beside a hundred of one's own, decisive beside five. */
  private static final int OTHERS = 30;

  /** For how many runs the thresholds of the model before count. */
  private static final double BEFORE = 30;

  private ThresholdTuning() {}

  /** Returns the neutral threshold for every price: what a model has before tuning. */
  static PriceThresholds neutral(double[] prices) {
    NavigableMap<Double, Double> thresholds = new TreeMap<>();
    Arrays.stream(prices).forEach(price -> thresholds.put(price, NEUTRAL));
    return new PriceThresholds(thresholds);
  }

  /**
   * @param others runs of others, which count as some more tasks; may be none
   * @param scores of each run: [price][point]; NaN where no policy would stop
   * @param shrinkage how far the best threshold is drawn towards the neutral one, within 0..1
   * @param seed decides the draws
   */
  static PriceThresholds tune(
      List<ScoredRun> runs,
      List<ScoredRun> others,
      double[] prices,
      Map<ScoredRun, float[][]> scores,
      double shrinkage,
      long seed) {
    NavigableMap<Double, Double> thresholds = new TreeMap<>();
    for (int p = 0; p < prices.length; p++) {
      int price = p;
      double best =
          meanOfBest(
              losses(runs, price, prices[price], scores), losses(others, price, prices[price], scores), new Random(seed));
      thresholds.put(prices[p], best + shrinkage * (NEUTRAL - best));
    }
    return new PriceThresholds(thresholds);
  }

  /**
   * Draws thresholds towards those of the model that stopped some of the runs on which they were tuned: the fewer of these tell what the stopped
   * ones would have lost, the more. Where nothing was stopped they stay.
   *
   * <p>How many runs tell is the effective number of runs (Kish: square of the sum of weights / sum of their squares), times the share of all runs
   * that they stand for.
   */
  static PriceThresholds drawn(PriceThresholds tuned, PriceThresholds before, List<ScoredRun> runs) {
    if (runs.stream().allMatch(run -> run.censoring().weight() == 1)) {
      return tuned;
    }
    double sum = 0;
    double squares = 0;
    for (ScoredRun run : runs) {
      sum += run.censoring().weight();
      squares += run.censoring().weight() * run.censoring().weight();
    }
    double telling = sum == 0 ? 0 : sum * sum / squares * Math.min(1, sum / runs.size());
    double share = BEFORE / (BEFORE + telling);
    NavigableMap<Double, Double> thresholds = new TreeMap<>();
    tuned.byPrice().forEach((price, own) -> thresholds.put(price, share * before.thresholdFor(price) + (1 - share) * own));
    return new PriceThresholds(thresholds);
  }

  /** Returns the mean over draws of the tasks of the candidate that loses least on them. */
  private static double meanOfBest(double[][] own, double[][] others, Random random) {
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] loss = new double[GRID.length];
      addDraws(own, own.length, random, loss);
      addDraws(others, Math.min(OTHERS, others.length), random, loss);
      int best = 0;
      for (int g = 1; g < GRID.length; g++) {
        best = loss[g] < loss[best] ? g : best;
      }
      sum += GRID[best];
    }
    return sum / DRAWS;
  }

  private static void addDraws(double[][] tasks, int draws, Random random, double[] loss) {
    for (int i = 0; i < draws; i++) {
      double[] ofTask = tasks[random.nextInt(tasks.length)];
      for (int g = 0; g < GRID.length; g++) {
        loss[g] += ofTask[g];
      }
    }
  }

  /** Returns for each task and candidate the mean loss if its runs are stopped where their scores first reach it. */
  private static double[][] losses(List<ScoredRun> runs, int p, double price, Map<ScoredRun, float[][]> scores) {
    Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
    runs.forEach(run -> byTask.computeIfAbsent(run.task(), t -> new ArrayList<>()).add(run));
    return byTask.values().stream().map(of -> lossesOfTask(of, p, price, scores)).toArray(double[][]::new);
  }

  private static double[] lossesOfTask(
      List<ScoredRun> ofTask, int p, double price, Map<ScoredRun, float[][]> scores) {
    double[] loss = new double[GRID.length];
    for (ScoredRun run : ofTask) {
      float[] score = scores.get(run)[p];
      // Of a run that might have been stopped only what a stop loses beside one at the last sure point can be told apart from the rest.
      boolean isCensored = run.censoring().weight() != 1;
      int sure = Math.min(run.censoring().sure(), run.length());
      double base = isCensored ? run.hindsight().loss(sure - 1, price) : 0;
      int undecided = 0; // candidates below this one have stopped the run
      for (int t = 0; undecided < GRID.length; t++) {
        boolean last = t == run.length() - 1;
        while (undecided < GRID.length && (last || score[t] >= GRID[undecided])) {
          double lost = run.hindsight().loss(t, price) - base;
          // The last point is no stop of the candidate's: a stopped run would have gone on.
          boolean isSure = t < sure && score[t] >= GRID[undecided];
          loss[undecided++] += run.censoring().counted(isSure ? lost : 0, lost) / ofTask.size();
        }
      }
    }
    return loss;
  }
}
