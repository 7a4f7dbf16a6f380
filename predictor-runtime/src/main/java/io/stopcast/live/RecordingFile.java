package io.stopcast.live;

import io.stopcast.run.RunContext;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that lines are appended to, by one writer at a time. Each line is given to the operating system at once, so that it
 * survives the process; it is not forced onto the disk.
 */
final class RecordingFile implements Closeable {
  private static final int LONGEST_STEM = 80;
  private static final int DIGEST_BYTES = 8;

  // Not a channel: an interrupt of the trainer's thread would close that.
  private final FileOutputStream out;
  private final boolean resumed;

  private RecordingFile(FileOutputStream out, boolean resumed) {
    this.out = out;
    this.resumed = resumed;
  }

  /**
   * The file of a run: its name as far as it is harmless in any file system, and a digest of what it is called in full, by
   * which runs differ.
   */
  static Path of(Path folder, RunContext run) {
    JsonLine full = new JsonLine().text(run.source()).text(run.task()).text(run.run());
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    digest.update(full.bytes(), 0, full.length());
    String name = run.run();
    String stem = name.substring(0, Math.min(name.length(), LONGEST_STEM)).replaceAll("[^A-Za-z0-9_-]", "_");
    return folder.resolve(stem + "-" + HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES) + ".jsonl");
  }

  /** Opens it for appending, behind what is there. */
  static RecordingFile open(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) { // a link to one would be refused below
      Files.createDirectories(folder);
    }
    FileOutputStream out = new FileOutputStream(file.toFile(), true);
    try {
      lock(out, file);
      long size = Files.size(file);
      if (size > 0 && lastByte(file, size) != '\n') {
        out.write('\n'); // what came before was cut off within a line
      }
      return new RecordingFile(out, size > 0);
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
  }

  /** Keeps a second run of the same name out, of this process or another; the lock goes with the file. */
  private static void lock(FileOutputStream out, Path file) throws IOException {
    boolean taken;
    try {
      taken = out.getChannel().tryLock() == null;
    } catch (OverlappingFileLockException e) {
      taken = true;
    } catch (IOException e) {
      taken = false; // a file system without locks
    }
    if (taken) {
      throw new IOException(
          file + " is being written by another run of the same source, task and name; give each run a name of its own");
    }
  }

  private static int lastByte(Path file, long size) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(size - 1);
      return in.read();
    }
  }

  /** Whether something was in it when it was opened. */
  boolean isResumed() {
    return resumed;
  }

  void append(JsonLine line) throws IOException {
    out.write(line.bytes(), 0, line.length());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
