package io.stopcast.datasets.rdata;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes R's serialization format byte by byte: the reader is tested against the format, not against itself. */
final class RStream {
  static final int NA_INT = Integer.MIN_VALUE;
  /** The NaN with which R means NA: its payload is 1954. */
  static final double NA_REAL = Double.longBitsToDouble(0x7FF00000000007A2L);

  private static final int OBJECT = 0x100;
  private static final int ATTRIBUTES = 0x200;
  private static final int TAG = 0x400;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /** The header of version 3, with R's native encoding. */
  RStream header() throws IOException {
    out.writeBytes("X\n");
    out.writeInt(3);
    out.writeInt(0x00040202);
    out.writeInt(0x00030500);
    out.writeInt(5);
    out.writeBytes("UTF-8");
    return this;
  }

  /** The first item of a pairlist with one item, or a further one. */
  RStream pair(String tag) throws IOException {
    out.writeInt(2 | TAG);
    return symbol(tag);
  }

  RStream symbol(String name) throws IOException {
    out.writeInt(1);
    return chars(name);
  }

  /** The symbol that was the n-th to be written. */
  RStream pairWithKnownTag(int n) throws IOException {
    out.writeInt(2 | TAG);
    out.writeInt(n << 8 | 255);
    return this;
  }

  RStream end() throws IOException {
    out.writeInt(254);
    return this;
  }

  RStream reals(double... values) throws IOException {
    out.writeInt(14);
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
    return this;
  }

  RStream ints(int... values) throws IOException {
    return vector(13, values);
  }

  RStream logicals(int... values) throws IOException {
    return vector(10, values);
  }

  /** Codes that attributes follow. */
  RStream factorCodes(int... values) throws IOException {
    return vector(13 | OBJECT | ATTRIBUTES, values);
  }

  /** Reals that attributes follow. */
  RStream attributedReals(double... values) throws IOException {
    out.writeInt(14 | ATTRIBUTES);
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
    return this;
  }

  private RStream vector(int flags, int... values) throws IOException {
    out.writeInt(flags);
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
    return this;
  }

  RStream strings(String... values) throws IOException {
    out.writeInt(16);
    out.writeInt(values.length);
    for (String value : values) {
      chars(value);
    }
    return this;
  }

  /** A generic vector that attributes follow; its items come next. */
  RStream attributedList(int length) throws IOException {
    out.writeInt(19 | OBJECT | ATTRIBUTES);
    out.writeInt(length);
    return this;
  }

  /** The numbers from 1 to n as R keeps them since 3.5: class, state, attributes. */
  RStream compactSequence(int n) throws IOException {
    out.writeInt(238);
    out.writeInt(2);
    symbol("compact_intseq");
    out.writeInt(2);
    symbol("base");
    out.writeInt(2);
    ints(13);
    end();
    reals(n, 1, 1);
    return end();
  }

  RStream raw(int value) throws IOException {
    out.writeInt(value);
    return this;
  }

  private RStream chars(String value) throws IOException {
    if (value == null) {
      out.writeInt(9);
      out.writeInt(-1);
      return this;
    }
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(9 | 0x8000);
    out.writeInt(text.length);
    out.write(text);
    return this;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
