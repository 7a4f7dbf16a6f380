package io.stopcast.model;

/** A forest of trees that are deep and sparse: node by node, tree by tree, from child to child. */
final class LinkedForest implements Forest {
  private final Ensemble ensemble;

  LinkedForest(Ensemble ensemble) {
    this.ensemble = ensemble;
  }

  @Override
  public float margin(float[] row) {
    float sum = 0;
    for (int t = 0; t < ensemble.trees(); t++) {
      int n = ensemble.root(t);
      while (!ensemble.isLeaf(n)) {
        n = ensemble.isTrue(n, row) ? ensemble.ifTrue(n) : ensemble.ifFalse(n);
      }
      sum += ensemble.value(n);
    }
    return sum + ensemble.base();
  }
}
