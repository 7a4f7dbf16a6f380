package io.stopcast.importing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a text file, as bytes in a buffer that is used again. A line of more than {@value #LONGEST} bytes is cut
 * there, and says so.
 */
final class TextLines implements Closeable {
  static final int LONGEST = 4 << 20;

  private final Path file;
  private final InputStream in;
  private final byte[] chunk = new byte[1 << 16];
  private int next;
  private int end;
  private byte[] line = new byte[1 << 12];
  private int length;
  private boolean tooLong;
  private boolean ended;
  private long number;

  TextLines(Path file) throws IOException {
    this.file = file;
    this.in = Files.newInputStream(file);
  }

  /** Moves to the next line; false at the end of the file. */
  boolean advance() throws IOException {
    length = 0;
    tooLong = false;
    ended = false;
    boolean any = false;
    while (!ended) {
      if (next == end) {
        next = 0;
        end = Math.max(0, in.read(chunk));
        if (end == 0) {
          number += any ? 1 : 0;
          return any;
        }
      }
      any = true;
      int stop = next;
      while (stop < end && chunk[stop] != '\n') {
        stop++;
      }
      append(stop - next);
      ended = stop < end;
      next = ended ? stop + 1 : stop;
    }
    number++;
    return true;
  }

  private void append(int more) {
    int room = Math.min(more, LONGEST - length);
    tooLong |= room < more;
    if (length + room > line.length) {
      line = Arrays.copyOf(line, Math.max(length + room, 2 * line.length));
    }
    System.arraycopy(chunk, next, line, length, room);
    length += room;
  }

  /** The current line's bytes, valid up to {@link #length} until the next {@link #advance}. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  boolean isTooLong() {
    return tooLong;
  }

  /** Whether a line break follows; the last line may be without, and was perhaps not written to its end then. */
  boolean isEnded() {
    return ended;
  }

  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] > ' ' || line[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Which line this is, for messages. */
  String where() {
    return "%s line %d".formatted(file, number);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
