package io.stopcast.train;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * The trees of a trained booster: one binary:logistic output, gradient-boosted without dropout, one tree a round,
 * numerical splits.
 *
 * <p>The margin of a row is {@code base} plus one leaf value of each tree, in float32 and in this order. Immutable.
 *
 * @param features how many features the booster was trained on; a feature's position is its id
 * @param base the log-odds that every row starts from
 * @param trees in the order of their rounds
 */
public record BoosterDump(int features, float base, List<Tree> trees) {
  // Floats are read from their decimal digits: by way of a double they would be rounded twice.
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxDocumentLength(1L << 30).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  public BoosterDump {
    trees = List.copyOf(trees);
    if (trees.isEmpty()) {
      throw new IllegalArgumentException("a booster needs at least one tree, but has none; train at least one round");
    }
  }

  /**
   * One tree as lists, the root first, parents before their children.
   *
   * <p>A row goes left at node {@code i} if its feature is below {@code value[i]}, or if it is NaN and {@code
   * defaultLeft[i]}. At a leaf, {@code left[i]} is -1 and {@code value[i]} is what it adds. The training rows that came
   * by a node weighed {@code cover[i]}.
   */
  public static final class Tree {
    final int[] feature;
    final float[] value;
    final boolean[] defaultLeft;
    final int[] left;
    final int[] right;
    final float[] cover;

    private Tree(int nodes) {
      feature = new int[nodes];
      value = new float[nodes];
      defaultLeft = new boolean[nodes];
      left = new int[nodes];
      right = new int[nodes];
      cover = new float[nodes];
    }

    int nodes() {
      return feature.length;
    }

    /** Copies another tree in, its root to position {@code at}. */
    private void place(Tree other, int at) {
      System.arraycopy(other.feature, 0, feature, at, other.nodes());
      System.arraycopy(other.value, 0, value, at, other.nodes());
      System.arraycopy(other.defaultLeft, 0, defaultLeft, at, other.nodes());
      System.arraycopy(other.cover, 0, cover, at, other.nodes());
      for (int n = 0; n < other.nodes(); n++) {
        left[at + n] = other.left[n] < 0 ? -1 : other.left[n] + at;
        right[at + n] = other.right[n] < 0 ? -1 : other.right[n] + at;
      }
    }
  }

  /**
   * Returns trees that ask for one feature first, and then as one or the other booster does: two models in one.
   *
   * <p>The margin of a row is that of the booster in whose half it lies, but for the rounding of its base. The rows of both
   * halves count as equally many.
   *
   * @param feature that tells the halves apart; its value is never NaN
   * @param from from which value on it is the upper half
   */
  static BoosterDump halves(int feature, float from, BoosterDump below, BoosterDump above) {
    List<Tree> trees = new ArrayList<>();
    for (int t = 0; t < Math.max(below.trees.size(), above.trees.size()); t++) {
      Tree left = below.withBase(t);
      Tree right = above.withBase(t);
      Tree tree = new Tree(1 + left.nodes() + right.nodes());
      tree.feature[0] = feature;
      tree.value[0] = from;
      tree.left[0] = 1;
      tree.right[0] = 1 + left.nodes();
      tree.place(left, 1);
      tree.place(right, 1 + left.nodes());
      tree.cover[0] = left.cover[0] + right.cover[0];
      trees.add(tree);
    }
    return new BoosterDump(Math.max(feature + 1, Math.max(below.features, above.features)), 0, trees);
  }

  /** A tree as one of a booster without a base: the first one has it in its leaves, and one too many says nothing. */
  private Tree withBase(int t) {
    if (t >= trees.size()) {
      Tree none = new Tree(1);
      none.left[0] = -1;
      none.right[0] = -1;
      return none;
    }
    if (t > 0) {
      return trees.get(t);
    }
    Tree first = new Tree(trees.get(0).nodes());
    first.place(trees.get(0), 0);
    for (int n = 0; n < first.nodes(); n++) {
      first.value[n] += first.left[n] < 0 ? base : 0;
    }
    return first;
  }

