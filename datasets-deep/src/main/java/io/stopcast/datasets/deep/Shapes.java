package io.stopcast.datasets.deep;

import java.util.Random;

/**
 * Figures and patterns that are drawn at random places and sizes, in any grey on any other, under noise: four outlines
 * and four textures, told apart by form only.
 */
final class Shapes {
  static final int CLASSES = 8;

  private static final int SIDE = 12;
  private static final double NOISE = 0.12;

  private Shapes() {}

  static Images draw(int count, Random random) {
    float[][] pixels = new float[count][];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(CLASSES);
      pixels[i] = image(labels[i], random);
    }
    return new Images(SIDE, pixels, labels);
  }

  private static float[] image(int kind, Random random) {
    int radius = 3 + random.nextInt(2);
    int centreX = radius + random.nextInt(SIDE - 2 * radius);
    int centreY = radius + random.nextInt(SIDE - 2 * radius);
    int phase = random.nextInt(4);
    double paper = random.nextDouble();
    double contrast = 0.25 + 0.5 * random.nextDouble();
    double ink = paper < 0.5 ? paper + contrast : paper - contrast;
    float[] pixels = new float[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean inked = isInked(kind, x - centreX, y - centreY, radius, phase);
        double grey = (inked ? ink : paper) + NOISE * random.nextGaussian();
        pixels[y * SIDE + x] = (float) Math.max(0, Math.min(grey, 1));
      }
    }
    return pixels;
  }

  /** Whether a point is part of the figure, by how far right of and below the centre it lies. */
  private static boolean isInked(int kind, int right, int below, int radius, int phase) {
    int far = Math.max(Math.abs(right), Math.abs(below));
    double distance = Math.sqrt(right * right + below * below);
    switch (kind) {
      case 0: // disc
        return distance <= radius;
      case 1: // ring
        return Math.abs(distance - radius) < 0.7;
      case 2: // frame
        return far == radius;
      case 3: // cross
        return far <= radius && (right == 0 || below == 0);
      case 4: // rows
        return far <= radius && Math.floorMod(below + phase, 2) == 0;
      case 5: // columns
        return far <= radius && Math.floorMod(right + phase, 2) == 0;
      case 6: // falling stripes
        return far <= radius && Math.floorMod(right - below + phase, 4) < 2;
      default: // rising stripes
        return far <= radius && Math.floorMod(right + below + phase, 4) < 2;
    }
  }
}
