package io.stopcast.importing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Writes {@code .wandb} files for tests. */
final class WandbBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  WandbBytes() {
    out.writeBytes(new byte[] {':', 'W', '&', 'B', (byte) 0xe1, (byte) 0xbe, 0});
  }

  WandbBytes run(Proto run) {
    return record(new Proto().message(17, run));
  }

  WandbBytes exit(int code) {
    return record(new Proto().message(18, new Proto().varint(1, code)));
  }

  /** As today's client writes it: every key in {@code nested_key}. */
  WandbBytes history(long step, String... namesAndJson) {
    Proto history = new Proto();
    for (int i = 0; i < namesAndJson.length; i += 2) {
      history.message(1, new Proto().text(2, namesAndJson[i]).text(16, namesAndJson[i + 1]));
    }
    return record(new Proto().message(2, history.message(2, new Proto().varint(1, step))));
  }

  WandbBytes record(Proto record) {
    return record(record.toBytes());
  }

  WandbBytes record(byte[] data) {
    int done = 0;
    boolean first = true;
    do {
      int left = WandbRecords.BLOCK - out.size() % WandbRecords.BLOCK;
      if (left < 7) {
        out.writeBytes(new byte[left]);
        continue;
      }
      int size = Math.min(left - 7, data.length - done);
      boolean last = done + size == data.length;
      byte[] piece = new byte[1 + size];
      piece[0] = (byte) (first ? last ? 1 : 2 : last ? 4 : 3);
      System.arraycopy(data, done, piece, 1, size);
      out.writeBytes(checksum(piece, 0, piece.length));
      out.writeBytes(new byte[] {(byte) size, (byte) (size >> 8)});
      out.writeBytes(piece);
      done += size;
      first = false;
    } while (done < data.length || first);
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  /** The same records with checksums that fit, as far as their lengths lead. */
  static byte[] mend(byte[] file) {
    byte[] mended = file.clone();
    int pos = 7;
    while (mended.length - pos >= 7) {
      int left = WandbRecords.BLOCK - pos % WandbRecords.BLOCK;
      int size = mended[pos + 4] & 0xff | (mended[pos + 5] & 0xff) << 8;
      if (left < 7 || size > left - 7 || size > mended.length - pos - 7) {
        pos += left;
        continue;
      }
      System.arraycopy(checksum(mended, pos + 6, size + 1), 0, mended, pos, 4);
      pos += 7 + size;
    }
    return mended;
  }

  private static byte[] checksum(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue()).array();
  }
}
