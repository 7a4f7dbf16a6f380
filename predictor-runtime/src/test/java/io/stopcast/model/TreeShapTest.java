package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeShapTest {
  private static final int FEATURES = 5;

  /** With 5 features and depth 8, most ways ask for a feature more than once. */
  @ParameterizedTest(name = "{0} trees of depth {1}, seed {2}")
  @CsvSource({"1, 1, 1", "1, 2, 2", "3, 4, 3", "2, 8, 4", "10, 3, 5", "1, 0, 6"})
  void attribution_anyRow_isTheMeanOverAllOrders(int trees, int depth, long seed) throws Exception {
    ModelFile file = explained(RandomModel.of(FEATURES, trees, depth, .9, seed), seed);
    Covers covers = Covers.parse(file.metadata().get(ModelFile.COVERS));
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20; i++) {
      float[] row = row(random);
      Attribution attribution = file.scorer().attribution(row).orElseThrow();

      assertEquals(value(file.ensemble(), covers, row, 0), attribution.base(), 1e-9);
      for (int f = 0; f < FEATURES; f++) {
        assertEquals(shapley(file.ensemble(), covers, row, f), attribution.parts()[f], 1e-9, "feature " + f);
      }
    }
  }

  @ParameterizedTest(name = "{0} trees of depth {1}")
  @CsvSource({"100, 5", "20, 12"})
  void attribution_partsAndBase_areTheMargin(int trees, int depth) throws Exception {
    ModelFile file = explained(RandomModel.of(FEATURES, trees, depth, .95, 9), 9);
    StopModel scorer = file.scorer();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 50; i++) {
      float[] row = row(random);
      assertEquals(scorer.margin(row), scorer.attribution(row).orElseThrow().margin(), 1e-5);
    }
  }

  @Test
  void attribution_deepestTree_isFinite() throws Exception {
    ModelFile file = explained(RandomModel.chain(3, Ensemble.MAX_DEPTH, 4), 4);
    StopModel scorer = file.scorer();
    float[] row = {.1f, Float.NaN, -.3f};
    assertEquals(scorer.margin(row), scorer.attribution(row).orElseThrow().margin(), 1e-5);
  }

  @Test
  void attribution_withoutCovers_isEmpty() throws Exception {
    ModelFile file = RandomModel.file(RandomModel.of(FEATURES, 2, 3, 1, 1));
    assertEquals(Optional.empty(), file.scorer().attribution(new float[FEATURES]));
  }

  @Test
  void forStopping_namesPositivePartsOnly_strongestFirst() throws Exception {
    ModelFile file = RandomModel.file(RandomModel.of(4, 1, 1, 1, 1));
    Attribution attribution = new Attribution(file.schema(), 0, new double[] {.1, -3, 0, 2}, new float[4]);
    assertEquals(List.of(3, 0), attribution.forStopping());
  }

  @Test
  void read_coversOfOtherTrees_areRefused() {
    ModelProto.Builder model = RandomModel.of(FEATURES, 2, 2, 1, 1);
    model.addMetadataProps(RandomModel.entry(ModelFile.COVERS, Covers.of(new double[] {.5}).format()));
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> RandomModel.file(model));
    assertEquals(
        "E-MODEL-018 test.onnx rejected: stopcast.covers: \"it has covers of 1 branches, but the trees have 6\"",
        e.getMessage());
  }

  @Test
  void read_coversThatAreNoText_areRefused() {
    for (String text : List.of("", "?", "Ag==", "AQ")) {
      ModelProto.Builder model = RandomModel.of(FEATURES, 2, 2, 1, 1);
      model.addMetadataProps(RandomModel.entry(ModelFile.COVERS, text));
      ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> RandomModel.file(model));
      assertEquals("E-MODEL-018", e.code(), text);
    }
  }

  @Test
  void read_treesTooLargeToExplain_areRefusedWithTheirCoversOnly() throws Exception {
    ModelProto.Builder model = RandomModel.of(FEATURES, 1, 19, 1, 1);
    int branches = RandomModel.file(model).ensemble().nodes() / 2;
    double[] halves = new double[branches];
    Arrays.fill(halves, .5);
    model.addMetadataProps(RandomModel.entry(ModelFile.COVERS, Covers.of(halves).format()));
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> RandomModel.file(model));
    assertTrue(e.getMessage().contains("524288 leaves of trees 19 deep are too many to be explained"), e.getMessage());
  }

  @Test
  void covers_text_readsBack() {
    Covers covers = Covers.of(new double[] {0, .25, .5, 1});
    assertEquals(covers.format(), Covers.parse(covers.format()).format());
    assertEquals(.25, Covers.parse(covers.format()).toTrue(1), 1e-5);
    assertTrue(covers.toTrue(0) > 0 && covers.toTrue(3) < 1);
  }

  @Test
  void covers_shareThatIsNone_isRefused() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Covers.of(new double[] {.1, Double.NaN}));
    assertEquals(
        "the share of rows that goes to the true child must be within 0..1, but at branch 1 it was NaN", e.getMessage());
  }

  /** Adds random covers. */
  private static ModelFile explained(ModelProto.Builder model, long seed) throws ModelRejectedException {
    Ensemble ensemble = RandomModel.file(model).ensemble();
    int branches = 0;
    for (int n = 0; n < ensemble.nodes(); n++) {
      branches += ensemble.isLeaf(n) ? 0 : 1;
    }
    double[] shares = new SplittableRandom(seed).doubles(branches).toArray();
    model.addMetadataProps(RandomModel.entry(ModelFile.COVERS, Covers.of(shares).format()));
    return RandomModel.file(model);
  }

  private static float[] row(SplittableRandom random) {
    float[] row = new float[FEATURES];
    for (int f = 0; f < row.length; f++) {
      row[f] = random.nextInt(5) == 0 ? Float.NaN : (float) random.nextGaussian();
    }
    return row;
  }

  /** By definition: the sum over all sets of other features, weighted by how many orders begin with them. */
  private static double shapley(Ensemble ensemble, Covers covers, float[] row, int feature) {
    double sum = 0;
    for (int known = 0; known < 1 << FEATURES; known++) {
      if ((known & 1 << feature) == 0) {
        int size = Integer.bitCount(known);
        double orders = factorial(size) * factorial(FEATURES - size - 1) / factorial(FEATURES);
        sum += orders * (value(ensemble, covers, row, known | 1 << feature) - value(ensemble, covers, row, known));
      }
    }
    return sum;
  }

  private static double factorial(int n) {
    return n < 2 ? 1 : n * factorial(n - 1);
  }

  /** The margin if only some features are known. */
  private static double value(Ensemble ensemble, Covers covers, float[] row, int known) {
    int[] branch = new int[ensemble.nodes()];
    int branches = 0;
    for (int n = 0; n < branch.length; n++) {
      branch[n] = ensemble.isLeaf(n) ? -1 : branches++;
    }
    double sum = ensemble.base();
    for (int t = 0; t < ensemble.trees(); t++) {
      sum += value(ensemble, covers, branch, row, known, ensemble.root(t));
    }
    return sum;
  }

  private static double value(Ensemble e, Covers covers, int[] branch, float[] row, int known, int n) {
    if (e.isLeaf(n)) {
      return e.value(n);
    }
    double ifTrue = value(e, covers, branch, row, known, e.ifTrue(n));
    double ifFalse = value(e, covers, branch, row, known, e.ifFalse(n));
    if ((known & 1 << e.feature(n)) == 0) {
      double share = covers.toTrue(branch[n]);
      return share * ifTrue + (1 - share) * ifFalse;
    }
    float x = row[e.feature(n)];
    return x < e.value(n) || Float.isNaN(x) && e.missingIsTrue(n) ? ifTrue : ifFalse;
  }
}
