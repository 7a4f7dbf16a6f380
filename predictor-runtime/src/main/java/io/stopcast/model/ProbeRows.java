package io.stopcast.model;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Rows at which scorers are most likely to differ: NaN, infinities, both zeros, thresholds and their neighbours. */
final class ProbeRows {
  private static final float[] SPECIAL = {
    Float.NaN, // as Java writes it
    Float.intBitsToFloat(0xffc00000), // as x86 makes it from 0/0
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE
  };

  private final float[][] thresholds;
  private final RandomGenerator random;

  ProbeRows(Ensemble ensemble, RandomGenerator random) {
    this.random = random;
    thresholds = new float[ensemble.features()][0];
    int[] count = new int[ensemble.features()];
    for (int n = 0; n < ensemble.nodes(); n++) {
      if (!ensemble.isLeaf(n)) {
        count[ensemble.feature(n)]++;
      }
    }
    for (int f = 0; f < count.length; f++) {
      thresholds[f] = new float[count[f]];
    }
    for (int n = 0; n < ensemble.nodes(); n++) {
      if (!ensemble.isLeaf(n)) {
        int f = ensemble.feature(n);
        thresholds[f][--count[f]] = ensemble.value(n);
      }
    }
    for (float[] values : thresholds) {
      Arrays.sort(values);
    }
  }

  float[] next() {
    float[] row = new float[thresholds.length];
    for (int f = 0; f < row.length; f++) {
      row[f] = value(thresholds[f]);
    }
    return row;
  }

  private float value(float[] own) {
    int kind = random.nextInt(16);
    if (kind < 3) {
      return SPECIAL[random.nextInt(SPECIAL.length)];
    }
    if (kind < 5) {
      return Float.NaN;
    }
    if (kind < 13 && own.length > 0) {
      float threshold = own[random.nextInt(own.length)];
      return switch (random.nextInt(4)) {
        case 0 -> threshold;
        case 1 -> Math.nextUp(threshold);
        case 2 -> Math.nextDown(threshold);
        default -> threshold + (own[own.length - 1] - own[0]) * (random.nextFloat() - 0.5f);
      };
    }
    return kind < 15 ? (float) random.nextGaussian() : Float.intBitsToFloat(random.nextInt());
  }
}
