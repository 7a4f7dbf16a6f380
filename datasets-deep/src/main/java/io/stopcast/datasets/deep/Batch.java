package io.stopcast.datasets.deep;

import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;

/**
 * Examples that go through a network at once.
 *
 * @param inputs numbers ({@code FloatBuffer}) or tokens ({@code LongBuffer}), example after example
 * @param shape the inputs' shape; the first axis are the examples
 * @param targets the right classes, as many for each example; {@link #UNASKED} where nothing is asked
 * @param cost what training on it costs, in the family's unit
 */
record Batch(Buffer inputs, Shape shape, int[] targets, long cost) {
  static final int UNASKED = -1;

  int examples() {
    return Math.toIntExact(shape.get(0));
  }
}
