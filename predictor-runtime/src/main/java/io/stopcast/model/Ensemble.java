package io.stopcast.model;

import io.stopcast.model.ModelRejectedException.Code;

/**
 * Regression trees that passed every check: each node is reached exactly once from its root, every number is finite.
 *
 * <p>All trees lie one after the other in the same arrays, a root first. An input goes to a node's true child if it is
 * below the node's value; a NaN goes there if the node says so. The arrays are never changed.
 */
final class Ensemble {
  static final int MAX_FEATURES = 4096;
  static final int MAX_TREES = 10_000;
  static final int MAX_NODES = 5_000_000;
  static final int MAX_DEPTH = 64;

  /** The lists that describe nodes, as ONNX has them; {@code leaf} stands for the mode LEAF, else it is BRANCH_LT. */
  record NodeLists(
      int[] tree, int[] id, boolean[] leaf, int[] feature, float[] value, int[] ifTrue, int[] ifFalse, int[] missing) {}

  /** The lists that describe what leaves add to the margin, as ONNX has them. */
  record TargetLists(int[] tree, int[] node, int[] target, float[] weight) {}

  private final int features;
  private final float base;
  private final int[] roots;
  private final byte[] depths;
  private final int[] feature;
  private final float[] value;
  private final int[] ifTrue;
  private final int[] ifFalse;
  private final boolean[] missingIsTrue;

  private Ensemble(
      int features,
      float base,
      int[] roots,
      byte[] depths,
      int[] feature,
      float[] value,
      int[] ifTrue,
      int[] ifFalse,
      boolean[] missingIsTrue) {
    this.features = features;
    this.base = base;
    this.roots = roots;
    this.depths = depths;
    this.feature = feature;
    this.value = value;
    this.ifTrue = ifTrue;
    this.ifFalse = ifFalse;
    this.missingIsTrue = missingIsTrue;
  }

  /** How many inputs a row has. */
  int features() {
    return features;
  }

  /** What is added to the sum over all trees. */
  float base() {
    return base;
  }

  int trees() {
    return depths.length;
  }

  int nodes() {
    return feature.length;
  }

  /** The node where a tree begins. */
  int root(int tree) {
    return roots[tree];
  }

  /** How many comparisons the longest way through a tree takes: 0..64. */
  int depth(int tree) {
    return depths[tree];
  }

  boolean isLeaf(int node) {
    return ifTrue[node] < 0;
  }

  /** The input that a branch compares. */
  int feature(int node) {
    return feature[node];
  }

  /** The threshold of a branch, what a leaf adds. */
  float value(int node) {
    return value[node];
  }

  int ifTrue(int node) {
    return ifTrue[node];
  }

  int ifFalse(int node) {
    return ifFalse[node];
  }

  /** Whether a NaN goes to the true child. */
  boolean missingIsTrue(int node) {
    return missingIsTrue[node];
  }

  /** Whether a row goes to the true child of a node that is no leaf. */
  boolean isTrue(int node, float[] row) {
    float x = row[feature[node]];
    return x < value[node] || Float.isNaN(x) && missingIsTrue[node];
  }

  /** Whether all trees begin by asking the same. */
  boolean beginsAlike() {
    int first = roots[0];
    for (int t = 0; t < trees(); t++) {
      int n = roots[t];
      if (isLeaf(n)
          || feature[n] != feature[first]
          || value[n] != value[first]
          || missingIsTrue[n] != missingIsTrue[first]) {
        return false;
      }
    }
    return true;
  }

  /** What is left of trees that begin alike, once that is answered. */
  Ensemble half(boolean answer) {
    int[] into = new int[nodes()];
    int[] newRoots = new int[roots.length];
    byte[] newDepths = new byte[trees()];
    int count = 0;
    for (int t = 0; t < trees(); t++) {
      int top = answer ? ifTrue[roots[t]] : ifFalse[roots[t]];
      count = number(top, into, count);
      newRoots[t + 1] = count;
      newDepths[t] = (byte) depthBelow(top);
    }
    Ensemble half =
        new Ensemble(
            features,
            base,
            newRoots,
            newDepths,
            new int[count],
            new float[count],
            new int[count],
            new int[count],
            new boolean[count]);
    for (int t = 0; t < trees(); t++) {
      copy(answer ? ifTrue[roots[t]] : ifFalse[roots[t]], into, half);
    }
    return half;
  }

  /** Numbers a node and all below it from {@code next} on, parents first; returns the number after the last. */
  private int number(int node, int[] into, int next) {
    into[node] = next++;
    return isLeaf(node) ? next : number(ifFalse[node], into, number(ifTrue[node], into, next));
  }

  private int depthBelow(int node) {
    return isLeaf(node) ? 0 : 1 + Math.max(depthBelow(ifTrue[node]), depthBelow(ifFalse[node]));
  }

