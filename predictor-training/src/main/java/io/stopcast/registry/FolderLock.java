package io.stopcast.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to be the only one at something in a folder, among all processes of this computer, until closed. It goes with its process, however
 * that ends; the file stays. Nobody waits for it.
 */
public final class FolderLock implements AutoCloseable {
  /** Files whose lock this process holds: to close one of them, even through another channel, would let go of its lock. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param file in a folder that exists; made if need be
   * @param what is being done by whoever holds it, as in "models/ is being written by process 17"
   * @throws LockedException if it is held, naming the process that does
   */
  public static FolderLock take(Path file, String what) throws IOException {
    Path real = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    if (!OURS.add(real)) {
      throw new LockedException(file, what, "this process");
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel =
          FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      taken = channel.tryLock() != null;
      if (!taken) {
        String holder = Files.readString(real).strip();
        throw new LockedException(
            file, what, holder.matches("\\d{1,20}") ? "process " + holder : "another process");
      }
      byte[] note = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(note));
      return new FolderLock(real, channel);
    } catch (IOException | RuntimeException e) {
      taken = false;
      throw e;
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        OURS.remove(real);
      }
    }
  }

  /** Where it lies. */
  public Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      OURS.remove(file);
    }
  }

  /** Somebody else is at it. */
  public static final class LockedException extends IOException {
    private static final long serialVersionUID = 1;

    LockedException(Path lock, String what, String holder) {
      super("%s %s, which holds %s; try again when it is done".formatted(what, holder, lock));
    }
  }
}
