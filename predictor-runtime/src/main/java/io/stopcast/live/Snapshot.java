package io.stopcast.live;

import io.stopcast.feature.FeatureExtractor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A watch as bytes: what it belongs to, what it remembers, and a checksum over both. All numbers big-endian.
 *
 * <pre>
 * 4 bytes "STPC"   1 byte format   8 bytes feature schema   8 bytes run   8 bytes terms
 * model's version and sha256 (as DataOutput.writeUTF does)   what the watch remembers   8 bytes checksum
 * </pre>
 *
 * @param schema digest of the features that the watch remembers things for
 * @param run digest of the run's context
 * @param terms digest of the price, the fallback policy and the budget
 */
record Snapshot(long schema, long run, long terms, String version, String sha256, byte[] memory) {
  /** The digest of this runtime's features. */
  static final long SCHEMA = Digest.of(FeatureExtractor.schema().sha256());

  private static final int MAGIC = 0x53545043;
  private static final int FORMAT = 1;

  byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + memory.length);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeByte(FORMAT);
    out.writeLong(schema);
    out.writeLong(run);
    out.writeLong(terms);
    out.writeUTF(version);
    out.writeUTF(sha256);
    out.write(memory);
    out.writeLong(Digest.of(bytes.toByteArray(), bytes.size()));
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #bytes} wrote.
   *
   * @throws SnapshotException if it is anything else, be it by one bit
   */
  static Snapshot of(byte[] bytes) throws SnapshotException {
    int length = bytes.length - Long.BYTES;
    if (length < Integer.BYTES + 1 || ByteBuffer.wrap(bytes).getInt() != MAGIC) {
      throw new SnapshotException("the %d bytes are no snapshot of a watch".formatted(bytes.length));
    }
    if (bytes[Integer.BYTES] != FORMAT) {
      throw new SnapshotException(
          "the snapshot is of format %d, but this runtime reads %d; resume with the runtime that took it"
              .formatted(bytes[Integer.BYTES] & 0xFF, FORMAT));
    }
    if (Digest.of(bytes, length) != ByteBuffer.wrap(bytes).getLong(length)) {
      throw new SnapshotException("the snapshot of %d bytes is damaged: its checksum is wrong".formatted(bytes.length));
    }
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
      in.skipBytes(Integer.BYTES + 1);
      return new Snapshot(
          in.readLong(), in.readLong(), in.readLong(), in.readUTF(), in.readUTF(), in.readAllBytes());
    } catch (IOException e) {
      throw new SnapshotException("the snapshot of %d bytes ends too soon".formatted(bytes.length), e);
    }
  }
}
