package io.stopcast.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.stopcast.feature.FeatureSchema;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/**
 * The scorer in ONNX Runtime, for comparison and for those who have it anyway; about ten times slower on one row.
 *
 * <p>The only class that needs the ONNX Runtime jar. It sees no bytes but checked ones, never a path.
 */
public final class OnnxRuntimeModel implements StopModel {
  private final FeatureSchema schema;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private OnnxRuntimeModel(FeatureSchema schema, byte[] bytes) throws OrtException {
    this.schema = schema;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // One thread: the sums must come in the order of the trees, and trainers need their cores.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(bytes, options);
    }
  }

  /** @throws IllegalStateException if ONNX Runtime does not take the file */
  public static OnnxRuntimeModel open(ModelFile file) {
    try {
      return new OnnxRuntimeModel(file.schema(), file.sharedBytes());
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not take %s: %s".formatted(file.where(), e.getMessage()), e);
    }
  }

  @Override
  public FeatureSchema schema() {
    return schema;
  }

  @Override
  public float margin(float[] features) {
    return margins(new float[][] {features})[0];
  }

  /** Returns the margin of each row, in one call. */
  public float[] margins(float[][] rows) {
    return output(rows, GraphReader.MARGIN);
  }

  /** Returns the probability of each row as the graph computes it, equal to {@link #score} but for rounding. */
  public float[] probabilities(float[][] rows) {
    return output(rows, GraphReader.PROBABILITY);
  }

  private float[] output(float[][] rows, String name) {
    FloatBuffer values = FloatBuffer.allocate(rows.length * schema.size());
    for (float[] row : rows) {
      values.put(row);
    }
    long[] shape = {rows.length, schema.size()};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, values.flip(), shape);
        OrtSession.Result result = session.run(Map.of(GraphReader.INPUT, input), Set.of(name))) {
      float[] outputs = new float[rows.length];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(outputs);
      return outputs;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to score: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to close: " + e.getMessage(), e);
    }
  }
}
