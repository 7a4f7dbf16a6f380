package io.stopcast.datasets.rdata;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one value from a stream in R's serialization format, versions 2 and 3, binary big-endian ("XDR").
 *
 * <p>Understands what data frames are made of, their attributes, and the compact vectors of R 3.5 and later (ALTREP).
 * Functions and environments, which tables drag along in attributes, are read past and dropped.
 *
 * <p>Source: R Internals, section 1.8 "Serialization Formats", and R's {@code src/main/serialize.c}.
 */
final class RUnserializer {
  private static final int MAX_DEPTH = 500;
  /** No vector of a table that fits into a package comes near; a corrupt length does. */
  private static final int MAX_LENGTH = 1 << 28;

  private static final int SYMBOL = 1;
  private static final int PAIRS = 2;
  private static final int CLOSURE = 3;
  private static final int ENVIRONMENT = 4;
  private static final int PROMISE = 5;
  private static final int CALL = 6;
  private static final int SPECIAL = 7;
  private static final int BUILTIN = 8;
  private static final int CHARS = 9;
  private static final int LOGICALS = 10;
  private static final int INTS = 13;
  private static final int REALS = 14;
  private static final int COMPLEXES = 15;
  private static final int STRINGS = 16;
  private static final int DOTS = 17;
  private static final int VALUES = 19;
  private static final int EXPRESSIONS = 20;
  private static final int POINTER = 22;
  private static final int RAW = 24;
  private static final int S4 = 25;
  private static final int ALTREP = 238;
  private static final int ATTRIBUTED_PAIRS = 239;
  private static final int ATTRIBUTED_CALL = 240;
  private static final int PERSISTENT = 247;
  private static final int PACKAGE = 248;
  private static final int NAMESPACE = 249;
  private static final int REFERENCE = 255;

  private final DataInputStream in;
  private final List<RValue> references = new ArrayList<>();
  private int depth;

