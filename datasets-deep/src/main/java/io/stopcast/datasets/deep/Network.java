package io.stopcast.datasets.deep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** What a network computes; its weights are kept elsewhere. */
interface Network {
  /** Its weights. */
  Layout layout();

  /** How many classes it tells apart. */
  int classes();

  /**
   * The logarithms of the classes' probabilities, but for a constant.
   *
   * @param weights the arrays of {@link #layout}
   * @param inputs what {@link Batch#inputs} holds
   * @return an array whose last axis are the classes and whose others are the {@link Batch#targets}
   */
  NDArray scores(NDList weights, NDArray inputs);
}
