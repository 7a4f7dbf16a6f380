package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.ModelFile;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.StopModel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoosterDumpTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** One tree of five nodes, of which 3 and 4 were pruned; as XGBoost 3 writes it, as far as it is read. */
  private static final String PRUNED =
      """
      {"learner": {
        "learner_model_param": {"base_score": "[2.5E-1]", "num_class": "0", "num_feature": "2", "num_target": "1"},
        "objective": {"name": "binary:logistic"},
        "gradient_booster": {"name": "gbtree", "model": {
          "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": "1"},
          "trees": [{
            "left_children": [2, -1, -1, -1, -1], "right_children": [1, -1, -1, -1, -1],
            "split_indices": [1, 0, 0, 0, 0], "split_conditions": [1.5E0, -2E-1, 3E-1, 9E0, 9E0],
            "default_left": [1, 0, 0, 0, 0], "split_type": [0, 0, 0, 0, 0],
            "sum_hessian": [5E0, 2E0, 3E0, 1E0, 1E0]}]}}}}
      """;

  @Test
  void read_prunedTree_keepsWhatIsReached() throws Exception {
    BoosterDump dump = BoosterDump.read(JSON.readTree(PRUNED));
    assertEquals(2, dump.features());
    assertEquals((float) Math.log(0.25 / 0.75), dump.base());
    assertEquals(1, dump.trees().size());
    BoosterDump.Tree tree = dump.trees().get(0);
    assertArrayEquals(new int[] {1, -1, -1}, tree.left);
    assertArrayEquals(new int[] {2, -1, -1}, tree.right);
    assertArrayEquals(new int[] {1, 0, 0}, tree.feature);
    assertArrayEquals(new float[] {1.5f, 0.3f, -0.2f}, tree.value);
    assertArrayEquals(new boolean[] {true, false, false}, tree.defaultLeft);
    assertArrayEquals(new float[] {5, 3, 2}, tree.cover);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          binary:logistic                | reg:squarederror               | only a booster with objective binary:logistic can be exported, but this one has reg:squarederror
          "gbtree"                       | "dart"                         | only a booster with booster gbtree can be exported, but this one has dart
          "num_class": "0"               | "num_class": "3"               | only a booster with number of classes 1 can be exported, but this one has 3
          "num_target": "1"              | "num_target": "2"              | only a booster with number of targets 1 can be exported, but this one has 2
          "num_parallel_tree": "1"       | "num_parallel_tree": "4"       | only a booster with trees a round 1 can be exported, but this one has 4
          [2.5E-1]                       | [2.5E-1,5E-1]                  | base_score must be one probability within 0..1, but was [2.5E-1,5E-1]
          [2.5E-1]                       | 1                              | base_score must be one probability within 0..1, but was 1
          "split_type": [0, 0, 0, 0, 0]  | "split_type": [1, 0, 0, 0, 0]  | tree 0 node 0 splits by category; only numerical splits can be exported. Encode the feature as numbers
          "right_children": [1,          | "right_children": [0,          | tree 0 node 0 has the impossible child 0
          "right_children": [1,          | "right_children": [5,          | tree 0 node 0 has the impossible child 5
          "right_children": [1,          | "right_children": [            | the lists of tree 0 must be equally long and not empty, but the first has 5 nodes
          "split_type"                   | "other"                        | the booster's JSON has no 'split_type' where XGBoost 3 writes it
          """)
  void read_somethingElse_isRefused(String old, String changed, String message) throws Exception {
    JsonNode json = JSON.readTree(PRUNED.replace(old, changed));
    Exception e = assertThrows(IllegalArgumentException.class, () -> BoosterDump.read(json));
    assertEquals(message, e.getMessage());
  }

  @Test
  void read_boosterOfAnotherKind_isRefused() throws Exception {
    Booster booster = TrainedBooster.train(3, 200, 2, Map.of("objective", "reg:logistic"));
    Exception e = assertThrows(IllegalArgumentException.class, () -> BoosterDump.read(booster));
    assertEquals(
        "only a booster with objective binary:logistic can be exported, but this one has reg:logistic", e.getMessage());
  }

  @Test
  void read_dropout_isRefused() throws Exception {
    Booster booster = TrainedBooster.train(3, 200, 5, Map.of("rate_drop", 0.5));
    Exception e = assertThrows(IllegalArgumentException.class, () -> BoosterDump.read(booster));
    assertEquals(
        "only a booster without dropout (DART) can be exported, but the trees of this one have weights; train without"
            + " rate_drop and one_drop",
        e.getMessage());
  }

  @Test
  void read_randomForest_isRefused() throws Exception {
    Booster booster = TrainedBooster.train(3, 200, 2, Map.of("num_parallel_tree", 3));
    Exception e = assertThrows(IllegalArgumentException.class, () -> BoosterDump.read(booster));
    assertEquals("only a booster with trees a round 1 can be exported, but this one has 3", e.getMessage());
  }

  @Test
  void read_noRound_isRefused() throws Exception {
    Booster booster = TrainedBooster.train(3, 200, 0, Map.of());
    Exception e = assertThrows(IllegalArgumentException.class, () -> BoosterDump.read(booster));
    assertEquals("a booster needs at least one tree, but has none; train at least one round", e.getMessage());
  }

  /** Of one more tree above than below, so that one half has to be filled up. */
  @Test
  void halves_scoreAsTheBoosterInWhoseHalfARowLies() throws Exception {
    BoosterDump below = BoosterDump.read(TrainedBooster.train(5, 300, 4, Map.of("base_score", 0.3)));
    BoosterDump above = BoosterDump.read(TrainedBooster.train(5, 400, 5, Map.of("base_score", 0.6, "max_depth", 3)));
    StopModel both = scorer(BoosterDump.halves(2, .25f, below, above));
    int upper = 0;
    for (float[] row : TrainedBooster.rows(5, 200, 9)) {
      row[2] = Float.isNaN(row[2]) ? .25f : row[2];
      upper += row[2] >= .25f ? 1 : 0;
      assertEquals(scorer(row[2] >= .25f ? above : below).margin(row), both.margin(row), 0);
    }
    assertTrue(upper > 50 && upper < 150, upper + " of 200 rows lie in the upper half");
  }

  private static StopModel scorer(BoosterDump trees) throws Exception {
    FeatureSchema schema = new FeatureSchema(1, List.of("a", "b", "c", "d", "e"));
    byte[] onnx =
        OnnxExport.write(
            trees, schema, new PriceThresholds(new TreeMap<>(Map.of(.1, .5))), new TreeMap<>(), new float[0][])
            .bytes();
    return ModelFile.read(onnx, "test").scorer();
  }
}
