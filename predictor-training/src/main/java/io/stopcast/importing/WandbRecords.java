package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The records of one {@code .wandb} file: a header of seven bytes, then LevelDB's log of blocks, with the plain CRC-32 over
 * type and data where LevelDB has a masked CRC-32C.
 *
 * <p>A damaged piece takes the rest of its block with it, for its length may be what is damaged; reading goes on with the
 * next block.
 */
final class WandbRecords implements Closeable {
  static final int BLOCK = 1 << 15;

  private static final int LONGEST = 16 << 20;
  private static final int HEADER = 7;
  private static final byte[] START = {':', 'W', '&', 'B', (byte) 0xe1, (byte) 0xbe, 0};
  private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  private final Path file;
  private final InputStream in;
  private final LogSink sink;
  private final CRC32 crc = new CRC32();
  /** Whole blocks but for the file's last one, so that no piece is ever split. */
  private final byte[] blocks = new byte[32 * BLOCK];
  private int pos;
  private int end;
  private long bytesBefore;
  private long number;
  private long start;
  private byte[] pieces = new byte[BLOCK];
  private int length;
  private byte[] bytes;
  private int from;
  private int to;

  /** @throws ImportException if the file does not begin as such a file does */
  WandbRecords(Path file, LogSink sink) throws IOException {
    this.file = file;
    this.sink = sink;
    this.in = Files.newInputStream(file);
    fill();
    if (!isStart(blocks, end)) {
      close();
      throw new ImportException(
          "%s at byte 0: expected the header :W&B with version 0, found other bytes; this is no .wandb file, or a damaged one"
              .formatted(file));
    }
    pos = HEADER;
  }

  static boolean isStart(byte[] head, int length) {
    return length >= START.length && Arrays.equals(head, 0, START.length, START, 0, START.length);
  }

  /** Moves to the next record that is whole; false at the end. */
  boolean advance() throws IOException {
    boolean inside = false;
    boolean tooLong = false;
    while (true) {
      int left = BLOCK - pos % BLOCK;
      if (left < HEADER) {
        pos += left;
      }
      if (pos >= end) {
        if (!fill()) {
          if (inside) {
            tellCutOff(number - 1);
          }
          return false;
        }
        continue;
      }
      left = BLOCK - pos % BLOCK;
      if (end - pos < HEADER) {
        tellCutOff(inside ? number - 1 : number);
        return false;
      }
      int size = blocks[pos + 4] & 0xff | (blocks[pos + 5] & 0xff) << 8;
      int type = blocks[pos + 6];
      if (size <= left - HEADER && size > end - pos - HEADER) {
        tellCutOff(inside ? number - 1 : number);
        return false;
      }
      if (type == FULL || type == FIRST) {
        number++;
        start = bytesBefore + pos;
      }
      if (size > left - HEADER || checksum(size) != (int) INTS.get(blocks, pos)) {
        sink.skipped(
            "%s record %d at byte %d".formatted(file, number, bytesBefore + pos),
            "its data do not fit their checksum; what is left of this block of %d bytes was left out".formatted(BLOCK));
        pos = Math.min(end, pos + left);
        inside = false;
        continue;
      }
      int data = pos + HEADER;
      pos = data + size;
      switch (type) {
        case FULL -> {
          bytes = blocks;
          from = data;
          to = pos;
          return true;
        }
        case FIRST -> {
          inside = true;
          tooLong = false;
          length = 0;
          append(data, size);
        }
        case MIDDLE, LAST -> {
          if (!inside) {
            continue; // its beginning was left out
          }
          if (tooLong || length + size > LONGEST) {
            tooLong = true;
          } else {
            append(data, size);
          }
          if (type == LAST) {
            inside = false;
            if (!tooLong) {
              bytes = pieces;
              from = 0;
              to = length;
              return true;
            }
            sink.skipped(where(), "it is longer than the %d bytes a record may have; it was left out".formatted(LONGEST));
          }
        }
        default -> sink.skipped(where(), "a piece of the unknown kind %d; it was left out".formatted(type));
      }
    }
  }

  /** The current record's bytes lie here, from {@link #from} to {@link #to}, until the next {@link #advance}. */
  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Which record this is, for messages. */
  String where() {
    return "%s record %d at byte %d".formatted(file, number, start);
  }

  private void tellCutOff(long whole) {
    sink.repaired(
        "%s at byte %d".formatted(file, bytesBefore + pos),
        "the last record is cut off; %d records before it were kept".formatted(whole));
  }

  private int checksum(int size) {
    crc.reset();
    crc.update(blocks, pos + HEADER - 1, size + 1);
    return (int) crc.getValue();
  }

  private void append(int data, int size) {
    if (length + size > pieces.length) {
      pieces = Arrays.copyOf(pieces, Math.max(length + size, 2 * pieces.length));
    }
    System.arraycopy(blocks, data, pieces, length, size);
    length += size;
  }

  private boolean fill() throws IOException {
    bytesBefore += end;
    pos = 0;
    end = in.readNBytes(blocks, 0, blocks.length);
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
