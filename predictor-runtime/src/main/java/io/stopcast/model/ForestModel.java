package io.stopcast.model;

import io.stopcast.feature.FeatureSchema;
import java.util.Optional;

/** The scorer in plain Java; see {@link HeapForest} for what it costs. */
final class ForestModel implements StopModel {
  private final FeatureSchema schema;
  private final Forest forest;
  private final Optional<TreeShap> explainer;

  ForestModel(FeatureSchema schema, Forest forest, Optional<TreeShap> explainer) {
    this.schema = schema;
    this.forest = forest;
    this.explainer = explainer;
  }

  @Override
  public FeatureSchema schema() {
    return schema;
  }

  @Override
  public float margin(float[] features) {
    requireWidth(schema, features);
    return forest.margin(features);
  }

  @Override
  public Optional<Attribution> attribution(float[] features) {
    requireWidth(schema, features);
    return explainer.map(shap -> shap.explain(features));
  }

  @Override
  public void close() {}

  static void requireWidth(FeatureSchema schema, float[] features) {
    if (features.length != schema.size()) {
      throw new IllegalArgumentException(
          "a row must have the %d features of the model's schema v%d, but has %d"
              .formatted(schema.size(), schema.version(), features.length));
    }
  }
}
