package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.ModelFile;
import io.stopcast.model.StopModel;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tribuo.Dataset;
import org.tribuo.Example;
import org.tribuo.Feature;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.common.xgboost.XGBoostModel;

class BinaryBoostingTrainerTest {
  private static final double[] PRICES = {0.03, 0.3};
  private static final List<String> NAMES = FeatureExtractor.schema().names();

  private final Recipe recipe = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 36, 0.3, 0, 40, 10, 0, 3, 0.5, 0.5, 7);
  private final List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(9, 12, 3));
  private final Dataset<Label> rows =
      new TrainingRows(recipe, runs).rows(runs, PRICES, Targets.hindsight(runs, PRICES), "test");
  private final XGBoostModel<Label> model = new BinaryBoostingTrainer(recipe).train(rows);

  @Test
  void train_aRound_growsOneTree() {
    assertEquals(20, BoosterDump.read(model.getInnerModels().get(0)).trees().size());
  }

  /** Tribuo sorts features by name, the schema does not: a feature in the wrong column would show here. */
  @Test
  void train_exportedTrees_predictAsTribuoDoes() throws Exception {
    byte[] onnx =
        OnnxExport.write(
            BoosterDump.read(model.getInnerModels().get(0))
                .renumbered(BinaryBoostingTrainer.columnOrder(model, NAMES), NAMES.size()),
            FeatureExtractor.schema(),
            ThresholdTuning.neutral(PRICES),
            new TreeMap<>(),
            new float[0][]);
    int differing = 0;
    try (StopModel exported = ModelFile.read(onnx, "test").scorer()) {
      for (int i = 0; i < rows.size(); i += 8) {
        Example<Label> example = rows.getExample(i);
        Prediction<Label> expected = model.predict(example);
        double score = expected.getOutputScores().get(BinaryBoostingTrainer.STOP.getLabel()).getScore();
        assertEquals(score, exported.score(row(example)), 1e-6);
        differing += score != 0.5 ? 1 : 0;
      }
    }
    assertTrue(differing > rows.size() / 16, "the trees say nothing");
  }

  private static float[] row(Example<Label> example) {
    float[] row = new float[NAMES.size()];
    Arrays.fill(row, Float.NaN);
    for (Feature feature : example) {
      row[NAMES.indexOf(feature.getName())] = (float) feature.getValue();
    }
    return row;
  }
}
