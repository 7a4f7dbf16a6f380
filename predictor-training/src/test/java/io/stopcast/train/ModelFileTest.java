package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.OnnxRuntimeModel;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.StopModel;
import io.stopcast.model.Verification;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The model file from a really trained booster to both scorers, and what is not let in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelFileTest {
  private static final int FEATURES = 12;
  private static final int ROWS = 4_000;
  private static final FeatureSchema SCHEMA =
      new FeatureSchema(1, IntStream.range(0, FEATURES).mapToObj(i -> "f" + i).toList());

  private float[] data;
  private Booster booster;
  private byte[] bytes;
  private ModelFile file;

  @BeforeAll
  void train() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    data = new float[ROWS * FEATURES];
    float[] labels = new float[ROWS];
    for (int r = 0; r < ROWS; r++) {
      double sum = 0;
      for (int i = 0; i < FEATURES; i++) {
        float value = (float) (random.nextInt(4) == 0 ? random.nextInt(3) : random.nextDouble(-2, 2));
        data[r * FEATURES + i] = random.nextInt(5) == 0 ? Float.NaN : value;
        sum += random.nextInt(5) == 0 ? 0 : Math.sin(i * value);
      }
      labels[r] = sum + random.nextDouble(-1, 1) > 0 ? 1 : 0;
    }
    booster = train(data, labels, "binary:logistic", 6);
    int[] order = IntStream.range(0, FEATURES).toArray();
    bytes =
        OnnxExport.write(
            BoosterDump.of(booster, order),
            SCHEMA,
            PriceThresholds.of(new double[] {0.3, 0.03}, new double[] {0.5, 0.7}),
            new TreeMap<>(Map.of("stopcast.provenance", "test")),
            rows(20));
    file = ModelFile.read(bytes, "test.onnx");
  }

  private static Booster train(float[] data, float[] labels, String objective, int depth) throws Exception {
    DMatrix matrix = new DMatrix(data, labels.length, FEATURES, Float.NaN);
    matrix.setLabel(labels);
    Map<String, Object> parameters =
        Map.of("objective", objective, "max_depth", depth, "eta", 0.2, "nthread", 1, "seed", 1, "tree_method", "hist",
            "base_score", 0.3);
    return XGBoost.train(matrix, parameters, 60, Map.of(), null, null);
  }

  private float[][] rows(int n) {
    float[][] rows = new float[n][];
    Arrays.setAll(rows, r -> Arrays.copyOfRange(data, r * FEATURES, (r + 1) * FEATURES));
    return rows;
  }

  @Test
  void scorer_trainedBooster_agreesWithin1e6() throws Exception {
    DMatrix matrix = new DMatrix(data, ROWS, FEATURES, Float.NaN);
    float[][] expected = booster.predict(matrix, true);
    float[][] probabilities = booster.predict(matrix);
    try (StopModel java = file.scorer()) {
      for (int r = 0; r < ROWS; r++) {
        float[] row = Arrays.copyOfRange(data, r * FEATURES, (r + 1) * FEATURES);
        assertEquals(expected[r][0], java.margin(row), 1e-6 * Math.max(1, Math.abs(expected[r][0])) * 2);
        assertEquals(probabilities[r][0], java.score(row), 1e-6);
      }
    }
  }

  @Test
  void verification_oneHundredThousandRows_bitForBit() {
    Verification result = Verification.of(file);
    assertEquals(List.of(), result.failures());
    assertEquals(100_000, result.comparedRows());
    assertEquals(20, result.goldenRows());
  }

  @Test
  void verification_otherGoldenRow_fails() throws Exception {
    // One row of zeros with a margin of zero.
    String zeros = Base64.getEncoder().encodeToString(new byte[4 * (FEATURES + 1)]);
    byte[] other = bytes(model -> replaceMetadata(model, ModelFile.GOLDEN, zeros));
    Verification result = Verification.of(ModelFile.read(other, "other.onnx"));
    assertFalse(result.passed());
    assertTrue(result.toString().contains("golden row 0: expected margin 0.0, got "), result.toString());
  }

  @Test
  void onnxRuntime_oneRowAndBatch_agree() {
    try (OnnxRuntimeModel onnx = OnnxRuntimeModel.open(file);
        StopModel java = file.scorer()) {
      float[][] rows = rows(300);
      float[] batch = onnx.margins(rows);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(batch[i], onnx.margin(rows[i]));
        assertEquals(java.margin(rows[i]), batch[i]);
      }
    }
  }

  @Test
  void scorer_fourTreesAtATime_agreesWithWalkingForEveryNumberOfTrees() throws Exception {
    BoosterDump whole = BoosterDump.of(booster, IntStream.range(0, FEATURES).toArray());
    for (int n = 1; n <= 9; n++) {
      byte[] some =
          OnnxExport.write(
              new BoosterDump(whole.trees().subList(0, n), whole.base()), SCHEMA, file.thresholds(), new TreeMap<>(), rows(5));
      assertTrue(Verification.of(ModelFile.read(some, n + " trees")).passed());
    }
  }

  @Test
  void scorer_deepTrees_agreeWithOnnxRuntime() throws Exception {
    float[] labels = new float[ROWS];
    SplittableRandom random = new SplittableRandom(2);
    for (int r = 0; r < ROWS; r++) {
      labels[r] = random.nextInt(2);
    }
    Booster deep = train(data, labels, "binary:logistic", 16);
    byte[] onnx =
        OnnxExport.write(
            BoosterDump.of(deep, IntStream.range(0, FEATURES).toArray()), SCHEMA, file.thresholds(), new TreeMap<>(), rows(5));
    assertTrue(Verification.of(ModelFile.read(onnx, "deep")).passed());
  }

  @Test
  void boosterDump_columnOrder_movesFeatures() throws Exception {
    int[] reversed = IntStream.range(0, FEATURES).map(i -> FEATURES - 1 - i).toArray();
    byte[] other =
        OnnxExport.write(BoosterDump.of(booster, reversed), SCHEMA, file.thresholds(), new TreeMap<>(), rows(5));
    try (StopModel one = file.scorer();
        StopModel two = ModelFile.read(other, "reversed").scorer()) {
      for (float[] row : rows(100)) {
        float[] backwards = new float[FEATURES];
        for (int i = 0; i < FEATURES; i++) {
          backwards[FEATURES - 1 - i] = row[i];
        }
        assertEquals(one.margin(row), two.margin(backwards));
      }
    }
  }

  @Test
  void boosterDump_otherObjective_isRefused() throws Exception {
    Booster squared = train(data, new float[ROWS], "reg:squarederror", 2);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> BoosterDump.of(squared, new int[FEATURES]));
    assertEquals("the booster's objective must be binary:logistic, but is 'reg:squarederror'", e.getMessage());
  }

  @Test
  void write_sameInput_sameBytes() throws Exception {
    BoosterDump dump = BoosterDump.of(booster, IntStream.range(0, FEATURES).toArray());
    assertArrayEquals(
        bytes,
        OnnxExport.write(
            dump, SCHEMA, file.thresholds(), new TreeMap<>(Map.of("stopcast.provenance", "test")), rows(20)));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({"0.01, 0.7", "0.03, 0.7", "0.3, 0.5", "3, 0.5", "0.0948683298, 0.6"})
  void thresholds_betweenPrices_followTheirLogarithm(double price, double expected) {
    assertEquals(expected, file.thresholds().thresholdFor(price), 1e-9);
    assertEquals(file.thresholds(), PriceThresholds.parse(file.thresholds().toString()));
  }

  @Test
  void scorer_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[][] rows = rows(100);
    try (StopModel java = file.scorer()) {
      float sum = score(java, rows);
      long before = threads.getCurrentThreadAllocatedBytes();
      sum += score(java, rows);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 1_000, allocated + " bytes for 20,000 scores, sum " + sum);
    }
  }

  private static float score(StopModel model, float[][] rows) {
    float sum = 0;
    for (int k = 0; k < 200; k++) {
      for (float[] row : rows) {
        sum += model.score(row);
      }
    }
    return sum;
  }

  @Test
  void scorer_withoutOnnxRuntimeOnTheClassPath_works(@TempDir Path folder) throws Exception {
    Path path = Files.write(folder.resolve("model.onnx"), bytes);
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("onnxruntime")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader alone = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      assertThrows(ClassNotFoundException.class, () -> alone.loadClass("ai.onnxruntime.OrtSession"));
      Object read = alone.loadClass(ModelFile.class.getName()).getMethod("read", Path.class).invoke(null, path);
      Class<?> verification = alone.loadClass(Verification.class.getName());
      Object result = verification.getMethod("of", read.getClass()).invoke(null, read);
      assertEquals(true, verification.getMethod("passed").invoke(result));
      assertEquals(0, verification.getMethod("comparedRows").invoke(result));
    }
  }

  // What is not let in.

  private byte[] bytes(UnaryOperator<ModelProto.Builder> change) throws Exception {
    return change.apply(ModelProto.parseFrom(bytes).toBuilder()).build().toByteArray();
  }

  private static ModelProto.Builder replaceMetadata(ModelProto.Builder model, String key, String value) {
    for (StringStringEntryProto.Builder entry : model.getMetadataPropsBuilderList()) {
      if (entry.getKey().equals(key)) {
        entry.setValue(value);
      }
    }
    return model;
  }

  private static UnaryOperator<ModelProto.Builder> graph(UnaryOperator<GraphProto.Builder> change) {
    return model -> {
      change.apply(model.getGraphBuilder());
      return model;
    };
  }

  private static UnaryOperator<ModelProto.Builder> trees(UnaryOperator<NodeProto.Builder> change) {
    return graph(
        graph -> {
          change.apply(graph.getNodeBuilder(0));
          return graph;
        });
  }

  private static UnaryOperator<ModelProto.Builder> attribute(String name, UnaryOperator<AttributeProto.Builder> change) {
    return trees(
        node -> {
          for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
            if (attribute.getName().equals(name)) {
              change.apply(attribute);
            }
          }
          return node;
        });
  }

  static Stream<Arguments> mutations() {
    return Stream.of(
        mutation("E-MODEL-014", "true-branch id 1000000", attribute("nodes_truenodeids", a -> a.setInts(0, 1_000_000))),
        mutation("E-MODEL-014", "is reached twice", attribute("nodes_truenodeids", a -> a.setInts(0, a.getInts(0) + 1))),
        mutation("E-MODEL-014", "is reached twice", attribute("nodes_truenodeids", a -> a.setInts(0, 0))),
        mutation("E-MODEL-014", "stands twice", attribute("nodes_nodeids", a -> a.setInts(1, 0))),
        mutation("E-MODEL-014", "no leaf without one", attribute("target_nodeids", a -> a.setInts(0, 0))),
        mutation("E-MODEL-014", "target_weights holds NaN", attribute("target_weights", a -> a.setFloats(0, Float.NaN))),
        mutation(
            "E-MODEL-014", "nodes_values holds Infinity",
            attribute("nodes_values", a -> a.setFloats(0, Float.POSITIVE_INFINITY))),
        mutation("E-MODEL-014", "base_values holds NaN", attribute("base_values", a -> a.setFloats(0, Float.NaN))),
        mutation("E-MODEL-014", "compares input 12, which is outside 0..11", attribute("nodes_featureids", a -> a.setInts(0, 12))),
        mutation("E-MODEL-014", "compares input -1", attribute("nodes_featureids", a -> a.setInts(0, -1))),
        mutation("E-MODEL-014", "nodes_modes has", attribute("nodes_modes", a -> a.clearStrings())),
        mutation(
            "E-MODEL-014", "has mode 'BRANCH_EQ'",
            attribute("nodes_modes", a -> a.setStrings(0, ByteString.copyFromUtf8("BRANCH_EQ")))),
        mutation("E-MODEL-014", "target_weights has", attribute("target_weights", a -> a.addFloats(1))),
        mutation("E-MODEL-014", "n_targets holds 2", attribute("n_targets", a -> a.setI(2))),
        mutation("E-MODEL-014", "target_ids holds 1", attribute("target_ids", a -> a.setInts(0, 1))),
        mutation(
            "E-MODEL-014", "post_transform must be NONE",
            attribute("post_transform", a -> a.setS(ByteString.copyFromUtf8("LOGISTIC")))),
        mutation("E-MODEL-014", "sends missing values to 7", attribute("nodes_missing_value_tracks_true", a -> a.setInts(0, 7))),
        mutation("E-MODEL-011", "expected a node TreeEnsembleRegressor", trees(n -> n.setOpType("TreeEnsembleClassifier"))),
        mutation("E-MODEL-011", "holds a tensor or a graph", attribute("n_targets", a -> a.setG(GraphProto.newBuilder()))),
        mutation("E-MODEL-011", "are not allowed", trees(n -> n.addAttribute(AttributeProto.newBuilder().setName("x").setI(1)))),
        mutation("E-MODEL-011", "3 nodes", graph(g -> g.addNode(NodeProto.newBuilder().setOpType("Identity")))),
        mutation(
            "E-MODEL-007", "models must be self-contained",
            graph(
                g ->
                    g.addInitializer(
                        TensorProto.newBuilder()
                            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                            .addExternalData(
                                StringStringEntryProto.newBuilder().setKey("location").setValue("../secret.bin"))))),
        mutation("E-MODEL-012", "IR version is 3", m -> m.setIrVersion(3)),
        mutation(
            "E-MODEL-012", "version of operator set ai.onnx is 99",
            m -> {
              m.getOpsetImportBuilder(0).setVersion(99);
              return m;
            }),
        mutation("E-MODEL-013", "stands twice", m -> m.addMetadataProps(m.getMetadataProps(0))),
        mutation("E-MODEL-004", "format is '2'", m -> replaceMetadata(m, ModelFile.FORMAT, "2")),
        mutation("E-MODEL-005", "does not fit the hash", m -> replaceMetadata(m, ModelFile.SCHEMA_VERSION, "9")),
        mutation("E-MODEL-005", "names 1 features", m -> replaceMetadata(m, ModelFile.SCHEMA_NAMES, "f0")),
        mutation("E-MODEL-005", "thresholds must lie", m -> replaceMetadata(m, ModelFile.THRESHOLDS, "0.1=2")),
        mutation("E-MODEL-005", "has no 'stopcast.format'", m -> m.clearMetadataProps()));
  }

  private static Arguments mutation(String code, String part, UnaryOperator<ModelProto.Builder> change) {
    return Arguments.of(code, part, change);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("mutations")
  void read_wrongModel_saysWhichRuleItBreaks(String code, String part, UnaryOperator<ModelProto.Builder> change)
      throws Exception {
    byte[] wrong = bytes(change);
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> ModelFile.read(wrong, "wrong.onnx"));
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.getMessage().startsWith(code + " wrong.onnx rejected: "), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void read_chainOfAHundredNodes_isTooDeep() throws Exception {
    int n = 100;
    int size = 2 * n + 1;
    BoosterDump.Tree chain =
        new BoosterDump.Tree(new int[size], new float[size], new int[size], new int[size], new boolean[size]);
    for (int i = 0; i < n; i++) {
      chain.whenTrue()[2 * i] = 2 * i + 1;
      chain.whenFalse()[2 * i] = 2 * i + 2;
      chain.whenTrue()[2 * i + 1] = -1;
    }
    chain.whenTrue()[2 * n] = -1;
    ModelRejectedException e =
        assertThrows(
            ModelRejectedException.class,
            () ->
                OnnxExport.write(
                    new BoosterDump(List.of(chain), 0), SCHEMA, file.thresholds(), new TreeMap<>(), rows(1)));
    assertTrue(e.getMessage().contains("lies deeper than 64"), e.getMessage());
  }

  @Test
  void read_truncated_isRejectedWhereverItIsCut() {
    for (int length = 0; length < bytes.length; length += 1 + length / 50) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(ModelRejectedException.class, () -> ModelFile.read(cut, "cut.onnx"));
    }
  }

  @Test
  void read_link_isRejected(@TempDir Path folder) throws Exception {
    Path real = Files.write(folder.resolve("real.onnx"), bytes);
    Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), real);
    assertEquals("E-MODEL-007", assertThrows(ModelRejectedException.class, () -> ModelFile.read(link)).code());
    assertEquals(file.sha256(), ModelFile.read(real).sha256());
  }

  /** 20,000 files with a few bytes changed: each is rejected in the one way, or scores, and as ONNX Runtime does. */
  @Test
  void read_changedBytes_areRejectedOrScoreAsInOnnxRuntime() {
    int accepted = 0;
    int compared = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] changed = bytes.clone();
      for (int k = random.nextInt(1, 4); k > 0; k--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        ModelFile read = ModelFile.read(changed, "changed");
        accepted++;
        try (StopModel java = read.scorer()) {
          java.margin(rows(1)[0]);
        }
        if (accepted % 100 == 0) {
          compared++;
          try (OnnxRuntimeModel onnx = OnnxRuntimeModel.open(read);
              StopModel java = read.scorer()) {
            for (float[] row : rows(50)) {
              assertEquals(onnx.margin(row), java.margin(row), "seed " + seed);
            }
          }
        }
      } catch (ModelRejectedException expected) {
        assertTrue(expected.code().startsWith("E-MODEL-0"), expected.getMessage());
      }
    }
    assertTrue(accepted > 1_000 && accepted < 19_000 && compared > 10, accepted + " accepted, " + compared + " compared");
  }
}
