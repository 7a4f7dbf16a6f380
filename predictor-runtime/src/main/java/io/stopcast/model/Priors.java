package io.stopcast.model;

import io.stopcast.feature.EarlierRun;
import io.stopcast.feature.TaskHistory;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The histories of the tasks that a model knows, by what {@link #key} makes of a run. Travels inside the model file; a
 * newer one may take its place without training the trees again. Immutable; safe for all threads.
 */
public record Priors(Map<String, TaskHistory> tasks) {
  /** No task is known. */
  public static final Priors NONE = new Priors(Map.of());

  private static final int VERSION = 1;

  /** How many bytes are inflated at most, whatever a file claims. */
  private static final int MOST_BYTES = 32 << 20;

  /** Inflating byte by byte takes fifty times as long. */
  private static final int BLOCK = 1 << 16;

  public Priors {
    tasks = Map.copyOf(tasks);
  }

  /**
   * The histories of these runs, all of which ended by themselves; those without a usable value are left out, and of a
   * task with more than {@code mostRuns} the earlier ones.
   */
  public static Priors of(Collection<Run> runs, int mostRuns) {
    Map<String, List<EarlierRun>> byTask = new HashMap<>();
    for (Run run : runs) {
      if (run.steps().stream().anyMatch(step -> Double.isFinite(run.context().objective().gain(step)))) {
        byTask.computeIfAbsent(key(run.context()), k -> new ArrayList<>()).add(EarlierRun.of(run));
      }
    }
    Map<String, TaskHistory> tasks = new HashMap<>();
    byTask.forEach(
        (task, all) -> tasks.put(task, TaskHistory.of(all.subList(Math.max(0, all.size() - mostRuns), all.size()))));
    return new Priors(tasks);
  }

  /** The history of the run's task without the run itself; {@link TaskHistory#NONE} if there is none. */
  public TaskHistory of(RunContext run) {
    TaskHistory history = tasks.get(key(run));
    return history == null ? TaskHistory.NONE : history.without(run.run());
  }

  /** What a task is filed under: its source, its name and what it is judged by. */
  public static String key(RunContext run) {
    return run.source() + '\n' + run.task() + '\n' + run.objective().metric();
  }

  /** As text for a property of the model file: Base64 of deflated bytes. */
  public String format() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
      out.writeByte(VERSION);
      out.writeInt(tasks.size());
      for (Map.Entry<String, TaskHistory> task : new TreeMap<>(tasks).entrySet()) {
        out.writeUTF(task.getKey());
        task.getValue().write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } finally {
      deflater.end();
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads what {@link #format} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static Priors parse(String text) {
    byte[] deflated = Base64.getDecoder().decode(text);
    Map<String, TaskHistory> tasks = new HashMap<>();
    try (DataInputStream in = new DataInputStream(new Limited(deflated))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("it is of version %d, but this runtime reads %d".formatted(version, VERSION));
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        tasks.put(in.readUTF(), TaskHistory.read(in));
      }
      if (in.read() >= 0) {
        throw new IOException("something follows the last task");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the priors cannot be read: " + e.getMessage(), e);
    }
    return new Priors(tasks);
  }

  /** Inflates no more than is allowed, in blocks, and gives it byte by byte without a lock, as the streams of the library do not. */
  private static final class Limited extends InputStream {
    private final Inflater inflater = new Inflater(true);
    private final InflaterInputStream in;
    private final byte[] block = new byte[BLOCK];
    private int next;
    private int end;
    private int left = MOST_BYTES;

    Limited(byte[] deflated) {
      in = new InflaterInputStream(new ByteArrayInputStream(deflated), inflater, BLOCK);
    }

    @Override
    public int read() throws IOException {
      return next < end || inflate() ? block[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (next == end && !inflate()) {
        return -1;
      }
      int count = Math.min(length, end - next);
      System.arraycopy(block, next, into, offset, count);
      next += count;
      return count;
    }

    private boolean inflate() throws IOException {
      int count = in.read(block, 0, BLOCK);
      left -= Math.max(0, count);
      if (left < 0) {
        throw new IOException("it inflates to more than " + MOST_BYTES + " bytes");
      }
      next = 0;
      end = Math.max(0, count);
      return count > 0;
    }

    @Override
    public void close() {
      inflater.end();
    }
  }
}
