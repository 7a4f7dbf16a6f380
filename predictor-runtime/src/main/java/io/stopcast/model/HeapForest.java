package io.stopcast.model;

/**
 * A forest of shallow trees, laid out so that a row goes down eight trees at once and without a branch.
 *
 * <p>Eight trees form a block, each filled up to the depth of the deepest. A block holds its levels one after the
 * other: first the eight roots, then their sixteen children, and so on, as one heap with eight roots; the child of
 * position {@code p} in one level is position {@code 2p} or {@code 2p+1} in the next. The eight ways do not depend on
 * each other, so the processor follows them in parallel, and positions stay in registers: nothing is allocated, no
 * thread needs memory of its own. [1] has the idea, with rows in the place of trees.
 *
 * <p>One node is one long: the threshold's bits above, below them the feature and the sign bit, which is set if a NaN
 * goes to the false child. A comparison looks at the bits of {@code d = x - threshold}:
 *
 * <ul>
 *   <li>Subtraction is exact in sign, as float32 has gradual underflow. A threshold of zero is stored as -0, so that
 *       {@code d} is never -0 and the sign bit alone tells {@code x < threshold}.
 *   <li>Read as unsigned, 0..7f800000 are the numbers from 0 to infinity; what is above is negative or NaN. So where a
 *       NaN goes to the true child, {@code d <= 7f800000} picks the false one.
 *   <li>Where a NaN goes to the false child, the sign is flipped first: then {@code d <= 7f800000} picks the true one,
 *       and the children are stored the other way round.
 * </ul>
 *
 * <p>[1] Asadi, Lin, de Vries, "Runtime Optimizations for Tree-Based Machine Learning Models", IEEE TKDE 26(9), 2014:
 * predication and interleaving.
 */
final class HeapForest implements Forest {
  private static final int LANES = 8;
  private static final int FALSE_ON_NAN = 0x80000000;
  private static final long INFINITY_BITS = 0x7f800000L;

  private final float base;
  private final byte[] depths;
  private final long[] nodes;
  private final float[] leaves;

  HeapForest(Ensemble ensemble) {
    int blocks = blocks(ensemble);
    base = ensemble.base();
    depths = new byte[blocks];
    int leafCount = 0;
    for (int b = 0; b < blocks; b++) {
      depths[b] = (byte) depth(ensemble, b);
      leafCount += LANES << depths[b];
    }
    leaves = new float[leafCount];
    nodes = new long[leafCount - LANES * blocks];
    int nodeStart = 0;
    int leafStart = 0;
    for (int b = 0; b < blocks; b++) {
      for (int lane = 0; lane < LANES && b * LANES + lane < ensemble.trees(); lane++) {
        place(ensemble, ensemble.root(b * LANES + lane), nodeStart, leafStart, lane, LANES, depths[b]);
      }
      nodeStart += LANES * ((1 << depths[b]) - 1);
      leafStart += LANES << depths[b];
    }
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

  /**
   * Puts a node and all below it where they belong; a leaf that ends early fills all leaves below it.
   *
   * @param level where the node's level begins
   * @param p the node's position in its level
   * @param width how many positions the level has
   * @param below how many levels follow
   */
  private void place(Ensemble ensemble, int n, int level, int leafStart, int p, int width, int below) {
    if (below == 0) {
      leaves[leafStart + p] = ensemble.value(n);
      return;
    }
    int first = n;
    int second = n;
    if (!ensemble.isLeaf(n)) {
      boolean missingIsTrue = ensemble.missingIsTrue(n);
      float threshold = ensemble.value(n) == 0 ? -0f : ensemble.value(n);
      int code = ensemble.feature(n) | (missingIsTrue ? 0 : FALSE_ON_NAN);
      nodes[level + p] = (long) Float.floatToRawIntBits(threshold) << 32 | code & 0xffffffffL;
      first = missingIsTrue ? ensemble.ifTrue(n) : ensemble.ifFalse(n);
      second = missingIsTrue ? ensemble.ifFalse(n) : ensemble.ifTrue(n);
    }
    place(ensemble, first, level + width, leafStart, 2 * p, 2 * width, below - 1);
    place(ensemble, second, level + width, leafStart, 2 * p + 1, 2 * width, below - 1);
  }

  @Override
  public float margin(float[] row) {
    float sum = 0;
    int level = 0;
    int leaf = 0;
    for (byte depth : depths) {
      int p0 = 0;
      int p1 = 1;
      int p2 = 2;
      int p3 = 3;
      int p4 = 4;
      int p5 = 5;
      int p6 = 6;
      int p7 = 7;
      int width = LANES;
      for (int below = depth; below > 0; below--) {
        p0 = 2 * p0 + second(nodes[level + p0], row);
        p1 = 2 * p1 + second(nodes[level + p1], row);
        p2 = 2 * p2 + second(nodes[level + p2], row);
        p3 = 2 * p3 + second(nodes[level + p3], row);
        p4 = 2 * p4 + second(nodes[level + p4], row);
        p5 = 2 * p5 + second(nodes[level + p5], row);
        p6 = 2 * p6 + second(nodes[level + p6], row);
        p7 = 2 * p7 + second(nodes[level + p7], row);
        level += width;
        width <<= 1;
      }
      // Lanes beyond the last tree add +0, which changes no bit: a sum that starts at +0 is never -0.
      sum += leaves[leaf + p0];
      sum += leaves[leaf + p1];
      sum += leaves[leaf + p2];
      sum += leaves[leaf + p3];
      sum += leaves[leaf + p4];
      sum += leaves[leaf + p5];
      sum += leaves[leaf + p6];
      sum += leaves[leaf + p7];
      leaf += width;
    }
    return sum + base;
  }

  /** Returns 1 if the row goes to the second child of a node, else 0. */
  private static int second(long node, float[] row) {
    int code = (int) node;
    float d = row[code & ~FALSE_ON_NAN] - Float.intBitsToFloat((int) (node >>> 32));
    int bits = Float.floatToRawIntBits(d) ^ code & FALSE_ON_NAN;
    return (int) ((bits & 0xffffffffL) - (INFINITY_BITS + 1) >>> 63);
  }
}
