package io.stopcast.datasets.deep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Where the arrays of a network's weights lie in one flat vector, and how they start.
 *
 * <p>One vector, so that a step's gradient comes out of the engine in one piece, and its norm, clipping and the
 * optimiser are plain loops in Java.
 */
final class Layout {
  private record Part(Shape shape, float mean, double deviation) {}

  private final List<Part> parts = new ArrayList<>();

  /** Adds an array of normally distributed weights. */
  Layout random(double deviation, long... shape) {
    parts.add(new Part(new Shape(shape), 0, deviation));
    return this;
  }

  /** Adds an array of weights that all start the same. */
  Layout constant(float value, long... shape) {
    parts.add(new Part(new Shape(shape), value, 0));
    return this;
  }

  /** How many weights there are. */
  int size() {
    return Math.toIntExact(parts.stream().mapToLong(part -> part.shape().size()).sum());
  }

  /** First weights; drawn in Java, so that they are the same on every machine. */
  float[] draw(Random random) {
    float[] weights = new float[size()];
    int at = 0;
    for (Part part : parts) {
      for (int end = at + (int) part.shape().size(); at < end; at++) {
        weights[at] = part.mean() + (part.deviation() > 0 ? (float) (part.deviation() * random.nextGaussian()) : 0);
      }
    }
    return weights;
  }

  /** The arrays, in the order in which they were added, as views into the flat vector. */
  NDList split(NDArray flat) {
    long[] ends = new long[parts.size() - 1];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += parts.get(i).shape().size();
      ends[i] = end;
    }
    NDList arrays = new NDList();
    NDList pieces = flat.split(ends, 0);
    for (int i = 0; i < parts.size(); i++) {
      arrays.add(pieces.get(i).reshape(parts.get(i).shape()));
    }
    return arrays;
  }
}