  private void copy(int node, int[] into, Ensemble other) {
    int n = into[node];
    other.feature[n] = feature[node];
    other.value[n] = value[node];
    other.missingIsTrue[n] = missingIsTrue[node];
    other.ifTrue[n] = isLeaf(node) ? -1 : into[ifTrue[node]];
    other.ifFalse[n] = isLeaf(node) ? -1 : into[ifFalse[node]];
    if (!isLeaf(node)) {
      copy(ifTrue[node], into, other);
      copy(ifFalse[node], into, other);
    }
  }

  static Ensemble of(String where, int features, float[] base, NodeLists nodes, TargetLists targets)
      throws ModelRejectedException {
    return new Check(where, features, base, nodes, targets).run();
  }

  /** The checks, in an order in which each may rely on those before it. */
  private static final class Check {
    private final String where;
    private final int features;
    private final float[] base;
    private final NodeLists nodes;
    private final TargetLists targets;
    private final int count;
    private int[] roots;

    Check(String where, int features, float[] base, NodeLists nodes, TargetLists targets) {
      this.where = where;
      this.features = features;
      this.base = base;
      this.nodes = nodes;
      this.targets = targets;
      this.count = nodes.tree.length;
    }

    Ensemble run() throws ModelRejectedException {
      requireEqualLengths();
      roots = numberedTrees();
      for (int n = 0; n < count; n++) {
        if (nodes.missing[n] != 0 && nodes.missing[n] != 1) {
          throw reject(
              Code.ATTRIBUTE, n, "missing_value_tracks_true is %d, neither 0 nor 1".formatted(nodes.missing[n]));
        }
        if (!nodes.leaf[n]) {
          checkBranch(n);
        }
      }
      if (base.length != 1 || !Float.isFinite(base[0])) {
        throw reject(
            Code.NOT_FINITE,
            "base_values must be one finite number, but "
                + (base.length == 1 ? "is " + base[0] : "has " + base.length + " values"));
      }
      float[] value = valuesWithLeafWeights();
      int[] ifTrue = new int[count];
      int[] ifFalse = new int[count];
      boolean[] missingIsTrue = new boolean[count];
      for (int t = 0; t < roots.length - 1; t++) {
        for (int n = roots[t]; n < roots[t + 1]; n++) {
          ifTrue[n] = nodes.leaf[n] ? -1 : roots[t] + nodes.ifTrue[n];
          ifFalse[n] = nodes.leaf[n] ? -1 : roots[t] + nodes.ifFalse[n];
          missingIsTrue[n] = nodes.missing[n] == 1;
        }
      }
      byte[] depths = walk(ifTrue, ifFalse, value);
      return new Ensemble(
          features, base[0], roots, depths, nodes.feature, value, ifTrue, ifFalse, missingIsTrue);
    }

    private void requireEqualLengths() throws ModelRejectedException {
      if (nodes.id.length != count
          || nodes.leaf.length != count
          || nodes.feature.length != count
          || nodes.value.length != count
          || nodes.ifTrue.length != count
          || nodes.ifFalse.length != count
          || nodes.missing.length != count) {
        throw reject(
            Code.LENGTH,
            ("all nodes_ lists must be equally long, but treeids, nodeids, modes, featureids, values, truenodeids,"
                    + " falsenodeids, missing_value_tracks_true have %d, %d, %d, %d, %d, %d, %d, %d values")
                .formatted(
                    count,
                    nodes.id.length,
                    nodes.leaf.length,
                    nodes.feature.length,
                    nodes.value.length,
                    nodes.ifTrue.length,
                    nodes.ifFalse.length,
                    nodes.missing.length));
      }
      int weights = targets.tree.length;
      if (targets.node.length != weights || targets.target.length != weights || targets.weight.length != weights) {
        throw reject(
            Code.LENGTH,
            "all target_ lists must be equally long, but treeids, nodeids, ids, weights have %d, %d, %d, %d values"
                .formatted(weights, targets.node.length, targets.target.length, targets.weight.length));
      }
    }

    /** Returns where each tree begins, and the end of the last. Trees and their nodes must be numbered 0, 1, 2, ... */
    private int[] numberedTrees() throws ModelRejectedException {
      int trees = 0;
      for (int n = 0; n < count; n++) {
        boolean begins = n == 0 || nodes.tree[n] != nodes.tree[n - 1];
        int expectedTree = begins ? trees : trees - 1;
        int expectedId = begins ? 0 : nodes.id[n - 1] + 1;
        if (nodes.tree[n] != expectedTree || nodes.id[n] != expectedId) {
          throw reject(
              Code.ID_RANGE,
              ("node %d of the list is tree %d node %d, but trees and their nodes must be numbered upwards from 0:"
                      + " expected tree %d node %d")
                  .formatted(n, nodes.tree[n], nodes.id[n], expectedTree, expectedId));
        }
        trees += begins ? 1 : 0;
        if (trees > MAX_TREES) {
          throw reject(Code.LIMIT, "it has more than the %d trees that are allowed".formatted(MAX_TREES));
        }
      }
      if (trees == 0) {
        throw reject(Code.LENGTH, "it has no tree");
      }
      int[] starts = new int[trees + 1];
      for (int n = 0; n < count; n++) {
        starts[nodes.tree[n] + 1] = n + 1;
      }
      return starts;
    }

