package io.stopcast.feature;

import io.stopcast.run.Horizon;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Arrays;
import java.util.List;

/**
 * How long a point takes: observe alone, and observe with write, over runs of several lengths.
 *
 * <p>{@code mvn -q test-compile && java -cp predictor-runtime/target/classes:predictor-runtime/target/test-classes
 * io.stopcast.feature.FeatureExtractorBenchmark}
 */
final class FeatureExtractorBenchmark {
  private static final long POINTS_A_ROUND = 1_000_000;
  private static final int ROUNDS = 9;

  private FeatureExtractorBenchmark() {}

  public static void main(String[] args) {
    for (int length : new int[] {20, 50, 200, 2000}) {
      RunContext run = Curves.context(Curves.OBJECTIVE).withHorizon(Horizon.ofPoints(length));
      List<Step> steps = Curves.run(length, length, true);
      double observed = median(run, steps, false);
      double written = median(run, steps, true);
      System.out.printf(
          "%5d points a run: observe %4.0f ns, observe and write %4.0f ns a point%n", length, observed, written);
    }
  }

  private static double median(RunContext run, List<Step> steps, boolean write) {
    float[] features = new float[FeatureExtractor.schema().size()];
    double[] nanos = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long runs = POINTS_A_ROUND / steps.size();
      long start = System.nanoTime();
      for (long i = 0; i < runs; i++) {
        FeatureExtractor extractor = new FeatureExtractor(run);
        for (Step step : steps) {
          extractor.observe(step);
          if (write) {
            extractor.write(features);
          }
        }
      }
      nanos[round] = (double) (System.nanoTime() - start) / (runs * steps.size());
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2];
  }
}
