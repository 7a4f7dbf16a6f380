package io.stopcast.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a tree ensemble as ONNX stores them, before anything is known of them but that the columns are equally
 * long. Linking them is what proves that they are trees.
 */
record NodeTable(
    long[] treeIds,
    long[] nodeIds,
    long[] feature,
    float[] value,
    long[] whenTrue,
    long[] whenFalse,
    long[] missingTrue,
    List<String> modes) {
  private static final int MOST_TREES = 10_000;
  private static final int DEEPEST = 64;

  /** The weights of leaves, by tree and node. */
  record Leaves(long[] treeIds, long[] nodeIds, float[] weights) {}

  private record Key(long tree, long node) {}

  /**
   * Returns the trees, every one of whose nodes is reached exactly once from its root, the first of its nodes.
   *
   * @param features how many inputs there are
   * @param where the file, for messages
   */
  TreeTable link(Leaves leaves, float base, int features, String where) throws ModelRejectedException {
    int n = treeIds.length;
    Map<Key, Integer> rows = new HashMap<>(2 * n);
    int[] roots = new int[Math.min(n, MOST_TREES + 1)];
    int trees = 0;
    for (int row = 0; row < n; row++) {
      if (row == 0 || treeIds[row] != treeIds[row - 1]) {
        if (trees == MOST_TREES) {
          throw reject(where, "it has more than %d trees".formatted(MOST_TREES));
        }
        roots[trees++] = row;
      }
      if (rows.put(new Key(treeIds[row], nodeIds[row]), row) != null) {
        throw reject(where, "%s stands twice".formatted(name(row)));
      }
    }
    float[] values = value.clone();
    boolean[] hasWeight = new boolean[n];
    for (int i = 0; i < leaves.weights.length; i++) {
      Integer row = rows.get(new Key(leaves.treeIds[i], leaves.nodeIds[i]));
      if (row == null || !isLeaf(row) || hasWeight[row]) {
        throw reject(
            where,
            "weight %d belongs to tree %d node %d, which is no leaf without one"
                .formatted(i, leaves.treeIds[i], leaves.nodeIds[i]));
      }
      hasWeight[row] = true;
      values[row] = leaves.weights[i];
    }
    int[] isTrue = new int[n];
    int[] isFalse = new int[n];
    int[] feature = new int[n];
    boolean[] missing = new boolean[n];
    int[] depth = new int[n];
    Arrays.fill(depth, -1);
    for (int t = 0; t < trees; t++) {
      depth[roots[t]] = 0;
    }
    int deepest = 0;
    int reached = trees;
    int[] open = Arrays.copyOf(roots, n);
    int size = trees;
    while (size > 0) {
      int row = open[--size];
      if (isLeaf(row)) {
        if (!hasWeight[row]) {
          throw reject(where, "leaf %s has no weight".formatted(name(row)));
        }
        isTrue[row] = -1;
        isFalse[row] = -1;
        continue;
      }
      if (!modes.get(row).equals("BRANCH_LT")) {
        throw reject(where, "%s has mode '%.20s'; expected BRANCH_LT or LEAF".formatted(name(row), modes.get(row)));
      }
      if (this.feature[row] < 0 || this.feature[row] >= features) {
        throw reject(where, "%s compares input %d, which is outside 0..%d".formatted(name(row), this.feature[row], features - 1));
      }
      if (missingTrue[row] != 0 && missingTrue[row] != 1) {
        throw reject(where, "%s sends missing values to %d; expected 0 or 1".formatted(name(row), missingTrue[row]));
      }
      feature[row] = (int) this.feature[row];
      missing[row] = missingTrue[row] == 1;
      isTrue[row] = child(rows, row, whenTrue[row], "true", where);
      isFalse[row] = child(rows, row, whenFalse[row], "false", where);
      for (int child : new int[] {isTrue[row], isFalse[row]}) {
        if (depth[child] >= 0) {
          throw reject(where, "%s is reached twice: the nodes are no tree".formatted(name(child)));
        }
        depth[child] = depth[row] + 1;
        if (depth[child] > DEEPEST) {
          throw reject(where, "%s lies deeper than %d".formatted(name(child), DEEPEST));
        }
        deepest = Math.max(deepest, depth[child]);
        reached++;
        open[size++] = child;
      }
    }
    if (reached != n) {
      throw reject(where, "%d of %d nodes are not reached from a root".formatted(n - reached, n));
    }
    return new TreeTable(Arrays.copyOf(roots, trees), feature, values, isTrue, isFalse, missing, base, deepest);
  }

  private boolean isLeaf(int row) {
    return modes.get(row).equals("LEAF");
  }

  private int child(Map<Key, Integer> rows, int row, long id, String way, String where) throws ModelRejectedException {
    Integer child = rows.get(new Key(treeIds[row], id));
    if (child == null) {
      throw reject(where, "%s: %s-branch id %d is no node of its tree".formatted(name(row), way, id));
    }
    return child;
  }

  private String name(int row) {
    return "tree %d node %d".formatted(treeIds[row], nodeIds[row]);
  }

  private static ModelRejectedException reject(String where, String reason) {
    return new ModelRejectedException("E-MODEL-014", where, reason);
  }
}
