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

  /** Trees that all begin by asking the same are laid out by halves, of which a row needs one. */
  static Forest of(Ensemble ensemble) {
    return ensemble.trees() > 1 && ensemble.beginsAlike()
        ? new HalvedForest(ensemble, laidOut(ensemble.half(true)), laidOut(ensemble.half(false)))
        : laidOut(ensemble);
  }

  private static Forest laidOut(Ensemble ensemble) {
    return HeapForest.slots(ensemble) <= MAX_HEAP_SLOTS ? new HeapForest(ensemble) : new LinkedForest(ensemble);
  }
}
