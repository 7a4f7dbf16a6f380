package io.stopcast.datasets.deep;

import ai.djl.ndarray.types.Shape;
import io.stopcast.datasets.table.Seeds;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Square grey images with their classes.
 *
 * @param side height and width
 * @param pixels of each image, row after row, 0 to 1
 * @param labels of each image: its class, from 0
 */
record Images(int side, float[][] pixels, int[] labels) {
  int count() {
    return labels.length;
  }

  /** Those from one index up to, but not including, another. */
  Images range(int from, int to) {
    return new Images(side, Arrays.copyOfRange(pixels, from, to), Arrays.copyOfRange(labels, from, to));
  }

  /** The images at these indices, in this order. */
  Images pick(int[] indices) {
    float[][] chosen = new float[indices.length][];
    int[] classes = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = pixels[indices[i]];
      classes[i] = labels[indices[i]];
    }
    return new Images(side, chosen, classes);
  }

  /**
   * Draws the images that a run trains on.
   *
   * @param wanted how many; all if there are fewer
   * @param noise share of those drawn that are said to be of another class
   * @param classes how many classes there are
   */
  Images draw(int wanted, double noise, int classes, Random random) {
    Images drawn = pick(Arrays.copyOf(Seeds.permutation(count(), random), Math.min(wanted, count())));
    for (int i = 0; i < drawn.count(); i++) {
      if (random.nextDouble() < noise) {
        drawn.labels[i] = (drawn.labels[i] + 1 + random.nextInt(classes - 1)) % classes;
      }
    }
    return drawn;
  }

  /** All of them at once, from -1 to 1; each costs one. */
  Batch batch() {
    FloatBuffer inputs = FloatBuffer.allocate(count() * side * side);
    for (float[] image : pixels) {
      for (float pixel : image) {
        inputs.put(2 * pixel - 1);
      }
    }
    return new Batch(inputs.rewind(), new Shape(count(), 1, side, side), labels, count());
  }
}
