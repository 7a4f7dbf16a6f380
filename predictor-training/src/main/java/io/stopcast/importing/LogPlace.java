package io.stopcast.importing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file or a folder that may hold logs.
 *
 * @param path where it lies
 * @param isFolder whether it is a folder
 * @param head the first bytes of a file, at most {@value #HEAD}; empty for a folder
 */
public record LogPlace(Path path, boolean isFolder, byte[] head) {
  static final int HEAD = 64 << 10;

  static LogPlace of(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new LogPlace(path, true, new byte[0]);
    }
    try (InputStream in = Files.newInputStream(path)) {
      return new LogPlace(path, false, in.readNBytes(HEAD));
    }
  }
}
