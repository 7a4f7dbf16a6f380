package io.stopcast.train;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.StopModel;
import io.stopcast.replay.ScoredRun;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import org.tribuo.ONNXExportable;

/** From chosen runs to trees in a checked model file. Safe for several threads, which share the extracted rows. */
final class TreeGrower {
  private final Recipe recipe;
  private final TrainingRows rows;

  TreeGrower(Recipe recipe, TrainingRows rows) {
    this.recipe = recipe;
    this.rows = rows;
  }

  /** Returns a model with neutral thresholds. */
  StopModel grow(List<ScoredRun> chosen, double[] prices, Targets targets) {
    return grow(chosen, prices, targets, ThresholdTuning.neutral(prices), Map.of()).scorer();
  }

  ModelFile grow(
      List<ScoredRun> chosen,
      double[] prices,
      Targets targets,
      PriceThresholds thresholds,
      Map<String, String> metadata) {
    WeightedRows data = rows.rows(chosen, prices, targets);
    BinaryBoostingTrainer trainer = new BinaryBoostingTrainer(recipe);
    Booster booster = trainer.grow(data);
    try {
      SortedMap<String, String> all = new TreeMap<>(metadata);
      all.put(ModelFile.PROVENANCE, ONNXExportable.SERIALIZER.marshalAndSerialize(trainer.provenance(data)));
      byte[] onnx =
          OnnxExport.write(
              BoosterDump.read(booster), FeatureExtractor.schema(), thresholds, all, rows.golden(chosen));
      return ModelFile.read(onnx, "the model just trained");
    } catch (ModelRejectedException e) {
      throw new IllegalStateException("the exporter wrote a model that the validator rejects: " + e.getMessage(), e);
    } finally {
      booster.dispose();
    }
  }
}
