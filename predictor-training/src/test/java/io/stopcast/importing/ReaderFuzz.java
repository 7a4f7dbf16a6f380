package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.fail;

import io.stopcast.run.Direction;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Gives a reader mutated logs and random bytes: whatever they are, it must answer with what it found or with an {@link
 * IOException}, within seconds, and tell the sink nothing that a sink need not bear.
 *
 * <p>Each input is made from a seed of its own, which a failure names. Two seconds, or as many as the system property
 * {@code stopcast.fuzz.seconds} says: {@code mvn -Dtest='*FuzzTest' -Dstopcast.fuzz.seconds=600 ...}
 */
final class ReaderFuzz {
  private static final double SECONDS = Double.parseDouble(System.getProperty("stopcast.fuzz.seconds", "2"));
  private static final long SLOWEST_SECONDS = 20;
  private static final int LONGEST = 1 << 16;
  private static final byte[] NOTABLE = {
    0, 1, 7, 8, 0x0a, 0x12, 0x7f, -128, -1, '"', '{', '}', '[', ']', '\n', ',', '-', '.', '9', 'e'
  };

  private final LogReader reader;
  private final Path place;
  private final Path file;
  private final List<byte[]> seeds;
  private final UnaryOperator<byte[]> mend;
  private volatile long seed;

  private ReaderFuzz(LogReader reader, Path place, Path file, List<byte[]> seeds, UnaryOperator<byte[]> mend) {
    this.reader = reader;
    this.place = place;
    this.file = file;
    this.seeds = seeds;
    this.mend = mend;
  }

  /**
   * Reads one file again and again.
   *
   * @param file is written anew for every input
   * @param seeds valid logs
   * @return how many inputs were tried
   */
  static long run(LogReader reader, Path file, List<byte[]> seeds) throws Exception {
    return run(reader, file, file, seeds, UnaryOperator.identity());
  }

  /**
   * Reads a place again and again of which one file changes.
   *
   * @param place what the reader is given: the file, or a folder around it
   * @param mend makes the checksums of every other input right again, so that more than the check of checksums is tried
   * @return how many inputs were tried
   */
  static long run(LogReader reader, Path place, Path file, List<byte[]> seeds, UnaryOperator<byte[]> mend)
      throws Exception {
    ReaderFuzz fuzz = new ReaderFuzz(reader, place, file, seeds, mend);
    FutureTask<Void> task = new FutureTask<>(fuzz::loop, null);
    Thread thread = new Thread(task, "fuzz " + reader.format());
    thread.setDaemon(true);
    thread.start();
    try {
      task.get((long) (1000 * SECONDS) + 1000 * SLOWEST_SECONDS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      StackTraceElement[] where = thread.getStackTrace();
      fail("%s hangs on input %d, at %s".formatted(reader.format(), fuzz.seed, Arrays.toString(where)), e);
    } catch (ExecutionException e) {
      fail("%s: input %d of %s".formatted(reader.format(), fuzz.seed, e.getCause()), e.getCause());
    }
    return fuzz.seed - 1;
  }

  private void loop() {
    long until = System.nanoTime() + (long) (SECONDS * 1e9);
    for (seed = 1; seed <= seeds.size() || System.nanoTime() < until; seed++) {
      byte[] input = seed <= seeds.size() ? seeds.get((int) seed - 1) : input(new SplittableRandom(seed));
      try {
        Files.deleteIfExists(file); // a file that is cut to nothing and written again is flushed to disk by some file systems
        Files.write(file, input);
        LogPlace at = LogPlace.of(place);
        reader.recognizes(at);
        reader.read(at, new CheckingSink());
      } catch (IOException e) {
        if (e.getMessage() == null || e.getMessage().isEmpty()) {
          throw new AssertionError("an exception that says nothing, for " + hex(input), e);
        }
      } catch (Throwable e) {
        throw new AssertionError(hex(input) + " (the bytes), which threw " + e, e);
      }
    }
  }

  private static String hex(byte[] input) {
    return HexFormat.of().formatHex(input, 0, Math.min(input.length, 4096));
  }

  private byte[] input(SplittableRandom random) {
    if (random.nextInt(16) == 0) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      return bytes;
    }
    byte[] bytes = pick(random).clone();
    for (int n = 1 + random.nextInt(6); n > 0; n--) {
      bytes = mutate(bytes, random);
    }
    return random.nextBoolean() ? mend.apply(bytes) : bytes;
  }

