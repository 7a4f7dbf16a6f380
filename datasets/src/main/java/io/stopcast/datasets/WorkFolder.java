package io.stopcast.datasets;

import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.RunPlan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * A folder of finished runs, each a file, so that long work can be broken off, taken up again and shared.
 *
 * <p>Several processes may work in one folder. Who trains a run holds a lock on its claim file meanwhile; the operating
 * system gives the lock back when a process dies, so that no run stays claimed by nobody.
 */
final class WorkFolder {
  private final Path root;

  WorkFolder(Path root) {
    this.root = root;
  }

  /** A run that is being trained by this process, until it is closed. */
  final class Claim implements AutoCloseable {
    private final FileChannel channel;
    private final Family family;
    private final RunPlan plan;

    private Claim(FileChannel channel, Family family, RunPlan plan) {
      this.channel = channel;
      this.family = family;
      this.plan = plan;
    }

    /** Whether the run was finished between the look and the claim, by another process. */
    boolean isFinished() {
      return WorkFolder.this.isFinished(family, plan);
    }

    /** Keeps the finished run: whole, or not at all. */
    void finish(byte[] line) throws IOException {
      Path half = file(family, plan, "half");
      Files.write(half, line);
      Files.move(half, file(family, plan, "json"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
      channel.close(); // and with it goes the lock
    }
  }

  /** Claims a run; null if another process has it just now. */
  Claim tryClaim(Family family, RunPlan plan) throws IOException {
    FileChannel channel = openClaim(family, plan);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      return lock == null ? null : new Claim(channel, family, plan);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  /** Claims a run, waiting until the process that has it is done or dead. */
  Claim claim(Family family, RunPlan plan) throws IOException {
    FileChannel channel = openClaim(family, plan);
    boolean locked = false;
    try {
      channel.lock();
      locked = true;
      return new Claim(channel, family, plan);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private FileChannel openClaim(Family family, RunPlan plan) throws IOException {
    Path claim = file(family, plan, "claim");
    Files.createDirectories(claim.getParent());
    return FileChannel.open(claim, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  boolean isFinished(Family family, RunPlan plan) {
    return Files.exists(file(family, plan, "json"));
  }

  byte[] line(Family family, RunPlan plan) throws IOException {
    return Files.readAllBytes(file(family, plan, "json"));
  }

  /** How many runs of any family are finished here. */
  long finishedRuns() throws IOException {
    if (!Files.isDirectory(root)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".json")).count();
    }
  }

  /** Other settings or another code version have another name, so that a run is never taken for what it is not. */
  private Path file(Family family, RunPlan plan, String ending) {
    String name = plan.task().replace('/', '-') + "-" + plan.run() + "-" + hash(family, plan) + "." + ending;
    return root.resolve(family.name()).resolve(name);
  }

  private static String hash(Family family, RunPlan plan) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] bytes = digest.digest((family.codeVersion() + plan).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256, but this one has not", e);
    }
  }
}
