package io.stopcast.model;

/**
 * Trees laid out for speed, and the base value.
 *
 * <p>Every tree is filled up to the depth of the deepest one, so that each takes the same number of steps and needs no
 * links: the children of node i are 2i+1 and 2i+2. Four trees go down side by side, which hides the latency of memory.
 * A missing value is looked up twice: a row is widened to 2F values, in whose first half NaN stands as -infinity, which is
 * smaller than every threshold and goes to the true side, and in whose second half as +infinity, which goes to the false
 * side; a node's feature index says which half it wants. See Asadi et al., "Runtime Optimizations for Tree-Based Machine
 * Learning Models", 2014. The leaves are added in the order of the trees and the base value at last, as ONNX Runtime does
 * on one thread, so that the sums agree bit for bit.
 *
 * <p>Immutable and safe for any number of threads; a call allocates nothing but a row's width, once a thread.
 */
final class Forest {
  /** The deepest tree that is filled up; memory doubles with each level. */
  static final int DEEPEST = 12;

  private final int featureCount;
  private final int depth;
  private final int trees;
  private final int[] feature; // [tree][heap node], in the widened row
  private final float[] threshold;
  private final float[] leaf; // [tree][position at the lowest level]
  private final float base;
  private final ThreadLocal<float[]> wide;

  private Forest(int featureCount, int depth, int trees, float base) {
    this.featureCount = featureCount;
    this.depth = depth;
    this.trees = trees;
    this.base = base;
    feature = new int[trees * inner()];
    threshold = new float[trees * inner()];
    leaf = new float[trees * (inner() + 1)];
    wide = ThreadLocal.withInitial(() -> new float[2 * featureCount]);
  }

  private int inner() {
    return (1 << depth) - 1;
  }

  /** Lays out checked trees, none deeper than {@link #DEEPEST}. */
  static Forest of(TreeTable table, int featureCount) {
    Forest forest = new Forest(featureCount, table.depth(), table.roots().length, table.base());
    for (int t = 0; t < forest.trees; t++) {
      forest.fill(table, t, 0, 0, table.roots()[t]);
    }
    return forest;
  }

  private void fill(TreeTable table, int tree, int position, int level, int row) {
    if (level == depth) {
      leaf[tree * (inner() + 1) + position - inner()] = table.value()[row];
      return;
    }
    int at = tree * inner() + position;
    if (table.isLeaf(row)) {
      // Both ways lead to copies of the leaf: any comparison will do.
      fill(table, tree, 2 * position + 1, level + 1, row);
      fill(table, tree, 2 * position + 2, level + 1, row);
    } else {
      feature[at] = table.feature()[row] + (table.missingTrue()[row] ? 0 : featureCount);
      threshold[at] = table.value()[row];
      fill(table, tree, 2 * position + 1, level + 1, table.whenTrue()[row]);
      fill(table, tree, 2 * position + 2, level + 1, table.whenFalse()[row]);
    }
  }

  float margin(float[] features) {
    if (features.length != featureCount) {
      throw new IllegalArgumentException(
          "the model takes %d features, but was given %d".formatted(featureCount, features.length));
    }
    float[] row = wide.get();
    for (int i = 0; i < featureCount; i++) {
      float x = features[i];
      boolean missing = Float.isNaN(x);
      row[i] = missing ? Float.NEGATIVE_INFINITY : x;
      row[i + featureCount] = missing ? Float.POSITIVE_INFINITY : x;
    }
    float sum = 0;
    int size = inner();
    int tree = 0;
    for (; tree + 4 <= trees; tree += 4) {
      int o0 = tree * size;
      int o1 = o0 + size;
      int o2 = o1 + size;
      int o3 = o2 + size;
      int i0 = 0;
      int i1 = 0;
      int i2 = 0;
      int i3 = 0;
      for (int d = 0; d < depth; d++) {
        i0 = 2 * i0 + (row[feature[o0 + i0]] < threshold[o0 + i0] ? 1 : 2);
        i1 = 2 * i1 + (row[feature[o1 + i1]] < threshold[o1 + i1] ? 1 : 2);
        i2 = 2 * i2 + (row[feature[o2 + i2]] < threshold[o2 + i2] ? 1 : 2);
        i3 = 2 * i3 + (row[feature[o3 + i3]] < threshold[o3 + i3] ? 1 : 2);
      }
      // The leaves of tree t start at t * (size + 1), and position i stands for leaf i - size.
      sum += leaf[o0 + tree + i0 - size];
      sum += leaf[o1 + tree + 1 + i1 - size];
      sum += leaf[o2 + tree + 2 + i2 - size];
      sum += leaf[o3 + tree + 3 + i3 - size];
    }
    for (; tree < trees; tree++) {
      int o = tree * size;
      int i = 0;
      for (int d = 0; d < depth; d++) {
        i = 2 * i + (row[feature[o + i]] < threshold[o + i] ? 1 : 2);
      }
      sum += leaf[o + tree + i - size];
    }
    return sum + base;
  }
}
