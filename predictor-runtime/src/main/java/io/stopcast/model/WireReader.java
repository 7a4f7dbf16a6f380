package io.stopcast.model;

import io.stopcast.model.ModelRejectedException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one message of the protobuf wire format, more strictly than protobuf itself.
 *
 * <p>Protobuf skips fields that it does not know, lets the last of several values win and merges messages that come
 * twice. Each of these lets two readers see two models in one file. Here, fields must ascend, as every serializer
 * writes them; a caller names the fields that it knows and refuses all others; groups do not exist.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers: Encoding</a>
 */
final class WireReader {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final String where;
  private final String message;
  private final int end;
  private int position;
  private int field;
  private int wireType;
  private boolean again;

  /**
   * @param where the file, for error messages
   * @param message the name of the outermost message, for error messages
   */
  WireReader(byte[] bytes, String where, String message) {
    this(bytes, 0, bytes.length, where, message);
  }

  private WireReader(byte[] bytes, int start, int end, String where, String message) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.where = where;
    this.message = message;
  }

  /** Goes to the next field; false at the end of the message. */
  boolean next() throws ModelRejectedException {
    if (position == end) {
      return false;
    }
    int start = position;
    long tag = rawVarint();
    long number = tag >>> 3;
    if (number == 0 || tag >>> 32 != 0) {
      throw malformed("tag %d at byte %d is none".formatted(tag, start));
    }
    if (number < field) {
      throw malformed("field %d at byte %d follows field %d; fields must ascend".formatted(number, start, field));
    }
    again = number == field;
    field = (int) number;
    wireType = (int) tag & 7;
    return true;
  }

  /** The number of the current field. */
  int field() {
    return field;
  }

  /** Refuses the current field if it came before. */
  WireReader once() throws ModelRejectedException {
    if (again) {
      throw malformed("field %d comes twice".formatted(field));
    }
    return this;
  }

  long integer() throws ModelRejectedException {
    require(VARINT);
    return rawVarint();
  }

  WireReader message(String name) throws ModelRejectedException {
    int start = lengthDelimited();
    return new WireReader(bytes, start, position, where, name);
  }

  String text() throws ModelRejectedException {
    int start = lengthDelimited();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, position - start)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("field %d at byte %d is not UTF-8 text".formatted(field, start));
    }
  }

  /** Reads all occurrences of the current field, packed or one by one, as integers. */
  int[] integers(int limit) throws ModelRejectedException {
    int[] values = new int[16];
    int n = 0;
    do {
      int stop = packedEnd(VARINT);
      do {
        long value = rawVarint();
        if (value != (int) value) {
          throw new ModelRejectedException(
              Code.ID_RANGE, where, "%s: value %d is %d, outside the 32-bit range".formatted(message, n, value));
        }
        if (n == values.length) {
          values = Arrays.copyOf(values, grown(n, limit));
        }
        values[n++] = (int) value;
      } while (position < stop);
      requireAt(stop);
    } while (repeats());
    return Arrays.copyOf(values, n);
  }

  /** Reads all occurrences of the current field, packed or one by one, as float32. */
  float[] floats(int limit) throws ModelRejectedException {
    float[] values = new float[16];
    int n = 0;
    do {
      int stop = packedEnd(FIXED32);
      do {
        if (end - position < Float.BYTES) {
          throw malformed("it ends inside a number at byte %d".formatted(position));
        }
        if (n == values.length) {
          values = Arrays.copyOf(values, grown(n, limit));
        }
        values[n++] =
            Float.intBitsToFloat(
                bytes[position] & 0xff
                    | (bytes[position + 1] & 0xff) << 8
                    | (bytes[position + 2] & 0xff) << 16
                    | bytes[position + 3] << 24);
        position += Float.BYTES;
      } while (position < stop);
      requireAt(stop);
    } while (repeats());
    return Arrays.copyOf(values, n);
  }

  /** Reads all occurrences of the current field, each of which must be one of two words; true for the first. */
  boolean[] choices(String yes, String no, int limit) throws ModelRejectedException {
    byte[] yesBytes = yes.getBytes(StandardCharsets.UTF_8);
    byte[] noBytes = no.getBytes(StandardCharsets.UTF_8);
    boolean[] values = new boolean[16];
    int n = 0;
    do {
      int start = lengthDelimited();
      boolean isYes = Arrays.equals(bytes, start, position, yesBytes, 0, yesBytes.length);
      if (!isYes && !Arrays.equals(bytes, start, position, noBytes, 0, noBytes.length)) {
        throw new ModelRejectedException(
            Code.ATTRIBUTE,
            where,
            "%s: value %d is %s, but only %s and %s are allowed"
                .formatted(message, n, ModelRejectedException.quote(latin(start)), yes, no));
      }
      if (n == values.length) {
        values = Arrays.copyOf(values, grown(n, limit));
      }
      values[n++] = isYes;
    } while (repeats());
    return Arrays.copyOf(values, n);
  }

  /** Passes over the current field. */
  void skip() throws ModelRejectedException {
    switch (wireType) {
      case VARINT -> rawVarint();
      case BYTES -> lengthDelimited();
      case FIXED32 -> advance(Integer.BYTES);
      case 1 -> advance(Long.BYTES);
      default -> throw malformed("field %d has wire type %d".formatted(field, wireType));
    }
  }

  /** The refusal of the current field. */
  ModelRejectedException notAllowed() {
    return new ModelRejectedException(
        Code.FIELD, where, "field %d of %s is not one that a stop model has".formatted(field, message));
  }

  private String latin(int start) {
    return new String(bytes, start, Math.min(position - start, 200), StandardCharsets.ISO_8859_1);
  }

  private int grown(int n, int limit) throws ModelRejectedException {
    if (n >= limit) {
      throw new ModelRejectedException(
          Code.LIMIT, where, "%s has more than the %d values that are allowed".formatted(message, limit));
    }
    return Math.min(limit, n * 2);
  }

  /** Returns where the packed values of the current field end; where they are not packed, where the one begins. */
  private int packedEnd(int unpackedType) throws ModelRejectedException {
    if (wireType != BYTES) {
      require(unpackedType);
      return position;
    }
    int start = lengthDelimited();
    int stop = position;
    if (start == stop) {
      throw malformed("field %d at byte %d is packed and empty".formatted(field, start));
    }
    position = start;
    return stop;
  }

  private void requireAt(int packedEnd) throws ModelRejectedException {
    if (wireType == BYTES && position != packedEnd) {
      throw malformed("the last value of field %d crosses its end at byte %d".formatted(field, packedEnd));
    }
  }

  private boolean repeats() throws ModelRejectedException {
    int here = position;
    int sameField = field;
    int sameType = wireType;
    if (next() && field == sameField) {
      return true;
    }
    position = here;
    field = sameField;
    wireType = sameType;
    return false;
  }

  private int lengthDelimited() throws ModelRejectedException {
    require(BYTES);
    long length = rawVarint();
    if (length < 0 || length > end - position) {
      throw malformed(
          "field %d needs %s bytes at byte %d, but %d are left"
              .formatted(field, Long.toUnsignedString(length), position, end - position));
    }
    int start = position;
    position += (int) length;
    return start;
  }

  private void advance(int n) throws ModelRejectedException {
    if (end - position < n) {
      throw malformed("it ends inside field %d at byte %d".formatted(field, position));
    }
    position += n;
  }

  private long rawVarint() throws ModelRejectedException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position == end) {
        throw malformed("it ends inside a number at byte %d".formatted(position));
      }
      byte b = bytes[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        if (shift == 63 && b > 1) {
          break;
        }
        return value;
      }
    }
    throw malformed("the number before byte %d has more than 64 bits".formatted(position));
  }

  private void require(int expected) throws ModelRejectedException {
    if (wireType != expected) {
      throw malformed("field %d has wire type %d instead of %d".formatted(field, wireType, expected));
    }
  }

  private ModelRejectedException malformed(String detail) {
    return new ModelRejectedException(Code.MALFORMED, where, message + ": " + detail);
  }
}
