package io.stopcast.live;

import io.stopcast.run.RunContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/** The first 64 bits of SHA-256: enough against what goes wrong by accident. */
final class Digest {
  private Digest() {}

  static long of(byte[] bytes, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes, 0, length);
      return ByteBuffer.wrap(sha256.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  static long of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return of(bytes, bytes.length);
  }

  /** Of all that was known of a run at its start. A number is the same whatever its type. */
  static long of(RunContext run) {
    StringBuilder text = new StringBuilder();
    for (Object part :
        new Object[] {run.source(), run.task(), run.run(), run.objective(), run.horizon(), run.costUnit()}) {
      append(text, part.toString());
    }
    for (Map.Entry<String, Object> parameter : run.parameters().entrySet()) {
      append(text, parameter.getKey());
      Object value = parameter.getValue();
      append(text, value instanceof Number number ? "n" + number.doubleValue() : "t" + value);
    }
    return of(text.toString());
  }

  private static void append(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part);
  }
}