    private void checkBranch(int n) throws ModelRejectedException {
      if (!Float.isFinite(nodes.value[n])) {
        throw reject(Code.NOT_FINITE, n, "threshold is " + nodes.value[n]);
      }
      if (nodes.feature[n] < 0 || nodes.feature[n] >= features) {
        throw reject(
            Code.FEATURE_RANGE, n, "feature id %d is outside 0..%d".formatted(nodes.feature[n], features - 1));
      }
      checkChild(n, "true", nodes.ifTrue[n]);
      checkChild(n, "false", nodes.ifFalse[n]);
    }

    private void checkChild(int n, String side, int id) throws ModelRejectedException {
      int size = roots[nodes.tree[n] + 1] - roots[nodes.tree[n]];
      if (id < 0 || id >= size) {
        throw reject(Code.ID_RANGE, n, "%s-branch id %d is outside 0..%d".formatted(side, id, size - 1));
      }
    }

    /** Returns the thresholds of branches and the weights of leaves, which must come in the order of the leaves. */
    private float[] valuesWithLeafWeights() throws ModelRejectedException {
      float[] value = nodes.value.clone();
      int w = 0;
      for (int n = 0; n < count; n++) {
        boolean named = w < targets.tree.length && targets.tree[w] == nodes.tree[n] && targets.node[w] == nodes.id[n];
        if (named != nodes.leaf[n]) {
          throw reject(
              Code.LEAF_WEIGHT,
              n,
              nodes.leaf[n]
                  ? "the leaf has no weight, or weights are not in the order of the leaves"
                  : "it has a weight but is no leaf");
        }
        if (named) {
          if (targets.target[w] != 0) {
            throw reject(Code.ID_RANGE, n, "target id %d is not 0".formatted(targets.target[w]));
          }
          if (!Float.isFinite(targets.weight[w])) {
            throw reject(Code.NOT_FINITE, n, "weight is " + targets.weight[w]);
          }
          value[n] = targets.weight[w++];
        }
      }
      if (w < targets.tree.length) {
        throw reject(
            Code.LEAF_WEIGHT,
            "weight %d is for tree %d node %d, which is no leaf or has a weight already"
                .formatted(w, targets.tree[w], targets.node[w]));
      }
      return value;
    }

    /** Walks every tree and returns the depth of each. Without recursion, as the depth is what is not yet known. */
    private byte[] walk(int[] ifTrue, int[] ifFalse, float[] value) throws ModelRejectedException {
      boolean[] reached = new boolean[count];
      byte[] depthOf = new byte[count];
      byte[] depths = new byte[roots.length - 1];
      int[] pending = new int[MAX_DEPTH + 2];
      double largest = Math.abs((double) base[0]);
      for (int t = 0; t < depths.length; t++) {
        int waiting = 0;
        pending[waiting++] = roots[t];
        reached[roots[t]] = true;
        double largestLeaf = 0;
        while (waiting > 0) {
          int n = pending[--waiting];
          depths[t] = (byte) Math.max(depths[t], depthOf[n]);
          if (ifTrue[n] < 0) {
            largestLeaf = Math.max(largestLeaf, Math.abs(value[n]));
            continue;
          }
          if (depthOf[n] == MAX_DEPTH) {
            throw reject(Code.LIMIT, n, "the tree is deeper than the %d levels that are allowed".formatted(MAX_DEPTH));
          }
          // Depth first: at most one node a level waits for its sibling.
          for (int child : new int[] {ifTrue[n], ifFalse[n]}) {
            if (reached[child]) {
              throw reject(
                  Code.TREE_SHAPE,
                  n,
                  "its child %d is reached twice: a cycle or a shared node".formatted(nodes.id[child]));
            }
            reached[child] = true;
            depthOf[child] = (byte) (depthOf[n] + 1);
            pending[waiting++] = child;
          }
        }
        largest += largestLeaf;
      }
      for (int n = 0; n < count; n++) {
        if (!reached[n]) {
          throw reject(Code.TREE_SHAPE, n, "it is not reached from the root");
        }
      }
      if (largest > Float.MAX_VALUE) {
        throw reject(Code.NOT_FINITE, "the leaf weights are so large that their sum may overflow");
      }
      return depths;
    }

    private ModelRejectedException reject(Code code, int node, String detail) {
      return reject(code, "tree %d node %d: %s".formatted(nodes.tree[node], nodes.id[node], detail));
    }

    private ModelRejectedException reject(Code code, String detail) {
      return new ModelRejectedException(code, where, detail);
    }
  }
}
