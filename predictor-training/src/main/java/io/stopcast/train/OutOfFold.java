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
   * Scores of each run, [price][point]; NaN where the policy would not ask, or not stop because the value is NaN.
   *
   * @param sampled with the history that its training rows have
   * @param alone without any history
   */
  record Scores(Map<ScoredRun, float[][]> sampled, Map<ScoredRun, float[][]> alone) {
    Scores() {
      this(new IdentityHashMap<>(), new IdentityHashMap<>());
    }

    void add(Scores other) {
      sampled.putAll(other.sampled);
      alone.putAll(other.alone);
    }
  }

  /** Returns the scores, or nothing if all runs belong together, so that none can be held out. */
  static Optional<Scores> scores(
      List<ScoredRun> runs, double[] prices, Targets targets, TreeGrower grower, TrainingRows rows, Recipe recipe) {
    int[] foldOf = Split.UNSEEN_TASK.assign(runs, recipe.thresholdFolds(), recipe.seed());
    int[] folds = Arrays.stream(foldOf).distinct().sorted().toArray();
    if (folds.length < 2) {
      return Optional.empty();
    }
    List<Scores> parts =
        Arrays.stream(folds)
            .parallel()
            .mapToObj(
                fold -> {
                  List<ScoredRun> training = Split.select(runs, foldOf, fold, false);
                  return scoreAll(grower.grow(training, prices, targets), Split.select(runs, foldOf, fold, true), rows, prices);
                })
            .toList();
    Scores scores = new Scores();
    parts.forEach(scores::add);
    return Optional.of(scores);
  }

  private static Scores scoreAll(
      StopModel model, List<ScoredRun> runs, TrainingRows rows, double[] prices) {
    Scores scores = new Scores();
    try (model) {
      for (ScoredRun run : runs) {
        scores.sampled.put(run, score(model, run, rows.historyOf(run), prices));
        scores.alone.put(run, score(model, run, TaskHistory.NONE, prices));
      }
    }
    return scores;
  }

  private static float[][] score(StopModel model, ScoredRun run, TaskHistory history, double[] prices) {
    float[][] scores = new float[prices.length][run.length()];
    FeatureExtractor extractor = new FeatureExtractor(run.run().context(), history);
    float[] features = new float[model.schema().size()];
    int point = 0;
    for (Step step : run.run().steps()) {
      if (extractor.observe(step)) {
        boolean mayStop = !Double.isNaN(run.run().context().objective().gain(step));
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
