package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The lines of a file of UTF-8, each no longer than allowed, so that memory is bounded. */
final class BoundedLines implements AutoCloseable {
  private final Path file;
  private final int longest;
  private final InputStream in;
  private final byte[] chunk = new byte[1 << 14];
  private int next;
  private int end;
  private byte[] line = new byte[1 << 8];
  private int length;
  private long number;
  private boolean ended;

  BoundedLines(Path file, int longest) throws IOException {
    this.file = file;
    this.longest = longest;
    this.in = Files.newInputStream(file);
  }

  /** Moves to the next line; false at the end of the file. */
  boolean advance() throws IOException {
    length = 0;
    ended = false;
    while (true) {
      if (next == end && !fill()) {
        number += length > 0 ? 1 : 0;
        return length > 0;
      }
      int stop = next;
      while (stop < end && chunk[stop] != '\n') {
        stop++;
      }
      append(stop);
      next = stop;
      if (stop < end) {
        next++;
        number++;
        ended = true;
        return true;
      }
    }
  }

  /** The current line without its end. */
  String text() {
    int size = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    return new String(line, 0, size, StandardCharsets.UTF_8);
  }

  /** The current line's number, from 1. */
  long number() {
    return number;
  }

  /** Whether the current line has an end: only the last one may have none. */
  boolean isEnded() {
    return ended;
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(0, in.read(chunk));
    return end > 0;
  }

  private void append(int stop) throws ImportException {
    int more = stop - next;
    if (length + more > longest) {
      throw new ImportException(
          "%s line %d: longer than %d bytes; this is not such a log, or it is damaged".formatted(file, number + 1, longest));
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
    }
    System.arraycopy(chunk, next, line, length, more);
    length += more;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
