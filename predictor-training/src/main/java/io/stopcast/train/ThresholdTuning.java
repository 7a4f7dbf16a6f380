package io.stopcast.train;

import io.stopcast.model.PriceThresholds;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.TaskWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Finds for each price the probability from which on stopping loses least, on scores from models that had not seen the task. */
final class ThresholdTuning {
  /** The candidates: 0.20, 0.22 ... 0.98. */
  private static final double[] GRID = IntStream.range(0, 40).mapToDouble(i -> (20 + 2 * i) / 100.0).toArray();
  private static final double NEUTRAL = 0.5;

  private ThresholdTuning() {}

  /** Returns the neutral threshold for every price: what a model has before tuning. */
  static PriceThresholds neutral(double[] prices) {
    NavigableMap<Double, Double> thresholds = new TreeMap<>();
    Arrays.stream(prices).forEach(price -> thresholds.put(price, NEUTRAL));
    return new PriceThresholds(thresholds);
  }

  /**
   * @param scores of each run: [price][point]
   * @param shrinkage how far the best threshold is drawn towards the neutral one, within 0..1
   */
  static PriceThresholds tune(
      List<ScoredRun> runs, double[] prices, Map<ScoredRun, float[][]> scores, double shrinkage) {
    double[] weights = TaskWeights.of(runs, IntStream.range(0, runs.size()).toArray());
    NavigableMap<Double, Double> thresholds = new TreeMap<>();
    for (int p = 0; p < prices.length; p++) {
      double[] loss = new double[GRID.length];
      for (int r = 0; r < runs.size(); r++) {
        addLosses(runs.get(r), scores.get(runs.get(r))[p], prices[p], weights[r], loss);
      }
      int best = 0;
      for (int g = 1; g < GRID.length; g++) {
        best = loss[g] < loss[best] ? g : best;
      }
      thresholds.put(prices[p], GRID[best] + shrinkage * (NEUTRAL - GRID[best]));
    }
    return new PriceThresholds(thresholds);
  }

  /** Adds for every candidate the weighted loss of stopping where the score first reaches it. */
  private static void addLosses(ScoredRun run, float[] score, double price, double weight, double[] loss) {
    int undecided = 0; // candidates below this one have stopped the run
    for (int t = 0; undecided < GRID.length; t++) {
      boolean last = t == run.length() - 1;
      while (undecided < GRID.length && (last || score[t] >= GRID[undecided])) {
        loss[undecided++] += weight * run.hindsight().loss(t, price);
      }
    }
  }
}