  private byte[] pick(SplittableRandom random) {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] mutate(byte[] bytes, SplittableRandom random) {
    if (bytes.length == 0) {
      return pick(random).clone();
    }
    int at = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(16), bytes.length - at);
    switch (random.nextInt(9)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2, 3 -> bytes[at] = NOTABLE[random.nextInt(NOTABLE.length)];
      case 4 -> Arrays.fill(bytes, at, at + length, NOTABLE[random.nextInt(NOTABLE.length)]);
      case 5 -> {
        return splice(bytes, at, at + length, new byte[0]);
      }
      case 6 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 7 -> {
        byte[] other = pick(random);
        int from = random.nextInt(other.length + 1);
        int size = Math.min(other.length - from, random.nextInt(200));
        return splice(bytes, at, at, Arrays.copyOfRange(other, from, from + size));
      }
      default -> {
        byte[] again = new byte[Math.min(length * (1 + random.nextInt(40)), 600)];
        for (int i = 0; i < again.length; i++) {
          again[i] = bytes[at + i % length];
        }
        return splice(bytes, at, at, again);
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] put) {
    if (bytes.length + put.length > LONGEST) {
      return bytes;
    }
    byte[] all = new byte[bytes.length - (to - from) + put.length];
    System.arraycopy(bytes, 0, all, 0, from);
    System.arraycopy(put, 0, all, from, put.length);
    System.arraycopy(bytes, to, all, from + put.length, bytes.length - to);
    return all;
  }

  /** Fails if it is told what no sink need bear. */
  private static final class CheckingSink implements LogSink, LoggedRun {
    @Override
    public LoggedRun run(String task, String run) {
      requireText(task);
      requireText(run);
      return this;
    }

    @Override
    public void skipped(String where, String why) {
      requireText(where);
      requireText(why);
    }

    @Override
    public void repaired(String where, String what) {
      requireText(where);
      requireText(what);
    }

    @Override
    public void value(String metric, long step, long millis, double value) {
      requireText(metric);
    }

    @Override
    public void restart(long step) {}

    @Override
    public void parameter(String name, Object value) {
      requireText(name);
      if (!(value instanceof String || value instanceof Boolean || value instanceof Double || value instanceof Long)) {
        throw new AssertionError("parameter " + name + " is neither a string, a boolean, a Double nor a Long: " + value);
      }
    }

    @Override
    public void end(End end) {
      requireNotNull(end);
    }

    @Override
    public void exempt(long step, double propensity) {
      if (!(propensity > 0 && propensity < 1)) {
        throw new AssertionError("propensity " + propensity + " is not between 0 and 1");
      }
    }

    @Override
    public void started(Instant start) {
      requireNotNull(start);
    }

    @Override
    public void plannedStep(long last) {}

    @Override
    public void objective(String metric, Direction direction) {
      requireText(metric);
    }

    @Override
    public void plannedPoints(long points) {}

    @Override
    public void plannedCost(double cost) {}

    @Override
    public void label(String metric) {}

    @Override
    public LoggedRun run(String source, String task, String run) throws IOException {
      return run(task, run);
    }

    @Override
    public void costMetric(String metric, String unit) {
      requireText(metric);
      requireText(unit);
    }

    private static void requireText(String text) {
      if (text == null || text.isEmpty()) {
        throw new AssertionError("an empty name or message");
      }
    }

    private static void requireNotNull(Object value) {
      if (value == null) {
        throw new AssertionError("null");
      }
    }
  }
}
