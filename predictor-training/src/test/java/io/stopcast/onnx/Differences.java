package io.stopcast.onnx;

import ai.onnxruntime.OrtException;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.TaskHistory;
import io.stopcast.model.ModelFile;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How what a graph says differs from what Java says, over all prefixes of the runs that it was shown. */
final class Differences {
  /** A difference of more than this, relative or absolute, whichever is smaller, counts. */
  static final double TOLERANCE = 1e-6;

  private static final int MOST_EXAMPLES = 20;

  private final ModelFile model;
  private final Pipeline pipeline;
  private final double[] largest = new double[FeatureExtractor.schema().size()];
  private final int[] differing = new int[largest.length];
  private final List<String> examples = new ArrayList<>();
  private int prefixes;
  private int stops;
  private int failures;
  private double largestProbability;

  Differences(ModelFile model, Pipeline pipeline) {
    this.model = model;
    this.pipeline = pipeline;
  }

  void compare(Run run, double price) throws OrtException {
    compare(run.context(), run.steps(), price);
  }

  void compare(RunContext run, List<Step> steps, double price) throws OrtException {
    TaskHistory history = model.priors().of(run);
    LearnedPolicy policy = LearnedPolicy.of(model, price);
    FeatureExtractor extractor = new FeatureExtractor(run, history);
    StopPolicy.Watch watch = policy.watch(run);
    StopModel scorer = model.scorer();
    float[] expected = new float[largest.length];
    for (int n = 1; n <= steps.size(); n++) {
      extractor.observe(steps.get(n - 1));
      Decision decision = watch.observe(steps.get(n - 1));
      expected[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(price);
      extractor.write(expected);
      Pipeline.Answer answer = pipeline.ask(run, steps.subList(0, n), price);
      prefixes++;
      String where = "%s/%s/%s after %d steps".formatted(run.source(), run.task(), run.run(), n);
      for (int f = 0; f < expected.length; f++) {
        compareFeature(f, expected[f], answer.features()[f], where);
      }
      float probability = scorer.score(expected);
      largestProbability = Math.max(largestProbability, Math.abs(probability - answer.probability()));
      if (Math.abs(probability - answer.probability()) > TOLERANCE) {
        fail("probability %s instead of %s, %s", answer.probability(), probability, where);
      }
      if (Math.abs(policy.thresholdFor(run) - answer.threshold()) > TOLERANCE) {
        fail("threshold %s instead of %s, %s", answer.threshold(), policy.thresholdFor(run), where);
      }
      boolean stop = decision instanceof Decision.Stop;
      stops += stop ? 1 : 0;
      if (stop != answer.stop()) {
        fail("stop %s instead of %s, %s", answer.stop(), stop, where);
      }
    }
  }

  private void compareFeature(int f, float expected, float found, String where) {
    if (Float.isNaN(expected) && Float.isNaN(found)) {
      return;
    }
    double absolute = Math.abs((double) expected - found);
    double difference = absolute / Math.max(1, Math.abs(expected));
    if (!(difference <= TOLERANCE)) {
      differing[f]++;
      fail("%s: %s instead of %s, %s", FeatureExtractor.schema().names().get(f), found, expected, where);
    }
    largest[f] = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest[f], difference);
  }

  private void fail(String format, Object... arguments) {
    failures++;
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(format.formatted(arguments));
    }
  }

  /** How many comparisons differed. */
  int failures() {
    return failures;
  }

  int prefixes() {
    return prefixes;
  }

  /** At how many prefixes Java stops. */
  int stops() {
    return stops;
  }

  double largestProbability() {
    return largestProbability;
  }

  /** The largest difference of all features that are equal up to the tolerance. */
  double largestFeature() {
    double all = 0;
    for (int f = 0; f < largest.length; f++) {
      all = differing[f] == 0 ? Math.max(all, largest[f]) : all;
    }
    return all;
  }

  /** How many prefixes differ, by feature, with the largest difference. */
  SortedMap<String, String> differing() {
    SortedMap<String, String> all = new TreeMap<>();
    for (int f = 0; f < largest.length; f++) {
      if (differing[f] > 0) {
        all.put(
            FeatureExtractor.schema().names().get(f),
            "%d of %d, by up to %.2g".formatted(differing[f], prefixes, largest[f]));
      }
    }
    return all;
  }

  /** Some of what differed, in words. */
  List<String> examples() {
    return examples;
  }
}
