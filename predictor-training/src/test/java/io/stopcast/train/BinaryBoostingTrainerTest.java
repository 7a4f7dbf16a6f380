package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.ModelFile;
import io.stopcast.model.StopModel;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import java.util.List;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.junit.jupiter.api.Test;
import org.tribuo.provenance.ModelProvenance;

class BinaryBoostingTrainerTest {
  private static final double[] PRICES = {0.03, 0.3};
  private static final int WIDTH = FeatureExtractor.schema().size();

  private final Recipe recipe = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 24, Integer.MAX_VALUE, 0.3, 0, 0, 40, 10, 0, 3, 0.5, 0.5, 7);
  private final List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(9, 12, 3));
  private final WeightedRows rows = TrainingRows.alone(recipe).rows(runs, PRICES, Targets.hindsight(runs, PRICES));
  private final BinaryBoostingTrainer trainer = new BinaryBoostingTrainer(recipe);

  @Test
  void grow_aRound_growsOneTree() {
    assertEquals(20, BoosterDump.read(trainer.grow(rows)).trees().size());
  }

  /** A feature in the wrong column, or a missing one taken for 0, would show here. */
  @Test
  void grow_exportedTrees_predictAsXgboostDoes() throws Exception {
    Booster booster = trainer.grow(rows);
    byte[] onnx =
        OnnxExport.write(
            BoosterDump.read(booster),
            FeatureExtractor.schema(),
            ThresholdTuning.neutral(PRICES),
            new TreeMap<>(),
            new float[0][])
            .bytes();
    float[][] expected = booster.predict(new DMatrix(flat(rows.features()), rows.size(), WIDTH, Float.NaN));
    int differing = 0;
    try (StopModel exported = ModelFile.read(onnx, "test").scorer()) {
      for (int i = 0; i < rows.size(); i += 8) {
        assertEquals(expected[i][0], exported.score(rows.features()[i]), 1e-6);
        differing += expected[i][0] != 0.5 ? 1 : 0;
      }
    }
    assertTrue(differing > rows.size() / 16, "the trees say nothing");
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * WIDTH];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * WIDTH, WIDTH);
    }
    return flat;
  }

  @Test
  void provenance_rows_saysHowManyAndHowTheyWereLearnedFrom() {
    ModelProvenance provenance = trainer.provenance(rows);
    assertEquals(rows.size(), provenance.getDatasetProvenance().getNumExamples());
    assertEquals(WIDTH, provenance.getDatasetProvenance().getNumFeatures());
    String told = provenance.toString();
    assertTrue(told.contains(rows.description()), told);
    assertTrue(told.contains("max-depth") || told.contains("maxDepth"), told);
  }
}
