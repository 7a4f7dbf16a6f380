package io.stopcast.datasets.rdata;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.XZInputStream;

/** Opens R's files and hands out the tables in them. */
public final class RFiles {
  /** What R's lazy-load files use: the dictionary of xz preset 6. */
  private static final int LAZY_XZ_DICTIONARY = 8 << 20;

  private RFiles() {}

  /**
   * Reads a table from an {@code .rda} file: what {@code save} of R wrote, plain or compressed with gzip, bzip2 or xz.
   *
   * @param file the file
   * @param name the table's name in it
   * @throws IOException if the file cannot be read, is in another format, or holds no table of that name
   */
  public static RTable readSaved(Path file, String name) throws IOException {
    try (InputStream in = decompress(new BufferedInputStream(Files.newInputStream(file)))) {
      String magic = new String(in.readNBytes(5), StandardCharsets.US_ASCII);
      if (!magic.equals("RDX2\n") && !magic.equals("RDX3\n")) {
        throw new IOException(
            "an .rda file must begin with RDX2 or RDX3, but this begins with '" + magic.strip() + "'");
      }
      if (!(RUnserializer.read(in) instanceof RValue.Pairs objects)) {
        throw new IOException("an .rda file must hold a list of named objects, but this holds another value");
      }
      int at = objects.tags().indexOf(name);
      if (at < 0) {
        throw new IOException("it holds no object '" + name + "'; it holds " + objects.tags());
      }
      return RTable.of(objects.values().get(at));
    } catch (IOException e) {
      throw new IOException("cannot read table '" + name + "' from " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a table from a package's lazy-load files.
   *
   * @param base the files' common path, without {@code .rdx} and {@code .rdb}
   * @param name the table's name
   * @throws IOException if a file cannot be read, is in another format, or holds no table of that name
   */
  public static RTable readLazy(Path base, String name) throws IOException {
    Path index = base.resolveSibling(base.getFileName() + ".rdx");
    Path store = base.resolveSibling(base.getFileName() + ".rdb");
    try (InputStream in = decompress(new BufferedInputStream(Files.newInputStream(index)))) {
      RValue root = RUnserializer.read(in);
      if (!(member(root, "variables") instanceof RValue.Values variables)) {
        throw new IOException("its index lists no variables");
      }
      if (!(member(variables, name) instanceof RValue.Ints place) || place.values().length != 2) {
        throw new IOException(
            "it holds no object '" + name + "'; it holds " + Arrays.toString(variables.texts("names")));
      }
      byte[] all = Files.readAllBytes(store);
      int offset = place.values()[0];
      int length = place.values()[1];
      if (offset < 0 || length < 5 || offset > all.length - length) {
        throw new IOException(
            "its index points outside of " + store.getFileName() + "; the two do not belong together");
      }
      int compression = member(root, "compressed") instanceof RValue.Ints kind ? kind.values()[0] : 1;
      byte[] chunk = Arrays.copyOfRange(all, offset, offset + length);
      try (InputStream value = decompressChunk(chunk, compression)) {
        return RTable.of(RUnserializer.read(value));
      }
    } catch (IOException e) {
      throw new IOException("cannot read table '" + name + "' from " + index + ": " + e.getMessage(), e);
    }
  }

  private static RValue member(RValue list, String name) {
    if (!(list instanceof RValue.Values values) || values.texts("names") == null) {
      return RValue.Other.NULL;
    }
    int at = List.of(values.texts("names")).indexOf(name);
    return at < 0 ? RValue.Other.NULL : values.values().get(at);
  }

  private static InputStream decompress(BufferedInputStream in) throws IOException {
    in.mark(6);
    byte[] start = in.readNBytes(6);
    in.reset();
    if (start.length >= 2 && (start[0] & 0xFF) == 0x1F && (start[1] & 0xFF) == 0x8B) {
      return new BufferedInputStream(new GZIPInputStream(in));
    }
    if (start.length >= 3 && start[0] == 'B' && start[1] == 'Z' && start[2] == 'h') {
      return new BufferedInputStream(new BZip2CompressorInputStream(in));
    }
    if (start.length >= 6 && (start[0] & 0xFF) == 0xFD && start[1] == '7' && start[2] == 'z') {
      return new BufferedInputStream(new XZInputStream(in));
    }
    if (start.length >= 2 && start[0] == 'x') { // zlib's usual first byte
      return new BufferedInputStream(new InflaterInputStream(in));
    }
    return in;
  }

  /** A value in an {@code .rdb}: its plain length, a letter for the compression in all but one form, its bytes. */
  private static InputStream decompressChunk(byte[] chunk, int compression) throws IOException {
    int plainLength = ByteBuffer.wrap(chunk).getInt();
    if (compression == 1) {
      return new BufferedInputStream(new InflaterInputStream(new ByteArrayInputStream(chunk, 4, chunk.length - 4)));
    }
    InputStream body = new ByteArrayInputStream(chunk, 5, chunk.length - 5);
    switch (chunk[4]) {
      case '0':
        return body;
      case '1':
        return new BufferedInputStream(new InflaterInputStream(body));
      case '2':
        return new BufferedInputStream(new BZip2CompressorInputStream(body));
      case 'Z':
        return new ByteArrayInputStream(new LZMA2InputStream(body, LAZY_XZ_DICTIONARY).readNBytes(plainLength));
      default:
        throw new IOException("its compression '" + (char) chunk[4] + "' is not known; 0, 1, 2 and Z are");
    }
  }
}
