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
import java.util.zip.CRC32C;

/**
 * The records of one TensorBoard event file (TFRecord: length, checksum of the length, data, checksum of the data).
 *
 * <p>A record whose data do not fit their checksum, or which is longer than {@value #LONGEST} bytes, is left out. Where the
 * length itself is damaged nobody knows where the next record begins, and what follows is left out. A last record that is cut
 * off is normal for a run that was killed or is still going.
 */
final class EventRecords implements Closeable {
  static final int LONGEST = 16 << 20;
  static final int HEADER = 12;

  private static final int FOOTER = 4;
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final InputStream in;
  private final LogSink sink;
  private final CRC32C crc = new CRC32C();
  private byte[] bytes = new byte[1 << 18];
  private int pos;
  private int end;
  private long bytesBefore;
  private long number;
  private int from;
  private int to;

  EventRecords(Path file, LogSink sink) throws IOException {
    this.file = file;
    this.sink = sink;
    this.in = Files.newInputStream(file);
  }

  /**
   * Moves to the next record that is whole; false at the end.
   *
   * @throws ImportException if not even the first record's length is whole: this is no event file
   */
  boolean advance() throws IOException {
    while (true) {
      if (!fill(HEADER)) {
        return end > pos && cutOff(HEADER);
      }
      number++;
      long length = (long) LONGS.get(bytes, pos);
      if (masked(pos, 8) != (int) INTS.get(bytes, pos + 8)) {
        return damagedLength(length);
      }
      if (length < 0 || length > LONGEST) {
        if (!pass(length)) {
          return false;
        }
        continue;
      }
      int whole = HEADER + (int) length + FOOTER;
      if (!fill(whole)) {
        number--;
        return cutOff(whole);
      }
      from = pos + HEADER;
      to = from + (int) length;
      pos += whole;
      if (masked(from, to - from) == (int) INTS.get(bytes, to)) {
        return true;
      }
      sink.skipped(where(), "its data do not fit their checksum; the record was left out");
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
    return "%s record %d at byte %d".formatted(file, number, bytesBefore + from - HEADER);
  }

  private boolean cutOff(int need) {
    sink.repaired(
        "%s record %d at byte %d".formatted(file, number + 1, bytesBefore + pos),
        "it is cut off (needs %d bytes, has %d); %d records before it were kept".formatted(need, end - pos, number));
    return false;
  }

  private boolean damagedLength(long length) throws ImportException {
    String where = "%s record %d at byte %d".formatted(file, number, bytesBefore + pos);
    if (number == 1) {
      throw new ImportException(
          "%s: its length, %s, does not fit its checksum, so this is no event file, or a damaged one; fetch or write it again"
              .formatted(where, Long.toUnsignedString(length)));
    }
    sink.skipped(
        where,
        ("its length does not fit its checksum, so nobody knows where the next record begins; the %d records before it were"
                + " kept, what follows is lost")
            .formatted(number - 1));
    return false;
  }

  /** Passes over a record that is too long; false if the file ends within. */
  private boolean pass(long length) throws IOException {
    from = pos + HEADER;
    String where = where();
    long left = length + HEADER + FOOTER;
    if (length < 0 || left < 0) {
      sink.skipped(where, "it says to be %s bytes long; what follows is lost".formatted(Long.toUnsignedString(length)));
      return false;
    }
    sink.skipped(where, "%d bytes are more than the %d a record may have; it was left out".formatted(length, LONGEST));
    while (left > 0) {
      if (pos == end && !fill(1)) {
        return false;
      }
      int some = (int) Math.min(left, end - pos);
      pos += some;
      left -= some;
    }
    return true;
  }

  /** Has so many bytes ready from {@link #pos} on; false if the file ends before. */
  private boolean fill(int count) throws IOException {
    if (end - pos >= count) {
      return true;
    }
    byte[] old = bytes;
    if (count > bytes.length) {
      bytes = new byte[Math.max(count, 2 * bytes.length)];
    }
    System.arraycopy(old, pos, bytes, 0, end - pos);
    bytesBefore += pos;
    end -= pos;
    pos = 0;
    while (end < count) {
      int read = in.read(bytes, end, bytes.length - end);
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  private int masked(int start, int length) {
    crc.reset();
    crc.update(bytes, start, length);
    return mask((int) crc.getValue());
  }

  private static int mask(int crc) {
    return Integer.rotateRight(crc, 15) + 0xa282ead8;
  }

  /** Whether bytes begin with a whole header of a record. */
  static boolean startsWithHeader(byte[] head) {
    if (head.length < HEADER) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(head, 0, 8);
    return mask((int) crc.getValue()) == (int) INTS.get(head, 8);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
