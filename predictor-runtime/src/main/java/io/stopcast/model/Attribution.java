package io.stopcast.model;

import io.stopcast.feature.FeatureSchema;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What each feature adds to a margin: {@code base} and all {@code parts} together are the margin. What is positive speaks
 * for stopping.
 *
 * <p>Parts are Shapley values: what a feature changes on average over all orders in which features may become known, where
 * what is not yet known is as it was in training. Arrays are not copied: treat them as read-only.
 *
 * @param base the mean margin of the training rows, in log-odds
 * @param parts one for each feature of the schema, in log-odds; 0 for what no tree asks for
 * @param features the row that is explained
 */
public record Attribution(FeatureSchema schema, double base, double[] parts, float[] features) {
  /** The margin that is explained. */
  public double margin() {
    double sum = base;
    for (double part : parts) {
      sum += part;
    }
    return sum;
  }

  /** Positions of the features that speak for stopping, the strongest first. */
  public List<Integer> forStopping() {
    return IntStream.range(0, parts.length)
        .filter(i -> parts[i] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -parts[i]))
        .toList();
  }
}
