package io.stopcast.model;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import java.util.Arrays;

/**
 * Exact Shapley values of a forest's margin, in polynomial time.
 *
 * <p>A feature that is not known sends a row both ways, in the shares in which training rows went: the path-dependent
 * algorithm 2 of [1]. It walks each tree once. On the way to a leaf it keeps, for each feature met, the share of rows that
 * would come along if the feature were unknown, whether the row at hand comes along, and the weights of all subsets by
 * their size; at the leaf each feature's share is unwound from those weights. O(leaves x depth<sup>2</sup>) for a row.
 *
 * <p>Where a tree asks first how many earlier runs there are, it is two in one, and that number is no feature to be explained:
 * what follows is explained given the answer.
 *
 * <p>Immutable; an explanation takes scratch memory of its own.
 *
 * <p>[1] Lundberg, Erion, Lee, "Consistent Individualized Feature Attribution for Tree Ensembles", 2018; Lundberg et al.,
 * "From local explanations to global understanding with explainable AI for trees", 2020.
 */
final class TreeShap {
  /** Leaves x depth<sup>2</sup>, at most: about a second. No trained model comes near, a stranger's file might. */
  static final long MOST_WORK = 1L << 27;

  /** 1 / i: dividing is what takes time here. */
  private static final double[] INVERSE = new double[Ensemble.MAX_DEPTH + 3];

  static {
    Arrays.setAll(INVERSE, i -> 1.0 / i);
  }

  private final FeatureSchema schema;
  private final Ensemble ensemble;
  private final double[] toTrue;
  private final double[] means;
  private final int given;
  private final int deepest;

  /**
   * @throws IllegalArgumentException if the covers are not those of the trees, or the trees are too many to explain
   */
  TreeShap(FeatureSchema schema, Ensemble ensemble, Covers covers) {
    this.schema = schema;
    this.ensemble = ensemble;
    toTrue = new double[ensemble.nodes()];
    int branches = 0;
    for (int n = 0; n < toTrue.length; n++) {
      if (!ensemble.isLeaf(n)) {
        toTrue[n] = branches < covers.size() ? covers.toTrue(branches) : Double.NaN;
        branches++;
      }
    }
    if (branches != covers.size()) {
      throw new IllegalArgumentException(
          "it has covers of %d branches, but the trees have %d".formatted(covers.size(), branches));
    }
    given = schema.names().indexOf(FeatureExtractor.RUNS);
    means = new double[ensemble.nodes()];
    int depth = 0;
    for (int t = 0; t < ensemble.trees(); t++) {
      mean(ensemble.root(t));
      depth = Math.max(depth, ensemble.depth(t));
    }
    deepest = depth;
    long work = (long) (ensemble.nodes() - branches) * depth * depth;
    if (work > MOST_WORK) {
      throw new IllegalArgumentException(
          "%d leaves of trees %d deep are too many to be explained; leave the covers out"
              .formatted(ensemble.nodes() - branches, depth));
    }
  }

  private double mean(int n) {
    means[n] =
        ensemble.isLeaf(n)
            ? ensemble.value(n)
            : toTrue[n] * mean(ensemble.ifTrue(n)) + (1 - toTrue[n]) * mean(ensemble.ifFalse(n));
    return means[n];
  }

  Attribution explain(float[] row) {
    Walk walk = new Walk(row.clone());
    double base = ensemble.base();
    for (int t = 0; t < ensemble.trees(); t++) {
      int n = ensemble.root(t);
      if (!ensemble.isLeaf(n) && ensemble.feature(n) == given) {
        n = ensemble.isTrue(n, row) ? ensemble.ifTrue(n) : ensemble.ifFalse(n);
      }
      base += means[n];
      walk.go(n, 0, 0, 1, true, -1);
    }
    return new Attribution(schema, base, walk.parts, walk.row);
  }

