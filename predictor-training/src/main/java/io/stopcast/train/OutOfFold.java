package io.stopcast.train;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.TaskHistory;
import io.stopcast.model.StopModel;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.run.Step;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scores of training runs by models that were trained on the tasks of other folds. */
final class OutOfFold {
  private OutOfFold() {}

  /**
   * Returns the scores of each run with the history that its rows show, [price][point], NaN where the policy would not ask, or
   * not stop because the value is NaN, and between the points at which it is asked ({@link Recipe#pointsPerRun}); or nothing if all runs belong together, so that none can be held out.
   */
  static Optional<Map<ScoredRun, float[][]>> scores(
      List<ScoredRun> runs, double[] prices, Targets targets, TreeGrower grower, TrainingRows rows, Recipe recipe) {
    int[] foldOf = Split.UNSEEN_TASK.assign(runs, recipe.thresholdFolds(), recipe.seed());
    int[] folds = Arrays.stream(foldOf).distinct().sorted().toArray();
    if (folds.length < 2) {
      return Optional.empty();
    }
    List<Map<ScoredRun, float[][]>> parts =
        Arrays.stream(folds)
            .parallel()
            .mapToObj(
                fold -> {
                  List<ScoredRun> training = Split.select(runs, foldOf, fold, false);
                  return scoreAll(grower.scorer(training, prices, targets), Split.select(runs, foldOf, fold, true), rows, prices, recipe);
                })
            .toList();
    Map<ScoredRun, float[][]> scores = new IdentityHashMap<>();
    parts.forEach(scores::putAll);
    return Optional.of(scores);
  }

  private static Map<ScoredRun, float[][]> scoreAll(
      StopModel model, List<ScoredRun> runs, TrainingRows rows, double[] prices, Recipe recipe) {
    Map<ScoredRun, float[][]> scores = new IdentityHashMap<>();
    try (model) {
      runs.forEach(run -> scores.put(run, score(model, run, rows.historyOf(run), prices, recipe.askedEvery(run.length()))));
    }
    return scores;
  }

  private static float[][] score(StopModel model, ScoredRun run, TaskHistory history, double[] prices, int every) {
    float[][] scores = new float[prices.length][run.length()];
    FeatureExtractor extractor = new FeatureExtractor(run.run().context(), history);
    float[] features = new float[model.schema().size()];
    int point = 0;
    for (Step step : run.run().steps()) {
      if (extractor.observe(step)) {
        boolean mayStop = point % every == every / 2 && !Double.isNaN(run.run().context().objective().gain(step));
        if (mayStop && LearnedPolicy.isJudged(extractor, history.runs().size())) {
          extractor.write(features);
          for (int p = 0; p < prices.length; p++) {
            features[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(prices[p]);
            extractor.reprice(features);
            scores[p][point] = model.score(features);
          }
        } else {
          for (float[] ofPrice : scores) {
            ofPrice[point] = Float.NaN;
          }
        }
        point++;
      }
    }
    return scores;
  }
}
