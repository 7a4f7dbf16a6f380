package io.stopcast.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * The trees of a trained booster, as its own JSON has them.
 *
 * @param trees in the order in which they were grown
 * @param base the log-odds that the trees' sum is added to
 */
record BoosterDump(List<Tree> trees, float base) {
  BoosterDump {
    trees = List.copyOf(trees);
  }

  /**
   * One tree; node 0 is the root, a leaf has no children (-1).
   *
   * @param feature position within the feature schema
   * @param value threshold of an inner node (true where the input is less), weight of a leaf
   * @param missingTrue whether a missing input goes the true way
   */
  record Tree(int[] feature, float[] value, int[] whenTrue, int[] whenFalse, boolean[] missingTrue) {
    boolean isLeaf(int node) {
      return whenTrue[node] < 0;
    }

    int size() {
      return feature.length;
    }
  }

  /**
   * Reads a booster with a binary objective, one tree a round and numerical splits.
   *
   * @param columnOrder for each of the booster's columns the position of its feature in the schema
   * @throws IllegalArgumentException for any other booster
   */
  static BoosterDump of(Booster booster, int[] columnOrder) {
    try {
      JsonNode learner = new ObjectMapper().readTree(booster.toByteArray("json")).path("learner");
      require(learner.path("objective").path("name").asText(), "binary:logistic", "objective");
      JsonNode gradientBooster = learner.path("gradient_booster");
      require(gradientBooster.path("name").asText(), "gbtree", "booster");
      JsonNode model = gradientBooster.path("model");
      require(model.path("gbtree_model_param").path("num_parallel_tree").asText(), "1", "number of parallel trees");
      List<Tree> trees = new ArrayList<>();
      for (JsonNode tree : model.path("trees")) {
        trees.add(tree(tree, columnOrder));
      }
      return new BoosterDump(trees, base(learner.path("learner_model_param").path("base_score").asText()));
    } catch (XGBoostError | IOException e) {
      throw new IllegalStateException("the booster could not be written out: " + e.getMessage(), e);
    }
  }

  private static Tree tree(JsonNode tree, int[] columnOrder) {
    int n = tree.path("left_children").size();
    Tree result = new Tree(new int[n], new float[n], new int[n], new int[n], new boolean[n]);
    for (int i = 0; i < n; i++) {
      if (tree.path("split_type").path(i).asInt() != 0) {
        throw new IllegalArgumentException("the booster has a categorical split; only numerical ones can be exported");
      }
      result.whenTrue[i] = tree.path("left_children").path(i).asInt();
      result.whenFalse[i] = tree.path("right_children").path(i).asInt();
      // Of a leaf, split_conditions holds the weight.
      result.value[i] = (float) tree.path("split_conditions").path(i).asDouble();
      result.missingTrue[i] = tree.path("default_left").path(i).asInt() == 1;
      result.feature[i] = result.isLeaf(i) ? 0 : columnOrder[tree.path("split_indices").path(i).asInt()];
    }
    return result;
  }

  /** The stored base score is a probability; since xgboost 3 it is written as an array. */
  private static float base(String text) {
    double probability = Double.parseDouble(text.replaceAll("[\\[\\]]", ""));
    return (float) Math.log(probability / (1 - probability));
  }

  private static void require(String found, String expected, String what) {
    if (!found.equals(expected)) {
      throw new IllegalArgumentException("the booster's %s must be %s, but is '%s'".formatted(what, expected, found));
    }
  }
}
