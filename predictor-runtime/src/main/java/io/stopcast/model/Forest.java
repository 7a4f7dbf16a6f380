package io.stopcast.model;

/** Trees in a layout made for scoring; immutable, allocates nothing when asked. */
interface Forest {
  /** The most slots that a {@link HeapForest} may take: 12 MiB. Beyond, it outgrows the caches and loses its point. */
  int MAX_HEAP_SLOTS = 1 << 20;

  /**
   * Returns the sum of one leaf of each tree, in float32 and in the order of the trees, and then the base: the order of
   * ONNX Runtime with one thread, for one row as for many, so that both give the same bits.
   *
   * @param row at least as many values as the ensemble has features
   */
  float margin(float[] row);

  static Forest of(Ensemble ensemble) {
    return HeapForest.slots(ensemble) <= MAX_HEAP_SLOTS ? new HeapForest(ensemble) : new LinkedForest(ensemble);
  }
}
