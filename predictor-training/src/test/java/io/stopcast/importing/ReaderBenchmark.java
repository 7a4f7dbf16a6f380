package io.stopcast.importing;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * How many megabytes a second the readers of binary logs read into a sink that only counts, beside reading the same bytes
 * with nothing but one checksum over them.
 *
 * <p>{@code mvn -q test-compile && java -cp predictor-training/target/classes:predictor-training/target/test-classes:$(classpath)
 * io.stopcast.importing.ReaderBenchmark}, the class path as {@code mvn dependency:build-classpath} tells it
 */
final class ReaderBenchmark {
  private static final int MEGABYTES = 200;
  private static final int ROUNDS = 7;

  private ReaderBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("reader-benchmark");
    try {
      Path events = folder.resolve("events.out.tfevents.1700000000.host");
      write(events, scalars());
      measure(new TensorBoardReader(), events, "simple_value", new CRC32C());
      write(events, tensors());
      measure(new TensorBoardReader(), events, "tensor", new CRC32C());
      Path wandb = folder.resolve("run-abc.wandb");
      writeWandb(wandb);
      measure(new WandbReader(), wandb, "history", new CRC32());
    } finally {
      for (String file : new String[] {"events.out.tfevents.1700000000.host", "run-abc.wandb"}) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.delete(folder);
    }
  }

  private static void measure(LogReader reader, Path file, String what, Checksum checksum) throws IOException {
    double size = Files.size(file) / 1e6;
    double[] raw = new double[ROUNDS];
    double[] read = new double[ROUNDS];
    CountingSink sink = new CountingSink();
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      checksum(file, checksum);
      raw[round] = size / ((System.nanoTime() - start) / 1e9);
      sink = new CountingSink();
      start = System.nanoTime();
      reader.read(LogPlace.of(file), sink);
      read[round] = size / ((System.nanoTime() - start) / 1e9);
    }
    Arrays.sort(raw);
    Arrays.sort(read);
    System.out.printf(
        "%-11s %-12s %.0f MB, %d values: %4.0f MB/s (slowest %.0f), %5.2f million values/s; checksum alone %5.0f MB/s%n",
        reader.format(), what, size, sink.values, read[ROUNDS / 2], read[0], sink.values / size * read[ROUNDS / 2] / 1e6, raw[ROUNDS / 2]);
  }

  private static void checksum(Path file, Checksum checksum) throws IOException {
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        checksum.update(buffer, 0, n);
      }
    }
  }

  /** A few thousand records, again and again. */
  private static void write(Path file, byte[] records) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
      for (long size = 0; size < MEGABYTES * 1_000_000L; size += records.length) {
        out.write(records);
      }
    }
  }

  private static byte[] scalars() {
    SplittableRandom random = new SplittableRandom(1);
    EventBytes events = EventBytes.begunAt(1.7e9);
    for (int step = 1; step <= 5000; step++) {
      for (String tag : new String[] {"train/loss", "train/accuracy", "learning_rate", "validation/loss"}) {
        events.scalar(1.7e9 + step, step, tag, (float) random.nextDouble());
      }
    }
    return events.toBytes();
  }

  private static byte[] tensors() {
    SplittableRandom random = new SplittableRandom(1);
    EventBytes events = EventBytes.begunAt(1.7e9);
    for (int step = 1; step <= 5000; step++) {
      for (String tag : new String[] {"epoch_loss", "epoch_accuracy", "epoch_learning_rate"}) {
        int bits = Float.floatToIntBits((float) random.nextDouble());
        byte[] content = {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)};
        events.tensor(1.7e9 + step, step, tag, new Proto().varint(1, 1).message(2, new Proto()).bytes(4, content));
      }
    }
    return events.toBytes();
  }

  /**
   * As today's client writes it: a record of history for each step, numbers of 17 digits; its blocks begin at multiples of
   * their size.
   */
  private static void writeWandb(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    WandbBytes records = new WandbBytes().run(new Proto().text(1, "abc").text(3, "benchmark"));
    for (int step = 1; step <= 300_000 && records.size() < MEGABYTES * 1_000_000; step++) {
      records.history(
          step,
          "_timestamp", Double.toString(1.7e9 + step + random.nextDouble()),
          "_runtime", Double.toString(step + random.nextDouble()),
          "_step", Integer.toString(step),
          "train/loss", Double.toString(random.nextDouble()),
          "train/accuracy", Double.toString(random.nextDouble()),
          "lr", Double.toString(random.nextInt(1000) / 1e4));
    }
    Files.write(file, records.toBytes());
  }
}
