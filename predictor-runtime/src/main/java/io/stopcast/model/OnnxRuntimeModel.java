package io.stopcast.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.ModelRejectedException.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The scorer by ONNX Runtime: the reference for the one in plain Java, which is several times faster for one row.
 *
 * <p>The only class that needs the ONNX Runtime jar. Where that is absent, {@link #open} fails with a {@link
 * LinkageError}. It runs native code inside this process, one thread a call and without telemetry. A model holds
 * native memory until it is closed; closing waits for calls that are under way.
 */
public final class OnnxRuntimeModel implements StopModel {
  private final FeatureSchema schema;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Opens a model from the bytes that were checked, never from a path.
   *
   * @throws ModelRejectedException if ONNX Runtime refuses what the checks let pass
   */
  public static OnnxRuntimeModel open(ModelFile file) throws ModelRejectedException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      environment.setTelemetry(false);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new OnnxRuntimeModel(file.schema(), environment, environment.createSession(file.bytes(), options));
    } catch (OrtException e) {
      throw new ModelRejectedException(
          Code.ONNX_RUNTIME, file.where(), "ONNX Runtime refuses it: " + e.getMessage(), e);
    }
  }

  private OnnxRuntimeModel(FeatureSchema schema, OrtEnvironment environment, OrtSession session) {
    this.schema = schema;
    this.environment = environment;
    this.session = session;
  }

  @Override
  public FeatureSchema schema() {
    return schema;
  }

  @Override
  public float margin(float[] features) {
    return margins(new float[][] {features})[0];
  }

  /** Returns {@link #margin} of each row, in one native call. */
  public float[] margins(float[][] rows) {
    return run(rows, OnnxReader.MARGIN);
  }

  /** Returns the graph's own output {@code probability} for each row; up to rounding the same as {@link #score}. */
  public float[] probabilities(float[][] rows) {
    return run(rows, OnnxReader.PROBABILITY);
  }

  private float[] run(float[][] rows, String output) {
    if (rows.length == 0) {
      return new float[0];
    }
    FloatBuffer input =
        ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES * rows.length, schema.size()))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (float[] row : rows) {
      ForestModel.requireWidth(schema, row);
      input.put(row);
    }
    input.flip();
    use.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed; open it again to score");
      }
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input, new long[] {rows.length, schema.size()});
          OrtSession.Result result = session.run(Map.of(OnnxReader.FEATURES, tensor), Set.of(output))) {
        OnnxValue value = result.get(0);
        float[] values = new float[rows.length];
        ((OnnxTensor) value).getFloatBuffer().get(values);
        return values;
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed on %d rows: %s".formatted(rows.length, e.getMessage()), e);
    } finally {
      use.readLock().unlock();
    }
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to close a model: " + e.getMessage(), e);
    } finally {
      use.writeLock().unlock();
    }
  }
}