  private RUnserializer(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /**
   * Reads one value.
   *
   * @param in at the start of the stream's own header ("X\n")
   * @throws IOException if the stream ends early or is not in this format
   */
  static RValue read(InputStream in) throws IOException {
    RUnserializer reader = new RUnserializer(in);
    try {
      reader.readHeader();
      return reader.readItem();
    } catch (EOFException e) {
      throw new IOException("the R data ends in the middle of a value; the file is cut off", e);
    }
  }

  private void readHeader() throws IOException {
    int format = in.readUnsignedByte();
    if (format != 'X' || in.readUnsignedByte() != '\n') {
      throw new IOException("R data must be in the binary format 'X' (XDR), but begins with byte " + format);
    }
    int version = in.readInt();
    in.readInt(); // the R that wrote it
    in.readInt(); // the oldest R that can read it
    if (version == 3) {
      in.skipNBytes(length(in.readInt())); // the writer's native encoding; strings say their own
    } else if (version != 2) {
      throw new IOException("R serialization versions 2 and 3 are known, but this is version " + version);
    }
  }

  private RValue readItem() throws IOException {
    if (++depth > MAX_DEPTH) {
      throw new IOException("R data is nested deeper than " + MAX_DEPTH + " levels; this is no table");
    }
    try {
      return readItem(in.readInt());
    } finally {
      depth--;
    }
  }

  private RValue readItem(int flags) throws IOException {
    int type = flags & 0xFF;
    boolean attributed = (flags & 0x200) != 0;
    boolean tagged = (flags & 0x400) != 0;
    switch (type) {
      case SYMBOL:
        return remember(new RValue.Symbol(readText()));
      case REFERENCE:
        int packed = flags >>> 8;
        int index = packed != 0 ? packed : in.readInt();
        if (index < 1 || index > references.size()) {
          throw new IOException(
              "R data refers to value " + index + " of " + references.size() + "; the file is corrupt");
        }
        return references.get(index - 1);
      case PAIRS:
      case CALL:
      case CLOSURE:
      case PROMISE:
      case DOTS:
        return readPairs(attributed, tagged);
      case ATTRIBUTED_PAIRS:
      case ATTRIBUTED_CALL:
        return readPairs(true, tagged);
      case ENVIRONMENT:
        return readEnvironment();
      case CHARS:
        return new RValue.Strings(new String[] {readChars(in.readInt())}, attributes(attributed));
      case LOGICALS:
      case INTS:
        int[] ints = readInts(length(in.readInt()));
        return new RValue.Ints(ints, attributes(attributed));
      case REALS:
        double[] reals = readReals(length(in.readInt()));
        return new RValue.Reals(reals, attributes(attributed));
      case STRINGS:
        String[] texts = readTexts(length(in.readInt()));
        return new RValue.Strings(texts, attributes(attributed));
      case VALUES:
      case EXPRESSIONS:
        List<RValue> values = readValues(length(in.readInt()));
        return new RValue.Values(values, attributes(attributed));
      case COMPLEXES:
        in.skipNBytes(16L * length(in.readInt()));
        attributes(attributed);
        return new RValue.Other("complex");
      case RAW:
      case SPECIAL:
      case BUILTIN:
        in.skipNBytes(length(in.readInt()));
        attributes(attributed);
        return new RValue.Other("raw bytes or a built-in function");
      case S4:
        attributes(attributed);
        return new RValue.Other("S4 object");
      case POINTER:
        RValue pointer = remember(new RValue.Other("pointer"));
        readItem();
        readItem();
        attributes(attributed);
        return pointer;
      case ALTREP:
        return readCompact();
      case PERSISTENT:
      case PACKAGE:
      case NAMESPACE:
        in.readInt(); // always 0
        return remember(new RValue.Other("named " + Arrays.toString(readTexts(length(in.readInt())))));
      case 254:
        return RValue.Other.NULL;
      case 253, 252, 251, 250, 242, 241:
        return new RValue.Other("a constant of R");
      default:
        throw new IOException("R data holds a value of type " + type + ", which no table is made of");
    }
  }

  private RValue remember(RValue value) {
    references.add(value);
    return value;
  }

  private Map<String, RValue> attributes(boolean present) throws IOException {
    return present ? asMap(readItem()) : Map.of();
  }

  private static Map<String, RValue> asMap(RValue value) {
    if (!(value instanceof RValue.Pairs pairs)) {
      return Map.of();
    }
    Map<String, RValue> map = new HashMap<>();
    for (int i = 0; i < pairs.values().size(); i++) {
      map.put(pairs.tags().get(i), pairs.values().get(i));
    }
    return map;
  }

  /** Walks the tail in a loop: R writes a list of n items as n nested cells. */
  private RValue readPairs(boolean attributed, boolean tagged) throws IOException {
    List<String> tags = new ArrayList<>();
    List<RValue> values = new ArrayList<>();
    Map<String, RValue> attributes = attributes(attributed);
    boolean hasTag = tagged;
    while (true) {
      RValue tag = hasTag ? readItem() : null;
      tags.add(tag instanceof RValue.Symbol symbol ? symbol.name() : "");
      values.add(readItem());
      int flags = in.readInt();
      int type = flags & 0xFF;
      if (type != PAIRS && type != CALL && type != ATTRIBUTED_PAIRS && type != ATTRIBUTED_CALL) {
        readItem(flags); // the end: NULL, or whatever a function has as its body
        return new RValue.Pairs(tags, values, attributes);
      }
      if ((flags & 0x200) != 0 || type == ATTRIBUTED_PAIRS || type == ATTRIBUTED_CALL) {
        readItem();
      }
      hasTag = (flags & 0x400) != 0;
    }
  }

  private RValue readEnvironment() throws IOException {
    RValue environment = remember(new RValue.Other("environment"));
    in.readInt(); // whether it is locked
    for (int part = 0; part < 4; part++) { // its parent, frame, hash table, attributes
      readItem();
    }
    return environment;
  }

  /** A vector that R kept in a short form: the class that knows the form, its state, its attributes. */
  private RValue readCompact() throws IOException {
    RValue info = readItem();
    RValue state = readItem();
    Map<String, RValue> attributes = asMap(readItem());
    String form =
        info instanceof RValue.Pairs pairs && pairs.values().get(0) instanceof RValue.Symbol symbol
            ? symbol.name()
            : "of an unknown class";
    if (form.equals("compact_intseq") && state instanceof RValue.Reals seq && seq.values().length == 3) {
      int[] values = new int[length((long) seq.values()[0])];
      for (int i = 0; i < values.length; i++) {
        values[i] = (int) (seq.values()[1] + i * seq.values()[2]);
      }
      return new RValue.Ints(values, attributes);
    }
    if (form.equals("compact_realseq") && state instanceof RValue.Reals seq && seq.values().length == 3) {
      double[] values = new double[length((long) seq.values()[0])];
      for (int i = 0; i < values.length; i++) {
        values[i] = seq.values()[1] + i * seq.values()[2];
      }
      return new RValue.Reals(values, attributes);
    }
    if (form.startsWith("wrap_")) { // wrap_real, wrap_integer, ...: the vector and what is known of it
      RValue wrapped =
          state instanceof RValue.Values list ? list.values().get(0)
              : state instanceof RValue.Pairs pairs ? pairs.values().get(0) : state;
      return withAttributes(wrapped, attributes);
    }
    if (form.equals("deferred_string") && state instanceof RValue.Pairs pairs) {
      return new RValue.Strings(asTexts(pairs.values().get(0)), attributes);
    }
    throw new IOException("R data holds a compact vector '" + form + "', which this reader does not know");
  }

  private static RValue withAttributes(RValue value, Map<String, RValue> attributes) {
    if (value instanceof RValue.Reals reals) {
      return new RValue.Reals(reals.values(), attributes);
    }
    if (value instanceof RValue.Ints ints) {
      return new RValue.Ints(ints.values(), attributes);
    }
    if (value instanceof RValue.Strings strings) {
      return new RValue.Strings(strings.values(), attributes);
    }
    return value;
  }

  private static String[] asTexts(RValue value) throws IOException {
    if (value instanceof RValue.Ints ints) {
      return Arrays.stream(ints.values()).mapToObj(Integer::toString).toArray(String[]::new);
    }
    if (value instanceof RValue.Reals reals) {
      return Arrays.stream(reals.values()).mapToObj(Double::toString).toArray(String[]::new);
    }
    throw new IOException("R data promises texts made of something that is no number");
  }

  private int[] readInts(int length) throws IOException {
    int[] values = new int[length];
    for (int i = 0; i < length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }

  private double[] readReals(int length) throws IOException {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  private String[] readTexts(int length) throws IOException {
    String[] values = new String[length];
    for (int i = 0; i < length; i++) {
      values[i] = readText();
    }
    return values;
  }

  private String readText() throws IOException {
    int type = in.readInt() & 0xFF;
    if (type != CHARS) {
      throw new IOException("R data should hold a text here, but holds a value of type " + type);
    }
    return readChars(in.readInt());
  }

  /** Old tables mix UTF-8 with Latin-1 and seldom say which; column names and levels only need to be told apart. */
  private String readChars(int length) throws IOException {
    return length == -1 ? null : new String(in.readNBytes(length(length)), StandardCharsets.UTF_8);
  }

  private List<RValue> readValues(int length) throws IOException {
    List<RValue> values = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      values.add(readItem());
    }
    return values;
  }

  private static int length(long length) throws IOException {
    if (length < 0 || length > MAX_LENGTH) {
      throw new IOException(
          "R data claims a length of " + length + ", but 0 to " + MAX_LENGTH + " can be; the file is corrupt");
    }
    return (int) length;
  }
}
