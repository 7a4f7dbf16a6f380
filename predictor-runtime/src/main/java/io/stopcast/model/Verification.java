package io.stopcast.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether a model file's scorers agree with each other and with what the file promises.
 *
 * @param model the file
 * @param trees how many it has
 * @param goldenRows rows whose stored margin the Java scorer was to meet bit for bit
 * @param comparedRows rows on which the Java scorer was compared with ONNX Runtime; 0 if that is not at hand
 * @param failures what did not agree; empty if all did
 */
public record Verification(String model, int trees, int goldenRows, int comparedRows, List<String> failures) {
  private static final int RANDOM_ROWS = 100_000;
  private static final int BATCH = 1_000;
  private static final int SEED = 17;
  /** The graph's logistic function is another one than Java's. */
  private static final float PROBABILITY_TOLERANCE = 1e-6f;

  public Verification {
    failures = List.copyOf(failures);
  }

  /** Checks golden rows, then 100,000 random ones with NaN, infinities and values at thresholds. Takes about a second. */
  public static Verification of(ModelFile file) {
    List<String> failures = new ArrayList<>();
    ForestModel java = new ForestModel(file.schema(), file.trees());
    GoldenRows golden = file.golden();
    for (int i = 0; i < golden.margins().length; i++) {
      float margin = java.margin(golden.features()[i]);
      if (Float.floatToIntBits(margin) != Float.floatToIntBits(golden.margins()[i])) {
        failures.add("golden row %d: expected margin %s, got %s".formatted(i, golden.margins()[i], margin));
      }
    }
    int compared = isOnnxRuntimePresent() ? compare(file, java, failures) : 0;
    return new Verification(file.where(), file.treeCount(), golden.margins().length, compared, failures);
  }

  /** Whether everything agreed. */
  public boolean passed() {
    return failures.isEmpty();
  }

  private static boolean isOnnxRuntimePresent() {
    try {
      Class.forName("ai.onnxruntime.OrtSession", false, Verification.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static int compare(ModelFile file, ForestModel java, List<String> failures) {
    try (OnnxRuntimeModel onnx = OnnxRuntimeModel.open(file)) {
      SplittableRandom random = new SplittableRandom(SEED);
      float[][] thresholds = java.thresholds();
      int rows = 0;
      while (rows < RANDOM_ROWS && failures.isEmpty()) {
        float[][] batch = new float[BATCH][];
        for (int i = 0; i < BATCH; i++) {
          batch[i] = randomRow(thresholds, random);
        }
        compareBatch(batch, java, onnx, failures);
        rows += BATCH;
      }
      return rows;
    } catch (IllegalStateException e) {
      failures.add(e.getMessage());
      return 0;
    }
  }

  private static void compareBatch(float[][] batch, ForestModel java, OnnxRuntimeModel onnx, List<String> failures) {
    float[] margins = onnx.margins(batch);
    float[] probabilities = onnx.probabilities(batch);
    for (int i = 0; i < batch.length; i++) {
      float margin = java.margin(batch[i]);
      if (Float.floatToIntBits(margin) != Float.floatToIntBits(margins[i])) {
        failures.add("a random row: Java says margin %s, ONNX Runtime %s".formatted(margin, margins[i]));
        return;
      }
      if (!(Math.abs(StopModel.probability(margin) - probabilities[i]) <= PROBABILITY_TOLERANCE)) {
        failures.add(
            "a random row: Java says probability %s, ONNX Runtime %s"
                .formatted(StopModel.probability(margin), probabilities[i]));
        return;
      }
    }
  }

  /** Values where scorers could differ: missing, infinite, zeros of both signs, on a threshold and right beside it. */
  static float[] randomRow(float[][] thresholds, SplittableRandom random) {
    float[] row = new float[thresholds.length];
    for (int i = 0; i < row.length; i++) {
      float near =
          thresholds[i].length == 0
              ? (float) random.nextDouble(-10, 10)
              : thresholds[i][random.nextInt(thresholds[i].length)];
      row[i] =
          switch (random.nextInt(12)) {
            case 0, 1 -> Float.NaN;
            case 2 -> Float.POSITIVE_INFINITY;
            case 3 -> Float.NEGATIVE_INFINITY;
            case 4 -> random.nextBoolean() ? 0f : -0f;
            case 5, 6 -> near;
            case 7 -> Math.nextUp(near);
            case 8 -> Math.nextDown(near);
            default -> near + (float) random.nextDouble(-1, 1) * (1 + Math.abs(near));
          };
    }
    return row;
  }

  @Override
  public String toString() {
    if (!passed()) {
      return "%s does NOT verify: %s".formatted(model, String.join("; ", failures));
    }
    return String.format(
        Locale.ROOT,
        "%s verifies: %d trees; %d golden rows met bit for bit; %s",
        model,
        trees,
        goldenRows,
        comparedRows == 0
            ? "ONNX Runtime is not at hand, so nothing was compared with it"
            : String.format(Locale.ROOT, "Java and ONNX Runtime agree bit for bit on %,d rows", comparedRows));
  }
}
