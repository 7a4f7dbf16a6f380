package io.stopcast.train;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.StopModel;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.replay.TaskWeights;
import io.stopcast.run.Step;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds for each price the probability from which on stopping loses least, on runs of tasks that the scoring model has
 * not seen.
 *
 * <p>A tuned threshold is drawn towards 0.5, where a calibrated model would stop, since it jitters from sample to sample.
 */
final class ThresholdTuning {
  /** The candidates: 0.20, 0.22 ... 0.98. */
  private static final double[] GRID = IntStream.range(0, 40).mapToDouble(i -> (20 + 2 * i) / 100.0).toArray();
  private static final double NEUTRAL = 0.5;

  private final Recipe recipe;
  private final TreeGrower grower;

  ThresholdTuning(Recipe recipe, TreeGrower grower) {
    this.recipe = recipe;
    this.grower = grower;
  }

  /** Returns the neutral threshold for every price: what a model has before tuning. */
  static PriceThresholds neutral(double[] prices) {
    double[] thresholds = new double[prices.length];
    Arrays.fill(thresholds, NEUTRAL);
    return PriceThresholds.of(prices, thresholds);
  }

  /** Returns the neutral thresholds if all runs belong together, so that none can be held out. */
  PriceThresholds tune(List<ScoredRun> runs, double[] prices) {
    int[] foldOf = Split.UNSEEN_TASK.assign(runs, recipe.thresholdFolds(), recipe.seed());
    int[] folds = Arrays.stream(foldOf).distinct().sorted().toArray();
    if (folds.length < 2) {
      return neutral(prices);
    }
    double[] weights = TaskWeights.of(runs, IntStream.range(0, runs.size()).toArray());
    double[][] loss = new double[prices.length][GRID.length];
    for (int fold : folds) {
      try (StopModel model = grower.grow(Split.select(runs, foldOf, fold, false), prices)) {
        for (int r = 0; r < runs.size(); r++) {
          if (foldOf[r] == fold) {
            addLosses(model, runs.get(r), prices, weights[r], loss);
          }
        }
      }
    }
    double[] thresholds = new double[prices.length];
    for (int p = 0; p < prices.length; p++) {
      int best = 0;
      for (int g = 1; g < GRID.length; g++) {
        best = loss[p][g] < loss[p][best] ? g : best;
      }
      thresholds[p] = GRID[best] + recipe.thresholdShrinkage() * (NEUTRAL - GRID[best]);
    }
    return PriceThresholds.of(prices, thresholds);
  }

  /** Adds, for every price and candidate, the weighted loss of stopping where the score first reaches it. */
  private static void addLosses(StopModel model, ScoredRun run, double[] prices, double weight, double[][] loss) {
    FeatureExtractor extractor = new FeatureExtractor(run.run().context());
    float[] features = new float[model.schema().size()];
    int[] undecided = new int[prices.length]; // candidates below this one have stopped the run
    int point = 0;
    for (Step step : run.run().steps()) {
      if (!extractor.observe(step)) {
        continue;
      }
      extractor.write(features);
      boolean last = point == run.length() - 1;
      for (int p = 0; p < prices.length; p++) {
        if (undecided[p] == GRID.length) {
          continue;
        }
        features[FeatureExtractor.PRICE] = (float) Math.log10(prices[p]);
        float score = model.score(features);
        while (undecided[p] < GRID.length && (last || score >= GRID[undecided[p]])) {
          loss[p][undecided[p]++] += weight * run.hindsight().loss(point, prices[p]);
        }
      }
      point++;
    }
  }
}
