package io.stopcast.model;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Wire.Floats;
import java.util.Arrays;

/** The scorer in plain Java; nothing to close. */
final class ForestModel implements StopModel {
  private final FeatureSchema schema;
  private final TreeTable table;
  /** Null where trees are too deep to be filled up. */
  private final Forest forest;

  ForestModel(FeatureSchema schema, TreeTable table) {
    this.schema = schema;
    this.table = table;
    this.forest = table.depth() <= Forest.DEEPEST ? Forest.of(table, schema.size()) : null;
  }

  @Override
  public FeatureSchema schema() {
    return schema;
  }

  @Override
  public float margin(float[] features) {
    return forest != null ? forest.margin(features) : walk(features);
  }

  /** Link by link, node by node: slow, and what the fast layout is tested against. */
  float walk(float[] features) {
    float sum = 0;
    for (int row : table.roots()) {
      while (!table.isLeaf(row)) {
        float x = features[table.feature()[row]];
        boolean isTrue = Float.isNaN(x) ? table.missingTrue()[row] : x < table.value()[row];
        row = isTrue ? table.whenTrue()[row] : table.whenFalse()[row];
      }
      sum += table.value()[row];
    }
    return sum + table.base();
  }

  /** Returns the thresholds that each feature is compared with, by which checks choose values that lie on them. */
  float[][] thresholds() {
    Floats[] found = new Floats[schema.size()];
    Arrays.setAll(found, i -> new Floats());
    for (int row = 0; row < table.value().length; row++) {
      if (!table.isLeaf(row)) {
        found[table.feature()[row]].add(table.value()[row]);
      }
    }
    return Arrays.stream(found).map(Floats::toArray).toArray(float[][]::new);
  }

  @Override
  public void close() {}
}
