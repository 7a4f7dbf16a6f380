package io.stopcast.datasets.rdata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.FinishableWrapperOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class RFilesTest {
  @TempDir Path folder;

  /**
   * A data frame as R writes it: reals, a factor, logicals, texts, a matrix, and row names in the compact form. The
   * second symbol in it, "class", comes again as a reference.
   */
  private static RStream frame(RStream out, int symbolsBefore) throws IOException {
    out.attributedList(5);
    out.reals(1.5, RStream.NA_REAL, -2);
    out.factorCodes(2, RStream.NA_INT, 1).pair("levels").strings("low", "high").pair("class").strings("factor").end();
    out.logicals(1, 0, RStream.NA_INT);
    out.strings("b", null, "a");
    out.attributedReals(1, 2, 3, 4, 5, 6).pair("dim").ints(3, 2).end();
    out.pair("names").strings("size", "grade", "good", "word", "m");
    out.pairWithKnownTag(symbolsBefore + 2).strings("data.frame");
    out.pair("row.names").compactSequence(3);
    return out.end();
  }

  private static byte[] saved() throws IOException {
    RStream out = new RStream().header().pair("toy");
    byte[] value = frame(out, 1).end().toBytes();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("RDX3\n".getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(value);
    return file.toByteArray();
  }

  private static byte[] compress(String how, byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream out;
    switch (how) {
      case "gzip":
        out = new GZIPOutputStream(bytes);
        break;
      case "zlib":
        out = new DeflaterOutputStream(bytes);
        break;
      case "bzip2":
        out = new BZip2CompressorOutputStream(bytes);
        break;
      case "xz":
        out = new XZOutputStream(bytes, new LZMA2Options());
        break;
      case "lzma2":
        out = new LZMA2Options(6).getOutputStream(new FinishableWrapperOutputStream(bytes));
        break;
      default:
        out = bytes;
    }
    try (out) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static void assertIsTheFrame(RTable table) {
    assertEquals(
        List.of("size", "grade", "good", "word", "m1", "m2"),
        table.columns().stream().map(RTable.Column::name).toList());
    assertEquals(3, table.rows());
    assertArrayEquals(new double[] {1.5, Double.NaN, -2}, table.columns().get(0).values());
    assertFalse(table.columns().get(0).isCategory());
    assertArrayEquals(new double[] {1, Double.NaN, 0}, table.columns().get(1).values());
    assertEquals(List.of("low", "high"), table.columns().get(1).levels());
    assertArrayEquals(new double[] {1, 0, Double.NaN}, table.columns().get(2).values());
    assertArrayEquals(new double[] {1, Double.NaN, 0}, table.columns().get(3).values());
    assertEquals(List.of("a", "b"), table.columns().get(3).levels());
    assertArrayEquals(new double[] {1, 2, 3}, table.columns().get(4).values());
    assertArrayEquals(new double[] {4, 5, 6}, table.columns().get(5).values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "bzip2", "xz"})
  void readSaved_everyCompression_givesTheFrame(String compression) throws IOException {
    Path file = folder.resolve("toy.rda");
    Files.write(file, compress(compression, saved()));

    assertIsTheFrame(RFiles.readSaved(file, "toy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zlib", "1zlib", "2bzip2", "Zlzma2", "0plain"})
  void readLazy_everyCompression_givesTheFrame(String form) throws IOException {
    byte[] value = frame(new RStream().header(), 0).toBytes();
    ByteArrayOutputStream store = new ByteArrayOutputStream();
    store.writeBytes("something before".getBytes(StandardCharsets.US_ASCII));
    int offset = store.size();
    DataOutputStream out = new DataOutputStream(store);
    out.writeInt(value.length);
    boolean lettered = !form.equals("zlib");
    if (lettered) {
      out.writeByte(form.charAt(0));
    }
    out.write(compress(lettered ? form.substring(1) : form, value));
    int length = store.size() - offset;
    store.writeBytes("something after".getBytes(StandardCharsets.US_ASCII));
    Files.write(folder.resolve("Rdata.rdb"), store.toByteArray());
    Files.write(folder.resolve("Rdata.rdx"), compress("zlib", index(offset, length, lettered ? 3 : 1)));

    assertIsTheFrame(RFiles.readLazy(folder.resolve("Rdata"), "toy"));
  }

  private static byte[] index(int offset, int length, int compression) throws IOException {
    RStream out = new RStream().header();
    out.attributedList(2);
    out.attributedList(1).ints(offset, length).pair("names").strings("toy").end();
    out.ints(compression);
    out.pairWithKnownTag(1).strings("variables", "compressed").end();
    return out.toBytes();
  }

  @Test
  void readLazy_indexOfAnotherStore_saysSo() throws IOException {
    Files.write(folder.resolve("Rdata.rdb"), new byte[10]);
    Files.write(folder.resolve("Rdata.rdx"), compress("zlib", index(8, 20, 1)));

    IOException e = assertThrows(IOException.class, () -> RFiles.readLazy(folder.resolve("Rdata"), "toy"));
    assertTrue(
        e.getMessage().endsWith("its index points outside of Rdata.rdb; the two do not belong together"),
        e.getMessage());
  }

  @Test
  void readSaved_otherName_namesWhatIsThere() throws IOException {
    Path file = folder.resolve("toy.rda");
    Files.write(file, compress("gzip", saved()));

    IOException e = assertThrows(IOException.class, () -> RFiles.readSaved(file, "Sonar"));
    assertEquals(
        "cannot read table 'Sonar' from " + file + ": it holds no object 'Sonar'; it holds [toy]", e.getMessage());
  }

  @Test
  void readSaved_cutOffAnywhere_fails() throws IOException {
    byte[] whole = saved();
    Path file = folder.resolve("toy.rda");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(IOException.class, () -> RFiles.readSaved(file, "toy"), "cut to " + length + " bytes");
    }
  }

  @Test
  void readSaved_lengthThatCannotBe_namesIt() throws IOException {
    Path file = folder.resolve("toy.rda");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("RDX3\n".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(new RStream().header().pair("toy").raw(14).raw(-7).toBytes());
    Files.write(file, bytes.toByteArray());

    IOException e = assertThrows(IOException.class, () -> RFiles.readSaved(file, "toy"));
    assertTrue(e.getMessage().contains("claims a length of -7"), e.getMessage());
  }

  @Test
  void readSaved_endlessNesting_failsInsteadOfOverflowing() throws IOException {
    RStream out = new RStream().header().pair("toy");
    for (int i = 0; i < 100_000; i++) {
      out.raw(19).raw(1);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("RDX3\n".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(out.toBytes());
    Path file = folder.resolve("deep.rda");
    Files.write(file, bytes.toByteArray());

    IOException e = assertThrows(IOException.class, () -> RFiles.readSaved(file, "toy"));
    assertTrue(e.getMessage().contains("nested deeper than 500 levels"), e.getMessage());
  }

  @Test
  void readSaved_noRFile_saysWhatItShouldBeginWith() throws IOException {
    Path file = folder.resolve("toy.rda");
    Files.writeString(file, "a,b\n1,2\n");

    IOException e = assertThrows(IOException.class, () -> RFiles.readSaved(file, "toy"));
    assertTrue(e.getMessage().contains("must begin with RDX2 or RDX3"), e.getMessage());
  }
}
