package io.stopcast.model;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads protobuf's wire format from a part of an array: fields in order, nothing copied until asked for.
 *
 * <p>Only the four kinds of fields that ONNX uses. Every length is checked against the bytes that are left.
 */
final class Wire {
  /** Bytes that are not what they should be. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private int at;
  private final int end;
  private int kind;

  Wire(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** Returns the next field's number, 0 at the end. */
  int next() throws Malformed {
    if (at == end) {
      return 0;
    }
    long tag = varint();
    kind = (int) (tag & 7);
    long field = tag >>> 3;
    if (field < 1 || field > 1 << 20 || !(kind == VARINT || kind == FIXED64 || kind == LENGTH || kind == FIXED32)) {
      throw new Malformed("byte %d holds no protobuf field".formatted(at));
    }
    return (int) field;
  }

  long integer() throws Malformed {
    require(kind == VARINT, "a whole number");
    return varint();
  }

  float decimal() throws Malformed {
    require(kind == FIXED32, "a 32-bit float");
    return Float.intBitsToFloat(fixed32());
  }

  String text() throws Malformed {
    Wire message = message();
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, message.at, message.end - message.at))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Malformed("the text at byte %d is not UTF-8".formatted(message.at));
    }
  }

  /** Returns a reader of the field's inner bytes. */
  Wire message() throws Malformed {
    require(kind == LENGTH, "a length");
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new Malformed("the length at byte %d is %d, but %d bytes are left".formatted(at, length, end - at));
    }
    Wire inner = new Wire(bytes, at, at + (int) length);
    at += (int) length;
    return inner;
  }

  /** Adds the field's numbers, packed or single. */
  void integers(Longs into) throws Malformed {
    if (kind == VARINT) {
      into.add(varint());
      return;
    }
    Wire packed = message();
    while (packed.at < packed.end) {
      into.add(packed.varint());
    }
  }

  /** Adds the field's floats, packed or single. */
  void decimals(Floats into) throws Malformed {
    if (kind == FIXED32) {
      into.add(Float.intBitsToFloat(fixed32()));
      return;
    }
    Wire packed = message();
    while (packed.at < packed.end) {
      into.add(Float.intBitsToFloat(packed.fixed32()));
    }
  }

  private long varint() throws Malformed {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw new Malformed("the bytes end within a number at byte " + at);
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new Malformed("the number before byte %d is longer than 64 bits".formatted(at));
  }

  private int fixed32() throws Malformed {
    if (end - at < 4) {
      throw new Malformed("the bytes end within a float at byte " + at);
    }
    int value =
        bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | (bytes[at + 3] & 0xff) << 24;
    at += 4;
    return value;
  }

  private void require(boolean right, String what) throws Malformed {
    if (!right) {
      throw new Malformed("expected %s before byte %d, found wire type %d".formatted(what, at, kind));
    }
  }

  /** A growing array of whole numbers. */
  static final class Longs {
    private long[] values = new long[16];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    long[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }

  /** A growing array of floats. */
  static final class Floats {
    private float[] values = new float[16];
    private int size;

    void add(float value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    float[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
