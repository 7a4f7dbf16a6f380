package io.stopcast.model;

import io.stopcast.feature.FeatureSchema;
import java.util.Optional;

/**
 * What tells from a run's features how likely stopping is right.
 *
 * <p>Implementations hold no state of a run. Every one is safe for any number of threads.
 */
public interface StopModel extends AutoCloseable {
  /** The inputs that {@link #margin} expects. */
  FeatureSchema schema();

  /**
   * Returns the log-odds that stopping now is right, by which models are compared bit for bit.
   *
   * @param features one value for each name of {@link #schema()}, in its order; NaN means missing
   */
  float margin(float[] features);

  /** Returns the probability, within 0..1, that stopping now is right. */
  default float score(float[] features) {
    return probability(margin(features));
  }

  /**
   * Returns what each feature adds to the margin, if the model can tell. For people, not for every step: it takes two hundred
   * times as long as a score.
   */
  default Optional<Attribution> attribution(float[] features) {
    return Optional.empty();
  }

  /** The logistic function, the same for all models. */
  static float probability(float margin) {
    return (float) (1 / (1 + Math.exp(-margin)));
  }

  /** Frees what lies outside the heap, if anything; the model must not be used afterwards. */
  @Override
  void close();
}