  /**
   * Reads the trees of a booster; leaves it as it is.
   *
   * @throws IllegalArgumentException if it is of another kind than this class describes
   */
  public static BoosterDump read(Booster booster) {
    try {
      return read(JSON.readTree(booster.toByteArray("json")));
    } catch (XGBoostError | JsonProcessingException e) {
      throw new IllegalStateException("XGBoost gave no readable model: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AssertionError("reading from memory fails only for what it reads", e);
    }
  }

  static BoosterDump read(JsonNode model) {
    JsonNode learner = field(model, "learner");
    require("objective", text(learner, "objective", "name"), "binary:logistic");
    JsonNode gradientBooster = field(learner, "gradient_booster");
    require("booster", text(gradientBooster, "name"), "gbtree");
    JsonNode parameters = field(learner, "learner_model_param");
    String classes = text(parameters, "num_class");
    require("number of classes", classes.equals("0") ? "1" : classes, "1");
    require("number of targets", text(parameters, "num_target"), "1");
    JsonNode forest = field(gradientBooster, "model");
    require("trees a round", text(forest, "gbtree_model_param", "num_parallel_tree"), "1");
    // XGBoost 3.4 calls a DART booster gbtree too; what gives it away is that its trees have weights.
    if (!forest.path("weight_drop").isEmpty()) {
      throw new IllegalArgumentException(
          "only a booster without dropout (DART) can be exported, but the trees of this one have weights; train without"
              + " rate_drop and one_drop");
    }
    List<Tree> trees = new ArrayList<>();
    for (JsonNode tree : field(forest, "trees")) {
      trees.add(tree(tree, trees.size()));
    }
    int features = Integer.parseInt(text(parameters, "num_feature"));
    return new BoosterDump(features, base(text(parameters, "base_score")), trees);
  }

  /** From XGBoost 3 on, the score is an array within a string; before, it was a number within one. */
  private static float base(String text) {
    String digits = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    float probability;
    try {
      probability = Float.parseFloat(digits);
    } catch (NumberFormatException e) {
      probability = Float.NaN;
    }
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException("base_score must be one probability within 0..1, but was " + text);
    }
    // In float32 and by this formula, as XGBoost does it; subtracting from 0 avoids -0.
    return (float) (0 - Math.log(1 / probability - 1));
  }

  /** Reads what is reached from the root: pruned nodes stay in the lists of XGBoost, without a parent. */
  private static Tree tree(JsonNode json, int number) {
    int[] left = ints(json, "left_children");
    int[] right = ints(json, "right_children");
    int[] feature = ints(json, "split_indices");
    int[] defaultLeft = ints(json, "default_left");
    int[] kind = ints(json, "split_type");
    JsonNode value = field(json, "split_conditions");
    JsonNode cover = field(json, "sum_hessian");
    int all = left.length;
    if (all == 0
        || right.length != all
        || feature.length != all
        || defaultLeft.length != all
        || kind.length != all
        || value.size() != all
        || cover.size() != all) {
      throw new IllegalArgumentException(
          "the lists of tree %d must be equally long and not empty, but the first has %d nodes".formatted(number, all));
    }
    int[] order = new int[all];
    int[] position = new int[all];
    Arrays.fill(position, -1);
    int reached = 0;
    position[0] = reached++;
    for (int i = 0; i < reached; i++) {
      int n = order[i];
      if (left[n] == -1) {
        continue;
      }
      if (kind[n] != 0) {
        throw new IllegalArgumentException(
            "tree %d node %d splits by category; only numerical splits can be exported. Encode the feature as numbers"
                .formatted(number, n));
      }
      for (int child : new int[] {left[n], right[n]}) {
        if (child < 0 || child >= all || position[child] >= 0) {
          throw new IllegalArgumentException("tree %d node %d has the impossible child %d".formatted(number, n, child));
        }
        position[child] = reached;
        order[reached++] = child;
      }
    }
    Tree tree = new Tree(reached);
    for (int i = 0; i < reached; i++) {
      int n = order[i];
      boolean leaf = left[n] == -1;
      tree.left[i] = leaf ? -1 : position[left[n]];
      tree.right[i] = leaf ? -1 : position[right[n]];
      tree.feature[i] = leaf ? 0 : feature[n];
      tree.defaultLeft[i] = !leaf && defaultLeft[n] != 0;
      tree.value[i] = value.get(n).floatValue();
      tree.cover[i] = cover.get(n).floatValue();
    }
    return tree;
  }

  private static int[] ints(JsonNode json, String name) {
    JsonNode list = field(json, name);
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = list.get(i);
      values[i] = value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.intValue();
    }
    return values;
  }

  private static void require(String what, String found, String expected) {
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "only a booster with %s %s can be exported, but this one has %s".formatted(what, expected, found));
    }
  }

  private static String text(JsonNode json, String... path) {
    JsonNode at = json;
    for (String name : path) {
      at = field(at, name);
    }
    return at.asText();
  }

  private static JsonNode field(JsonNode json, String name) {
    JsonNode value = json.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the booster's JSON has no '%s' where XGBoost 3 writes it".formatted(name));
    }
    return value;
  }
}
