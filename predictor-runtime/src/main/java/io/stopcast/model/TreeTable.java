package io.stopcast.model;

/**
 * Checked trees as a table with one row a node.
 *
 * @param roots row of each tree's root, in the order in which leaves are added up
 * @param feature which input an inner node compares; unused for a leaf
 * @param value threshold of an inner node, weight of a leaf; finite
 * @param whenTrue row to go to where the input is less than the threshold; -1 for a leaf
 * @param whenFalse row to go to where it is not
 * @param missingTrue whether a missing input goes the true way
 * @param base what is added to the sum of leaves
 * @param depth of the deepest tree: 0 for a single leaf
 */
record TreeTable(
    int[] roots,
    int[] feature,
    float[] value,
    int[] whenTrue,
    int[] whenFalse,
    boolean[] missingTrue,
    float base,
    int depth) {
  boolean isLeaf(int row) {
    return whenTrue[row] < 0;
  }
}
