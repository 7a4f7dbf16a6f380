package io.stopcast.model;

import java.util.Arrays;

/**
 * A forest of shallow trees, laid out so that a row goes down eight trees at once and without a branch.
 *
 * <p>Eight trees form a block, each filled up to the depth of the deepest. A block holds its levels one after the other, as
 * one heap with eight roots: these at 8 to 15, the children of position {@code i} at {@code 2i} and {@code 2i+1}. The eight
 * ways do not depend on each other, so the processor follows them in parallel. [1] has the idea, with rows in the place of trees.
 *
 * <p>What is compared are integers. Each value that the trees ask for is turned once into a <i>key</i>, which orders as the numbers
 * do, and the sign of one difference tells which way to go. That takes half the instructions of comparing floats, where each of the
 * 500 nodes on a row's ways had to look for NaN. The keys take memory of the thread's own, 1 kB for 57 features.
 *
 * <ul>
 *   <li>The bits of a float order as the numbers do, once those of a negative one but for its sign are turned round; but the
 *       negative zero is below the positive one. A threshold of zero is taken for the negative one, so that neither is below it.
 *   <li>A feature has two keys, which differ for NaN alone: it is below all numbers where it goes to the true child, and above
 *       them where it goes to the false one.
 *   <li>One node is one long: the threshold's key times 2<sup>31</sup>, so that no difference overflows, and in the lower bits
 *       where the key is that it is compared with. Those of a row's keys are all set, so that one that is equal is not below.
 * </ul>
 *
 * <p>[1] Asadi, Lin, de Vries, "Runtime Optimizations for Tree-Based Machine Learning Models", IEEE TKDE 26(9), 2014:
 * predication and interleaving.
 */
final class HeapForest implements Forest {
  private static final int LANES = 8;
  private static final int KEY_SHIFT = 31;
  private static final long LOWER_BITS = (1L << KEY_SHIFT) - 1;
  private static final long BELOW_ALL = (long) Integer.MIN_VALUE << KEY_SHIFT;
  private static final long ABOVE_ALL = -BELOW_ALL;

  /** The keys of the row that is scored: one array for each thread, its length a power of two, grown where trees ask for more features. */
  private static final ThreadLocal<long[]> KEYS = ThreadLocal.withInitial(() -> new long[128]);

  private final float base;

  /** The features that the trees ask for; where they stand here is where their keys are. */
  private final char[] asked;

  private final byte[] depths;
  private final long[][] nodes;
  private final float[][] leaves;

  HeapForest(Ensemble ensemble) {
    int blocks = blocks(ensemble);
    base = ensemble.base();
    int[] positions = new int[ensemble.features()];
    asked = asked(ensemble, positions);
    depths = new byte[blocks];
    nodes = new long[blocks][];
    leaves = new float[blocks][];
    for (int b = 0; b < blocks; b++) {
      depths[b] = (byte) depth(ensemble, b);
      leaves[b] = new float[LANES << depths[b]];
      nodes[b] = new long[leaves[b].length];
      for (int lane = 0; lane < LANES && b * LANES + lane < ensemble.trees(); lane++) {
        place(ensemble, positions, ensemble.root(b * LANES + lane), b, LANES + lane);
      }
    }
  }

  /** Returns the features that the trees ask for, and writes down where each stands among them. */
  private static char[] asked(Ensemble ensemble, int[] positions) {
    char[] asked = new char[positions.length];
    boolean[] isAsked = new boolean[positions.length];
    for (int n = 0; n < ensemble.nodes(); n++) {
      if (!ensemble.isLeaf(n)) {
        isAsked[ensemble.feature(n)] = true;
      }
    }
    int count = 0;
    for (int f = 0; f < positions.length; f++) {
      if (isAsked[f]) {
        asked[count] = (char) f;
        positions[f] = count++;
      }
    }
    return Arrays.copyOf(asked, count);
  }

  /** How many nodes and leaves the layout would take, whatever that is. */
  static long slots(Ensemble ensemble) {
    long slots = 0;
    for (int b = 0; b < blocks(ensemble); b++) {
      slots += (long) LANES << Math.min(depth(ensemble, b), 32);
    }
    return slots;
  }

