package io.stopcast.importing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Writes TensorBoard event files for tests. */
final class EventBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A file that begins as all do. */
  static EventBytes begunAt(double wallTime) {
    return new EventBytes().event(new Proto().float64(1, wallTime).text(3, "brain.Event:2"));
  }

  EventBytes scalar(double wallTime, long step, String tag, float value) {
    return value(wallTime, step, new Proto().text(1, tag).float32(2, value));
  }

  /** As TensorFlow 2 and JAX log a scalar. */
  EventBytes tensor(double wallTime, long step, String tag, Proto tensor) {
    Proto metadata = new Proto().message(1, new Proto().text(1, "scalars"));
    return value(wallTime, step, new Proto().text(1, tag).message(8, tensor).message(9, metadata));
  }

  EventBytes restart(double wallTime, long step) {
    return event(new Proto().float64(1, wallTime).varint(2, step).message(7, new Proto().varint(1, 1)));
  }

  EventBytes value(double wallTime, long step, Proto value) {
    return event(new Proto().float64(1, wallTime).varint(2, step).message(5, new Proto().message(1, value)));
  }

  EventBytes event(Proto event) {
    return record(event.toBytes());
  }

  EventBytes record(byte[] data) {
    byte[] length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
    out.writeBytes(length);
    out.writeBytes(checksum(length, 0, 8));
    out.writeBytes(data);
    out.writeBytes(checksum(data, 0, data.length));
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  /** The same records with checksums that fit, as far as their lengths lead. */
  static byte[] mend(byte[] file) {
    byte[] mended = file.clone();
    ByteBuffer in = ByteBuffer.wrap(mended).order(ByteOrder.LITTLE_ENDIAN);
    int pos = 0;
    while (mended.length - pos >= EventRecords.HEADER) {
      long length = in.getLong(pos);
      System.arraycopy(checksum(mended, pos, 8), 0, mended, pos + 8, 4);
      if (length < 0 || length > mended.length - pos - EventRecords.HEADER - 4) {
        break;
      }
      int data = pos + EventRecords.HEADER;
      System.arraycopy(checksum(mended, data, (int) length), 0, mended, data + (int) length, 4);
      pos = data + (int) length + 4;
    }
    return mended;
  }

  private static byte[] checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    int value = (int) crc.getValue();
    int masked = (value >>> 15 | value << 17) + 0xa282ead8;
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }
}
