package io.stopcast.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * A few dozen rows with the margins that the model gave when it was written, by which a reader can check its scorer.
 *
 * @param features one row each, as wide as the schema; NaN means missing
 * @param margins one for each row
 */
public record GoldenRows(float[][] features, float[] margins) {
  /** Returns the rows as text for the model's metadata: little-endian floats, each row followed by its margin. */
  public String encode() {
    int width = features.length == 0 ? 0 : features[0].length;
    ByteBuffer bytes = ByteBuffer.allocate(4 * features.length * (width + 1)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < features.length; i++) {
      for (float value : features[i]) {
        bytes.putFloat(value);
      }
      bytes.putFloat(margins[i]);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** @throws IllegalArgumentException if the text is not whole rows of this width */
  static GoldenRows decode(String text, int width) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
    int row = 4 * (width + 1);
    if (bytes.remaining() % row != 0) {
      throw new IllegalArgumentException("%d bytes are no whole rows of %d".formatted(bytes.remaining(), row));
    }
    GoldenRows rows = new GoldenRows(new float[bytes.remaining() / row][width], new float[bytes.remaining() / row]);
    for (int i = 0; i < rows.margins.length; i++) {
      for (int k = 0; k < width; k++) {
        rows.features[i][k] = bytes.getFloat();
      }
      rows.margins[i] = bytes.getFloat();
    }
    return rows;
  }
}
