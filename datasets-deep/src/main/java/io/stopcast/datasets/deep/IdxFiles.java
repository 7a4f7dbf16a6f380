package io.stopcast.datasets.deep;

import io.stopcast.datasets.table.DebianPackages;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Images and labels in the IDX format of LeCun's MNIST, gzipped; each image becomes one of half the side by averaging.
 *
 * @param debianPackage the package that ships them
 * @param folder where in the package they lie
 */
record IdxFiles(String debianPackage, String folder) {
  static final IdxFiles FASHION = new IdxFiles("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist");

  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;

  /** The first images of the file whose name starts so. */
  Images read(DebianPackages packages, String prefix, int count) throws IOException {
    Path root = packages.root(debianPackage).resolve(folder);
    return read(
        root.resolve(prefix + "-images-idx3-ubyte.gz"), root.resolve(prefix + "-labels-idx1-ubyte.gz"), count);
  }

  static Images read(Path imageFile, Path labelFile, int count) throws IOException {
    int[] labels = new int[count];
    try (DataInputStream in = open(labelFile, LABELS, count)) {
      for (int i = 0; i < count; i++) {
        labels[i] = in.readUnsignedByte();
      }
    }
    try (DataInputStream in = open(imageFile, IMAGES, count)) {
      int side = in.readInt();
      int width = in.readInt();
      if (side != width || side % 2 != 0) {
        throw new IOException(
            "expected square images of an even side in %s, but they are %d x %d".formatted(imageFile, side, width));
      }
      float[][] pixels = new float[count][];
      for (int i = 0; i < count; i++) {
        pixels[i] = halved(in.readNBytes(side * side), side);
      }
      return new Images(side / 2, pixels, labels);
    }
  }

  private static DataInputStream open(Path file, int magic, int count) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16)));
    int found = in.readInt();
    int available = in.readInt();
    if (found != magic || available < count) {
      in.close();
      throw new IOException(
          "expected %d entries behind %#x in %s, but there are %d behind %#x"
              .formatted(count, magic, file, available, found));
    }
    return in;
  }

  private static float[] halved(byte[] image, int side) {
    float[] smaller = new float[side / 2 * (side / 2)];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        smaller[y / 2 * (side / 2) + x / 2] += (image[y * side + x] & 0xff) / (4 * 255f);
      }
    }
    return smaller;
  }
}
