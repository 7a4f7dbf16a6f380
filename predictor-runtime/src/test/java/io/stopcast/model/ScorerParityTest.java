package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScorerParityTest {
  @ParameterizedTest(name = "{0} features, {1} trees of depth {2}, fullness {3}")
  @CsvSource({
    "5,    1,  0, 1",
    "1,    1,  1, 1",
    "3,    7,  2, 0.5",
    "40, 100,  5, 0.9",
    "40, 200,  6, 0.95",
    "8,   33,  9, 0.8",
    "4,   65, 14, 0.75",
    "4,    9, 18, 0.7"
  })
  void margin_anyTrees_javaEqualsOnnxRuntime(int features, int trees, int depth, double fullness) throws Exception {
    for (int seed = 0; seed < 2; seed++) {
      ModelFile file = RandomModel.file(RandomModel.of(features, trees, depth, fullness, seed));
      assertEquals(new Verification(0, 10_000, true, 0, 0, Optional.empty()), Verification.of(file, 10_000, seed));
    }
  }

  @ParameterizedTest
  @CsvSource({"17", "25", "64"})
  void margin_deepChain_javaEqualsOnnxRuntime(int depth) throws Exception {
    ModelFile file = RandomModel.file(RandomModel.chain(2, depth, depth));
    assertEquals(new Verification(0, 10_000, true, 0, 0, Optional.empty()), Verification.of(file, 10_000, 1));
  }

  @ParameterizedTest(name = "{0} trees of depth {1}, NaN {2}")
  @CsvSource({"2, 1, 0", "100, 6, 1", "33, 9, 0", "3, 20, 1"})
  void margin_treesThatBeginAlike_javaEqualsOnnxRuntime(int trees, int depth, int missing) throws Exception {
    ModelFile file = RandomModel.file(RandomModel.alike(6, trees, depth, missing, 4));
    assertEquals("HalvedForest", Forest.of(file.ensemble()).getClass().getSimpleName());
    assertEquals(new Verification(0, 10_000, true, 0, 0, Optional.empty()), Verification.of(file, 10_000, 2));
  }

  @ParameterizedTest(name = "{0} trees of depth {1}")
  @CsvSource({"1, 0", "20, 6", "9, 12"})
  void margin_bothLayouts_agree(int trees, int depth) throws Exception {
    Ensemble ensemble = RandomModel.file(RandomModel.of(6, trees, depth, 0.8, 5)).ensemble();
    Forest heap = new HeapForest(ensemble);
    Forest linked = new LinkedForest(ensemble);
    ProbeRows rows = new ProbeRows(ensemble, new SplittableRandom(9));
    for (int i = 0; i < 50_000; i++) {
      float[] row = rows.next();
      assertEquals(linked.margin(row), heap.margin(row));
    }
  }

  @ParameterizedTest(name = "a chain of depth {0} is a {1}")
  @CsvSource({"16, HeapForest", "17, HeapForest", "18, LinkedForest", "64, LinkedForest"})
  void of_deepTree_takesTheLayoutThatFits(int depth, String layout) throws Exception {
    Ensemble ensemble = RandomModel.file(RandomModel.chain(2, depth, 1)).ensemble();
    assertEquals(layout, Forest.of(ensemble).getClass().getSimpleName());
  }

  @Test
  void margin_oneRowOrMany_onnxRuntimeGivesTheSame() throws Exception {
    ModelFile file = RandomModel.file(RandomModel.of(7, 150, 5, 0.9, 2));
    ProbeRows random = new ProbeRows(file.ensemble(), new SplittableRandom(3));
    float[][] rows = new float[700][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.next();
    }
    try (OnnxRuntimeModel model = OnnxRuntimeModel.open(file)) {
      float[] margins = model.margins(rows);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(margins[i], model.margin(rows[i]));
      }
      assertEquals(0, model.margins(new float[0][]).length);
    }
  }

  @Test
  void margin_inJava_allocatesNothing() throws Exception {
    ModelFile file = RandomModel.file(RandomModel.of(20, 50, 5, 0.9, 2));
    StopModel scorer = file.scorer();
    float[] row = new ProbeRows(file.ensemble(), new SplittableRandom(3)).next();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    float sum = allocating(scorer, row);
    long before = threads.getThreadAllocatedBytes(thread);
    sum += allocating(scorer, row);
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertTrue(Float.isFinite(sum));
    // Asking for the number may itself take some bytes; 10,000 calls that took any would take 160,000.
    assertTrue(allocated < 1_000, allocated + " bytes");
  }

  private static float allocating(StopModel scorer, float[] row) {
    float sum = 0;
    for (int i = 0; i < 10_000; i++) {
      sum += scorer.margin(row);
    }
    return sum;
  }

  @Test
  void margin_manyThreads_allGetTheSame() throws Exception {
    ModelFile file = RandomModel.file(RandomModel.of(20, 50, 5, 0.9, 2));
    ProbeRows random = new ProbeRows(file.ensemble(), new SplittableRandom(3));
    float[][] rows = new float[2_000][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.next();
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (OnnxRuntimeModel onnx = OnnxRuntimeModel.open(file)) {
      float[] expected = onnx.margins(rows);
      StopModel java = file.scorer();
      Callable<Integer> task =
          () -> {
            int same = 0;
            for (int i = 0; i < rows.length; i++) {
              same += java.margin(rows[i]) == expected[i] && onnx.margin(rows[i]) == expected[i] ? 1 : 0;
            }
            return same;
          };
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.add(pool.submit(task));
      }
      for (Future<Integer> result : results) {
        assertEquals(rows.length, result.get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void margin_wrongWidth_saysWhatIsExpected() throws Exception {
    ModelFile file = RandomModel.file(RandomModel.of(3, 2, 2, 0.9, 2));
    String expected = "a row must have the 3 features of the model's schema v1, but has 2";
    try (OnnxRuntimeModel onnx = OnnxRuntimeModel.open(file)) {
      for (StopModel model : List.of(file.scorer(), onnx)) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> model.margin(new float[2]));
        assertEquals(expected, e.getMessage());
      }
    }
  }

  @Test
  void margin_afterClose_saysSo() throws Exception {
    OnnxRuntimeModel model = OnnxRuntimeModel.open(RandomModel.file(RandomModel.of(3, 2, 2, 0.9, 2)));
    model.close();
    model.close();
    Exception e = assertThrows(IllegalStateException.class, () -> model.margin(new float[3]));
    assertEquals("the model is closed; open it again to score", e.getMessage());
  }
}
