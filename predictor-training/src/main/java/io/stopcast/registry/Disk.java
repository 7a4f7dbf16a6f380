package io.stopcast.registry;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The few operations by which a registry changes a disk. What was written or renamed may be lost in a power cut, in any order, until the
 * file, or the folder that names it, is synced.
 */
interface Disk {
  /** Makes a folder, whose parent must exist. */
  void createFolder(Path folder) throws IOException;

  /** Writes a file anew. */
  void write(Path file, byte[] bytes) throws IOException;

  /** Waits until the bytes of a file, or the names in a folder, are on the disk. After a failure nobody knows what is there: do not try again. */
  void sync(Path path) throws IOException;

  /** Renames, in one step, and replaces a file that has that name. */
  void move(Path from, Path to) throws IOException;

  /** Removes a file or an empty folder; nothing if there is none. */
  void delete(Path path) throws IOException;

  /** The computer's own. */
  Disk REAL =
      new Disk() {
        @Override
        public void createFolder(Path folder) throws IOException {
          Files.createDirectory(folder);
        }

        @Override
        public void write(Path file, byte[] bytes) throws IOException {
          Files.write(file, bytes);
        }

        @Override
        public void sync(Path path) throws IOException {
          boolean isFolder = Files.isDirectory(path);
          if (isFolder && File.separatorChar == '\\') {
            return; // Windows opens no folder, and keeps names by itself
          }
          try (FileChannel channel = FileChannel.open(path, isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }

        @Override
        public void move(Path from, Path to) throws IOException {
          try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
          } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("%s cannot be published: its file system has no atomic rename".formatted(to), e);
          }
        }

        @Override
        public void delete(Path path) throws IOException {
          Files.deleteIfExists(path);
        }
      };
}