  /**
   * One row on its way. The path to a node lies in the arrays from {@code start} on, the path to its child behind it:
   * each is a copy of the one before, and one longer.
   */
  private final class Walk {
    final float[] row;
    final double[] parts = new double[schema.size()];
    final int[] feature = new int[(deepest + 2) * (deepest + 3) / 2];
    final double[] unknown = new double[feature.length];
    final boolean[] along = new boolean[feature.length];
    final double[] weight = new double[feature.length];

    Walk(float[] row) {
      this.row = row;
    }

    /**
     * @param start where the parent's path begins
     * @param length how many features it has, the empty one at its start included
     * @param share of rows that come here from the last branch if its feature is unknown
     * @param comes whether the row at hand does
     * @param last the last branch's feature
     */
    void go(int n, int start, int length, double share, boolean comes, int last) {
      int own = start + length;
      for (int i = 0; i < length; i++) { // too short for arraycopy to pay
        feature[own + i] = feature[start + i];
        unknown[own + i] = unknown[start + i];
        along[own + i] = along[start + i];
        weight[own + i] = weight[start + i];
      }
      extend(own, length, share, comes, last);
      if (ensemble.isLeaf(n)) {
        leaf(own, length, ensemble.value(n));
        return;
      }
      int asked = ensemble.feature(n);
      double shareBefore = 1;
      boolean alongBefore = true;
      int size = length + 1;
      for (int i = 1; i < size; i++) {
        if (feature[own + i] == asked) { // asked for the second time: both answers count as one
          shareBefore = unknown[own + i];
          alongBefore = along[own + i];
          unwind(own, length, i);
          size--;
          break;
        }
      }
      boolean isTrue = ensemble.isTrue(n, row);
      go(ensemble.ifTrue(n), own, size, toTrue[n] * shareBefore, alongBefore && isTrue, asked);
      go(ensemble.ifFalse(n), own, size, (1 - toTrue[n]) * shareBefore, alongBefore && !isTrue, asked);
    }

    private void extend(int own, int length, double share, boolean comes, int last) {
      feature[own + length] = last;
      unknown[own + length] = share;
      along[own + length] = comes;
      weight[own + length] = length == 0 ? 1 : 0;
      double perSize = INVERSE[length + 1];
      for (int i = length - 1; i >= 0; i--) {
        if (comes) {
          weight[own + i + 1] += weight[own + i] * (i + 1) * perSize;
        }
        weight[own + i] *= share * (length - i) * perSize;
      }
    }

    /** Takes the {@code k}-th feature out of a path of {@code length} features and the empty one. */
    private void unwind(int own, int length, int k) {
      double share = unknown[own + k];
      double next = weight[own + length];
      for (int i = length - 1; i >= 0; i--) {
        double w = weight[own + i];
        if (along[own + k]) {
          weight[own + i] = next * (length + 1) / (i + 1);
          next = w - weight[own + i] * share * (length - i) / (length + 1);
        } else {
          weight[own + i] = w * (length + 1) / (share * (length - i));
        }
      }
      for (int i = own + k; i < own + length; i++) {
        feature[i] = feature[i + 1];
        unknown[i] = unknown[i + 1];
        along[i] = along[i + 1];
      }
    }

    /**
     * Adds to each feature's part what a leaf gives it: the sum of the weights that {@link #unwind} would leave, times
     * by how much the feature changes the share that comes along, times the leaf's value. Where the row does not come
     * along, the share cancels out, and all such features get the same.
     */
    private void leaf(int own, int length, double value) {
      double away = 0;
      for (int i = 0; i < length; i++) {
        away += weight[own + i] * INVERSE[length - i];
      }
      double all = (length + 1) * value;
      for (int k = own + 1; k <= own + length; k++) {
        if (!along[k]) {
          parts[feature[k]] -= away * all;
          continue;
        }
        double share = unknown[k];
        double next = weight[own + length];
        double sum = 0;
        for (int i = length - 1; i >= 0; i--) {
          double w = next * INVERSE[i + 1];
          sum += w;
          next = weight[own + i] - w * share * (length - i);
        }
        parts[feature[k]] += sum * (1 - share) * all;
      }
    }
  }
}
