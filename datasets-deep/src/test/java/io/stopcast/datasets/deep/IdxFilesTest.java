package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {
  @TempDir private Path folder;
  private Path images;
  private Path labels;

  @BeforeEach
  void write() throws IOException {
    images = folder.resolve("images.gz");
    labels = folder.resolve("labels.gz");
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(images)))) {
      for (int header : new int[] {0x803, 2, 4, 4}) {
        out.writeInt(header);
      }
      out.write(new byte[] {-1, -1, 0, 0, -1, -1, 0, 51, 0, 0, 0, 0, 0, 0, 0, 0}); // -1 is 255
      out.write(new byte[16]);
    }
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(labels)))) {
      out.writeInt(0x801);
      out.writeInt(2);
      out.write(new byte[] {7, 3});
    }
  }

  @Test
  void read_halvesTheSideByAveraging() throws IOException {
    Images read = IdxFiles.read(images, labels, 2);

    assertEquals(2, read.side());
    assertArrayEquals(new int[] {7, 3}, read.labels());
    assertArrayEquals(new float[] {1, 0.05f, 0, 0}, read.pixels()[0], 1e-6f);
  }

  @Test
  void read_tooFew_saysHowMany() {
    IOException failure = assertThrows(IOException.class, () -> IdxFiles.read(images, labels, 3));

    assertEquals(
        "expected 3 entries behind 0x801 in " + labels + ", but there are 2 behind 0x801", failure.getMessage());
  }
}
