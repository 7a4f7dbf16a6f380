package io.stopcast.train;

/**
 * What trees are grown on. The arrays are shared and must not be changed.
 *
 * @param features one array a row, of as many values as its feature schema has; NaN is missing
 * @param labels 1 where stopping was right, 0 where going on was; one a row
 * @param weights one a row, positive
 * @param description what they were made from, for the provenance
 */
record WeightedRows(float[][] features, float[] labels, float[] weights, String description) {
  int size() {
    return labels.length;
  }

  /** How many values a row has; there must be a row. */
  int width() {
    return features[0].length;
  }
}
