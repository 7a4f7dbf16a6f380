package io.stopcast.train;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.StopModel;
import io.stopcast.replay.ScoredRun;
import java.util.List;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import org.tribuo.ONNXExportable;

/** From chosen runs to trees. Safe for several threads, which share the extracted rows. */
final class TreeGrower {
  private final Recipe recipe;
  private final TrainingRows rows;

  TreeGrower(Recipe recipe, TrainingRows rows) {
    this.recipe = recipe;
    this.rows = rows;
  }

  /**
   * Trees and what they come from.
   *
   * @param provenance Tribuo's, as text
   */
  record Grown(BoosterDump trees, String provenance) {}

  /** @throws NothingToLearnException if the runs do not tell at a single point whether to stop */
  Grown grow(List<ScoredRun> chosen, double[] prices, Targets targets) {
    WeightedRows data = rows.rows(chosen, prices, targets);
    if (data.size() == 0) {
      throw NothingToLearnException.of(chosen, prices);
    }
    BinaryBoostingTrainer trainer = new BinaryBoostingTrainer(recipe);
    Booster booster = trainer.grow(data);
    try {
      return new Grown(
          BoosterDump.read(booster), ONNXExportable.SERIALIZER.marshalAndSerialize(trainer.provenance(data)));
    } finally {
      booster.dispose();
    }
  }

  /** Returns what scores by such trees, without thresholds of its own. */
  StopModel scorer(List<ScoredRun> chosen, double[] prices, Targets targets) {
    return OnnxExport.write(
            grow(chosen, prices, targets).trees(),
            FeatureExtractor.schema(),
            ThresholdTuning.neutral(prices),
            new TreeMap<>(),
            new float[0][])
        .scorer();
  }
}
