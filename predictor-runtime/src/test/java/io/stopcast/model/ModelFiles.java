package io.stopcast.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;

/** Model files that fit this runtime's features, for tests of other packages. */
public final class ModelFiles {
  private ModelFiles() {}

  /** Returns a file of random trees. */
  public static byte[] random(long seed) {
    return of(seed).build().toByteArray();
  }

  /** Returns the same file with promises. */
  public static byte[] promising(long seed, String promises) {
    return of(seed).addMetadataProps(RandomModel.entry(ModelFile.PROMISE, promises)).build().toByteArray();
  }

  private static ModelProto.Builder of(long seed) {
    FeatureSchema schema = FeatureExtractor.schema();
    ModelProto.Builder model = RandomModel.of(schema.size(), 20, 4, .9, seed);
    RandomModel.property(model, ModelFile.SCHEMA_VERSION).setValue(Integer.toString(schema.version()));
    RandomModel.property(model, ModelFile.SCHEMA_NAMES).setValue(String.join("\n", schema.names()));
    RandomModel.property(model, ModelFile.SCHEMA_SHA256).setValue(schema.sha256());
    return model;
  }
}
