package io.stopcast.policy;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.StopModel;

/** A model by hand, for tests of what is around one: every feature moves it, so that none may differ unseen. */
final class HandMadeModel implements StopModel {
  /** Puts probabilities on both sides of one half. */
  private static final float BIAS = -3;

  @Override
  public FeatureSchema schema() {
    return FeatureExtractor.schema();
  }

  @Override
  public float margin(float[] features) {
    float margin = BIAS;
    for (int i = 0; i < FeatureExtractor.PRICE; i++) {
      margin += Float.isNaN(features[i]) ? 0.1f : Math.max(-1, Math.min(1, features[i])) * ((i % 3) - 1);
    }
    return margin;
  }

  @Override
  public void close() {}
}
