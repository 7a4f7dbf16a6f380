package io.stopcast.importing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the fields of a protobuf message where it lies, without making objects.
 *
 * <p>{@link #next} moves to the next field and passes over a value that nobody took. Messages within are entered and left.
 * Groups, which no log of today uses, are refused, and so is nesting deeper than {@value #DEEPEST}.
 */
final class Wire {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int CHUNK = 2;
  static final int FIXED32 = 5;

  private static final int DEEPEST = 16;
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int pos;
  private int end;
  private int depth;
  private int field;
  private int type;
  private boolean pending;
  private int from;
  private int to;

  /** Starts with a message. */
  void open(byte[] message, int start, int stop) {
    bytes = message;
    pos = start;
    end = stop;
    depth = 0;
    pending = false;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws MalformedRecordException {
    if (pending) {
      skip();
    }
    if (pos == end) {
      return false;
    }
    long key = rawVarint();
    field = (int) (key >>> 3);
    type = (int) key & 7;
    if (key >>> 3 == 0 || key >>> 3 > 0x1fffffff) {
      throw new MalformedRecordException("a protobuf field number out of range");
    }
    pending = true;
    return true;
  }

  int field() {
    return field;
  }

  /** How the field's value is written: {@link #VARINT}, {@link #FIXED64}, {@link #CHUNK} or {@link #FIXED32}. */
  int type() {
    return type;
  }

  long varint() throws MalformedRecordException {
    take(VARINT);
    return rawVarint();
  }

  double float64() throws MalformedRecordException {
    take(FIXED64);
    require(8);
    pos += 8;
    return Double.longBitsToDouble((long) LONGS.get(bytes, pos - 8));
  }

  float float32() throws MalformedRecordException {
    take(FIXED32);
    require(4);
    pos += 4;
    return Float.intBitsToFloat((int) INTS.get(bytes, pos - 4));
  }

  /** Takes a value of bytes, which {@link #from} and {@link #to} tell until the next one is taken. */
  void chunk() throws MalformedRecordException {
    take(CHUNK);
    int length = length();
    from = pos;
    pos += length;
    to = pos;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  String text() throws MalformedRecordException {
    chunk();
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  String text(Names names) throws MalformedRecordException {
    chunk();
    return names.of(bytes, from, to);
  }

  /** Goes into a message; give what it returns to {@link #leave}. */
  int enter() throws MalformedRecordException {
    take(CHUNK);
    int inner = length();
    if (++depth > DEEPEST) {
      throw new MalformedRecordException("protobuf messages nested deeper than " + DEEPEST);
    }
    int outer = end;
    end = pos + inner;
    return outer;
  }

  void leave(int outer) {
    pos = end;
    end = outer;
    depth--;
    pending = false;
  }

  private void take(int wanted) throws MalformedRecordException {
    if (type != wanted) {
      throw new MalformedRecordException("protobuf field %d is written as kind %d, not %d".formatted(field, type, wanted));
    }
    pending = false;
  }

  private void skip() throws MalformedRecordException {
    pending = false;
    switch (type) {
      case VARINT -> rawVarint();
      case FIXED64 -> {
        require(8);
        pos += 8;
      }
      case CHUNK -> {
        int length = length(); // moves pos
        pos += length;
      }
      case FIXED32 -> {
        require(4);
        pos += 4;
      }
      default -> throw new MalformedRecordException("protobuf field %d is written as kind %d".formatted(field, type));
    }
  }

  private int length() throws MalformedRecordException {
    long length = rawVarint();
    if (length < 0 || length > end - pos) {
      throw new MalformedRecordException(
          "protobuf field %d says it is %s bytes long, but %d are left"
              .formatted(field, Long.toUnsignedString(length), end - pos));
    }
    return (int) length;
  }

  private void require(int count) throws MalformedRecordException {
    if (end - pos < count) {
      throw new MalformedRecordException("protobuf field %d is cut off".formatted(field));
    }
  }

  private long rawVarint() throws MalformedRecordException {
    long value = 0;
    for (int shift = 0; shift < 64 && pos < end; shift += 7) {
      byte b = bytes[pos++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedRecordException("a protobuf number is cut off or longer than 64 bits");
  }
}