  private static int blocks(Ensemble ensemble) {
    return (ensemble.trees() + LANES - 1) / LANES;
  }

  private static int depth(Ensemble ensemble, int block) {
    int depth = 0;
    for (int t = block * LANES; t < Math.min(ensemble.trees(), (block + 1) * LANES); t++) {
      depth = Math.max(depth, ensemble.depth(t));
    }
    return depth;
  }

  /** Puts a node and all below it where they belong, from position {@code i} on; a leaf that ends early fills all leaves below it. */
  private void place(Ensemble ensemble, int[] positions, int n, int block, int i) {
    long[] own = nodes[block];
    if (i >= own.length) {
      leaves[block][i - own.length] = ensemble.value(n);
      return;
    }
    int ifTrue = n;
    int ifFalse = n;
    if (!ensemble.isLeaf(n)) {
      int at = 2 * positions[ensemble.feature(n)] + (ensemble.missingIsTrue(n) ? 0 : 1);
      float threshold = ensemble.value(n) == 0 ? -0f : ensemble.value(n);
      own[i] = (long) key(threshold) << KEY_SHIFT | at;
      ifTrue = ensemble.ifTrue(n);
      ifFalse = ensemble.ifFalse(n);
    }
    place(ensemble, positions, ifTrue, block, 2 * i);
    place(ensemble, positions, ifFalse, block, 2 * i + 1);
  }

  /** An integer that orders as numbers do: from -7f800000 to 7f800000 unless the value is NaN. */
  private static int key(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits ^ bits >> 31 & Integer.MAX_VALUE;
  }

  private long[] keys(float[] row) {
    long[] keys = KEYS.get();
    if (keys.length < 2 * asked.length) {
      keys = new long[Integer.highestOneBit(2 * asked.length - 1) << 1];
      KEYS.set(keys);
    }
    int at = 0;
    for (char feature : asked) {
      float value = row[feature];
      long key = (long) key(value) << KEY_SHIFT | LOWER_BITS;
      boolean missing = Float.isNaN(value);
      keys[at] = missing ? BELOW_ALL : key;
      keys[at + 1] = missing ? ABOVE_ALL : key;
      at += 2;
    }
    return keys;
  }

  @Override
  public float margin(float[] row) {
    long[] keys = keys(row);
    float sum = 0;
    for (int b = 0; b < nodes.length; b++) {
      long[] own = nodes[b];
      int i0 = LANES;
      int i1 = LANES + 1;
      int i2 = LANES + 2;
      int i3 = LANES + 3;
      int i4 = LANES + 4;
      int i5 = LANES + 5;
      int i6 = LANES + 6;
      int i7 = LANES + 7;
      for (int below = depths[b]; below > 0; below--) {
        i0 = 2 * i0 + second(own[i0], keys);
        i1 = 2 * i1 + second(own[i1], keys);
        i2 = 2 * i2 + second(own[i2], keys);
        i3 = 2 * i3 + second(own[i3], keys);
        i4 = 2 * i4 + second(own[i4], keys);
        i5 = 2 * i5 + second(own[i5], keys);
        i6 = 2 * i6 + second(own[i6], keys);
        i7 = 2 * i7 + second(own[i7], keys);
      }
      // Lanes beyond the last tree add +0, which changes no bit: a sum that starts at +0 is never -0.
      float[] values = leaves[b];
      int first = own.length;
      sum += values[i0 - first];
      sum += values[i1 - first];
      sum += values[i2 - first];
      sum += values[i3 - first];
      sum += values[i4 - first];
      sum += values[i5 - first];
      sum += values[i6 - first];
      sum += values[i7 - first];
    }
    return sum + base;
  }

  /** Returns 1 if the row goes to the false child of a node, else 0. Taking the rest by a power of two spares a check of the bounds. */
  private static int second(long node, long[] keys) {
    return (int) (node - keys[(int) node & keys.length - 1] >>> 63);
  }
}
