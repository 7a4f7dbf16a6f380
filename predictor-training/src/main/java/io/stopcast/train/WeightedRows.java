package io.stopcast.train;

/**
 * What trees are grown on. The arrays are shared and must not be changed.
 *
 * @param features one array a row; NaN is missing
 * @param width how many values a row has: as many as its feature schema
 * @param labels 1 where stopping was right, 0 where going on was; one a row
 * @param weights one a row, positive
 * @param description what they were made from, for the provenance
 */
record WeightedRows(float[][] features, int width, float[] labels, float[] weights, String description) {
  int size() {
    return labels.length;
  }
}
