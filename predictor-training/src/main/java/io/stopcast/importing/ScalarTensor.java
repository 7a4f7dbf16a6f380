package io.stopcast.importing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The one number of a TensorFlow tensor, if it holds just one: of any numeric type, as raw bytes or in the type's own field.
 *
 * <p>Read anew for every tensor.
 */
final class ScalarTensor {
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  // TensorFlow's numbers of types
  private static final int FLOAT = 1;
  private static final int DOUBLE = 2;
  private static final int INT32 = 3;
  private static final int UINT8 = 4;
  private static final int INT16 = 5;
  private static final int INT8 = 6;
  private static final int INT64 = 9;
  private static final int BOOL = 10;
  private static final int BFLOAT16 = 14;
  private static final int UINT16 = 17;
  private static final int HALF = 19;
  private static final int UINT32 = 22;
  private static final int UINT64 = 23;

  private boolean scalar;
  private boolean found;
  private double value;

  /** Reads the message that the wire has been entered into. */
  void read(Wire wire, byte[] bytes) throws MalformedRecordException {
    int type = 0;
    scalar = true;
    found = false;
    long bits = 0;
    boolean typed = false;
    int content = -1;
    int contentEnd = -1;
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> type = (int) wire.varint();
        case 2 -> scalar = isOne(wire);
        case 4 -> {
          wire.chunk();
          content = wire.from();
          contentEnd = wire.to();
        }
        case 5, 6, 7, 10, 11, 13, 16, 17 -> {
          int field = wire.field();
          if (wire.type() == Wire.CHUNK) {
            wire.chunk();
            if (!typed && wire.to() > wire.from()) {
              bits = first(bytes, wire.from(), wire.to(), field);
              typed = true;
            }
          } else if (!typed) {
            bits = field == 5 ? Float.floatToRawIntBits(wire.float32())
                : field == 6 ? Double.doubleToRawLongBits(wire.float64()) : wire.varint();
            typed = true;
          }
        }
        default -> {}
      }
    }
    if (!scalar || !isNumeric(type)) {
      scalar = false;
    } else if (contentEnd - content == size(type)) {
      value = number(type, raw(bytes, content, size(type)));
      found = true;
    } else if (typed) {
      value = number(type, bits);
      found = true;
    }
  }

  /** Whether it is one number. */
  boolean isScalar() {
    return scalar;
  }

  double value() throws MalformedRecordException {
    if (!found) {
      throw new MalformedRecordException("a scalar tensor without its value");
    }
    return value;
  }

  private static boolean isOne(Wire wire) throws MalformedRecordException {
    boolean one = true;
    int shape = wire.enter();
    while (wire.next()) {
      if (wire.field() == 2) {
        long size = 0;
        int dimension = wire.enter();
        while (wire.next()) {
          if (wire.field() == 1) {
            size = wire.varint();
          }
        }
        wire.leave(dimension);
        one &= size == 1;
      }
    }
    wire.leave(shape);
    return one;
  }

  /** The first of several packed values. */
  private static long first(byte[] bytes, int from, int to, int field) throws MalformedRecordException {
    int width = field == 5 ? 4 : field == 6 ? 8 : 0;
    if (width > 0) {
      if (to - from < width) {
        throw new MalformedRecordException("a packed number is cut off");
      }
      return raw(bytes, from, width);
    }
    long value = 0;
    for (int i = from, shift = 0; i < to && shift < 64; i++, shift += 7) {
      value |= (long) (bytes[i] & 0x7f) << shift;
      if (bytes[i] >= 0) {
        return value;
      }
    }
    throw new MalformedRecordException("a packed number is cut off");
  }

  private static long raw(byte[] bytes, int from, int width) {
    return switch (width) {
      case 1 -> bytes[from];
      case 2 -> (short) SHORTS.get(bytes, from);
      case 4 -> (int) INTS.get(bytes, from);
      default -> (long) LONGS.get(bytes, from);
    };
  }

  private static boolean isNumeric(int type) {
    return size(type) > 0;
  }

  private static int size(int type) {
    return switch (type) {
      case UINT8, INT8, BOOL -> 1;
      case INT16, UINT16, HALF, BFLOAT16 -> 2;
      case FLOAT, INT32, UINT32 -> 4;
      case DOUBLE, INT64, UINT64 -> 8;
      default -> 0;
    };
  }

  private static double number(int type, long bits) {
    return switch (type) {
      case FLOAT -> Float.intBitsToFloat((int) bits);
      case DOUBLE -> Double.longBitsToDouble(bits);
      case HALF -> half((int) bits & 0xffff);
      case BFLOAT16 -> Float.intBitsToFloat((int) bits << 16);
      case UINT8 -> bits & 0xff;
      case UINT16 -> bits & 0xffff;
      case UINT32 -> bits & 0xffffffffL;
      case UINT64 -> bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
      case INT8 -> (byte) bits;
      case INT16 -> (short) bits;
      case INT32 -> (int) bits;
      case BOOL -> bits == 0 ? 0 : 1;
      default -> bits;
    };
  }

  private static double half(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double size =
        exponent == 0 ? fraction * 0x1p-24
            : exponent < 31 ? (1024 + fraction) * Math.scalb(1.0, exponent - 25)
            : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    return bits < 0x8000 ? size : -size;
  }
}
