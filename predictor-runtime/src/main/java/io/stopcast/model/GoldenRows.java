package io.stopcast.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * Inputs that travel inside a model file with the margins they gave when it was written, so that whoever loads it can
 * tell that it still scores the same.
 *
 * <p>As text: Base64 of the rows, each its features and then its margin, as little-endian float32. Immutable.
 */
public final class GoldenRows {
  static final GoldenRows NONE = new GoldenRows(new float[0][], new float[0]);

  private final float[][] rows;
  private final float[] margins;

  /** Returns rows, all of one length, with their margins, one for each. */
  public static GoldenRows of(float[][] rows, float[] margins) {
    if (rows.length != margins.length) {
      throw new IllegalArgumentException(
          "golden rows need one margin for each, but there are %d rows and %d margins"
              .formatted(rows.length, margins.length));
    }
    float[][] copy = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != rows[0].length) {
        throw new IllegalArgumentException(
            "golden rows must have the same length, but row 0 has %d features and row %d has %d"
                .formatted(rows[0].length, i, rows[i].length));
      }
      copy[i] = rows[i].clone();
    }
    return new GoldenRows(copy, margins.clone());
  }

  private GoldenRows(float[][] rows, float[] margins) {
    this.rows = rows;
    this.margins = margins;
  }

  /** Reads what {@link #format} writes, for a model of so many features. */
  static GoldenRows parse(String text, int features) {
    byte[] bytes = Base64.getDecoder().decode(text);
    int rowBytes = Float.BYTES * (features + 1);
    if (bytes.length % rowBytes != 0) {
      throw new IllegalArgumentException(
          "%d bytes are not a whole number of rows of %d features and a margin (%d bytes each)"
              .formatted(bytes.length, features, rowBytes));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[][] rows = new float[bytes.length / rowBytes][features];
    float[] margins = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < features; j++) {
        rows[i][j] = buffer.getFloat();
      }
      margins[i] = buffer.getFloat();
    }
    return new GoldenRows(rows, margins);
  }

  public String format() {
    int features = rows.length == 0 ? 0 : rows[0].length;
    ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * rows.length * (features + 1)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows.length; i++) {
      for (float feature : rows[i]) {
        buffer.putFloat(feature);
      }
      buffer.putFloat(margins[i]);
    }
    return Base64.getEncoder().encodeToString(buffer.array());
  }

  public int size() {
    return rows.length;
  }

  /** Returns a copy of the features of row {@code i}. */
  public float[] row(int i) {
    return rows[i].clone();
  }

  /** Returns the margin that row {@code i} gave when the file was written. */
  public float margin(int i) {
    return margins[i];
  }
}
