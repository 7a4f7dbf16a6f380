package io.stopcast.policy;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.SchemaMismatchException;
import io.stopcast.model.StopModel;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Objects;

/**
 * Stops once a model trained on earlier runs says that stopping is right.
 *
 * <p>A step costs about two microseconds (0.7 for the features, 1.0 for 100 trees of depth 5) and allocates nothing until it
 * stops. It works without a known horizon. On runs unlike all that the model was trained on its probabilities mean little:
 * evaluate it on your own history first.
 *
 * @param model what it asks; stays open as long as the policy is used
 * @param price what a full run's compute is worth, in units of what the task has to gain; positive
 * @param threshold the probability from which on it stops, within 0..1
 */
public record LearnedPolicy(StopModel model, double price, double threshold) implements StopPolicy {
  public LearnedPolicy {
    Objects.requireNonNull(model, "model");
    if (!(price > 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException("the price must be positive, such as 0.1, but was " + price);
    }
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("the threshold must be a probability within 0..1, but was " + threshold);
    }
    try {
      FeatureExtractor.schema().requireSame(model.schema());
    } catch (SchemaMismatchException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    FeatureExtractor extractor = new FeatureExtractor(run);
    float[] features = new float[model.schema().size()];
    features[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(price);
    return new Watch() {
      private float score = Float.NaN;

      @Override
      public Decision observe(Step step) {
        if (!extractor.observe(step)) {
          return Decision.CONTINUE;
        }
        extractor.write(features);
        score = model.score(features);
        return score >= threshold ? new Decision.Stop(LearnedPolicy.this.toString(), reason()) : Decision.CONTINUE;
      }

      private String reason() {
        return "P(stopping is right) %.3f >= %.3f at price %s".formatted(score, threshold, price);
      }

      @Override
      public double score() {
        return score;
      }
    };
  }

  @Override
  public String toString() {
    return "learned(price %s, threshold %.3f)".formatted(price, threshold);
  }
}
