package io.stopcast.model;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What checking a model file against itself and against ONNX Runtime found.
 *
 * <p>Two margins agree if all their bits do. Rows are the golden ones and random ones, at which scorers are most
 * likely to differ: NaN, infinities, both zeros, thresholds and their neighbours.
 *
 * @param goldenRows how many golden rows were scored in plain Java and compared with what they gave when written
 * @param comparedRows how many rows, the golden ones included, were scored both ways; 0 without ONNX Runtime
 * @param onnxRuntime whether ONNX Runtime is there
 * @param differing how many comparisons of either kind differ
 * @param maxDifference the largest difference of two margins, 0 if none differs
 * @param failure the first difference, or why ONNX Runtime refused the model; empty if all is well
 */
public record Verification(
    int goldenRows,
    int comparedRows,
    boolean onnxRuntime,
    int differing,
    double maxDifference,
    Optional<String> failure) {
  private static final int BATCH = 1024;

  /** Whether nothing differs. True without ONNX Runtime too, if the golden rows agree. */
  public boolean passed() {
    return failure.isEmpty();
  }

  /**
   * Checks a model. With 100 trees, 100,000 rows take about two seconds, most of them in ONNX Runtime.
   *
   * @param rows how many random rows to score, at least 0
   * @param seed what the random rows depend on
   */
  public static Verification of(ModelFile file, int rows, long seed) {
    if (rows < 0) {
      throw new IllegalArgumentException("the number of random rows must be at least 0, but was " + rows);
    }
    StopModel scorer = file.scorer();
    GoldenRows golden = file.golden();
    Tally tally = new Tally();
    for (int i = 0; i < golden.size(); i++) {
      tally.compare("golden row " + i + ", as written", golden.margin(i), "now", scorer.margin(golden.row(i)));
    }
    boolean present = true;
    int compared = 0;
    try (OnnxRuntimeModel reference = OnnxRuntimeModel.open(file)) {
      ProbeRows random = new ProbeRows(file.ensemble(), new SplittableRandom(seed));
      int all = golden.size() + rows;
      while (compared < all) {
        float[][] batch = new float[Math.min(BATCH, all - compared)][];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = compared + i < golden.size() ? golden.row(compared + i) : random.next();
        }
        float[] expected = reference.margins(batch);
        for (int i = 0; i < batch.length; i++) {
          tally.compare("row " + (compared + i) + ", ONNX Runtime", expected[i], "Java", scorer.margin(batch[i]));
        }
        compared += batch.length;
      }
    } catch (LinkageError e) {
      present = false;
    } catch (ModelRejectedException e) {
      tally.fail(e.getMessage());
    }
    return new Verification(
        golden.size(), compared, present, tally.differing, tally.maxDifference, Optional.ofNullable(tally.failure));
  }

  private static final class Tally {
    int differing;
    double maxDifference;
    String failure;

    void compare(String left, float a, String right, float b) {
      if (Float.floatToIntBits(a) != Float.floatToIntBits(b)) {
        differing++;
        maxDifference = Math.max(maxDifference, Math.abs((double) a - b));
        fail("%s: %s, %s: %s".formatted(left, a, right, b));
      }
    }

    void fail(String what) {
      if (failure == null) {
        failure = what;
      }
    }
  }
}
