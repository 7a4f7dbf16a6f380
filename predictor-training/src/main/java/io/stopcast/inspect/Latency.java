package io.stopcast.inspect;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.OnnxRuntimeModel;
import io.stopcast.model.StopModel;
import java.util.Arrays;
import java.util.List;

/**
 * How long scoring one row takes, in plain Java and by ONNX Runtime, measured here and now: another number each time. The scorers take
 * turns, so that what else the machine does meets both; the ratio travels to other machines, the times do not.
 *
 * @param javaMedian nanoseconds
 * @param javaP99 nanoseconds
 * @param onnxMedian nanoseconds
 * @param onnxP99 nanoseconds
 */
public record Latency(double javaMedian, double javaP99, double onnxMedian, double onnxP99) {
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 20_000;
  /** Rows that are scored between two looks at the clock: a look takes about as long as a score. */
  private static final int BATCH = 10;

  /**
   * Measures for about a second.
   *
   * @param rows real ones: what a tree asks decides how fast it is
   * @throws IllegalArgumentException if there is no row
   */
  public static Latency of(ModelFile file, List<float[]> rows) throws ModelRejectedException {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("latency is measured on rows of held-out points, of which there are none");
    }
    try (StopModel java = file.scorer();
        OnnxRuntimeModel onnx = OnnxRuntimeModel.open(file)) {
      double[] ofJava = new double[CALLS / BATCH];
      double[] ofOnnx = new double[CALLS / BATCH];
      time(java, rows, new double[WARM_UP / BATCH], 0, WARM_UP / BATCH);
      time(onnx, rows, new double[WARM_UP / BATCH], 0, WARM_UP / BATCH);
      int turns = 20;
      int each = CALLS / BATCH / turns;
      for (int turn = 0; turn < turns; turn++) {
        time(java, rows, ofJava, turn * each, each);
        time(onnx, rows, ofOnnx, turn * each, each);
      }
      return new Latency(quantile(ofJava, .5), quantile(ofJava, .99), quantile(ofOnnx, .5), quantile(ofOnnx, .99));
    }
  }

  private static void time(StopModel model, List<float[]> rows, double[] into, int from, int count) {
    float sum = 0;
    for (int i = from; i < from + count; i++) {
      long start = System.nanoTime();
      for (int k = 0; k < BATCH; k++) {
        sum += model.score(rows.get((i * BATCH + k) % rows.size()));
      }
      into[i] = (double) (System.nanoTime() - start) / BATCH;
    }
    if (Float.isNaN(sum)) {
      throw new IllegalStateException("a score was NaN"); // the sum is looked at, or the compiler would leave the scores out
    }
  }

  private static double quantile(double[] values, double quantile) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (quantile * (sorted.length - 1))];
  }
}
