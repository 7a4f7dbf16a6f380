package io.stopcast.history;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a file, plain or gzip (told by its first bytes), as bytes in a buffer that is used again.
 *
 * <p>Memory is bounded by the longest line, of at most {@value #LONGEST} bytes.
 */
final class Lines implements AutoCloseable {
  static final int LONGEST = 64 << 20;

  private final String file;
  private final InputStream in;
  private final byte[] chunk = new byte[1 << 16];
  private int next;
  private int end;
  private byte[] line = new byte[1 << 16];
  private int length;
  private long number;

  private Lines(String file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  static Lines open(Path path) throws IOException {
    String file = path.toString();
    if (!Files.exists(path)) {
      throw new ImportException("%s does not exist; give a .jsonl or .jsonl.gz file, or a folder of them".formatted(file));
    }
    InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      raw.mark(2);
      boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      return new Lines(file, gzip ? new GZIPInputStream(raw, 1 << 16) : raw);
    } catch (EOFException | ZipException e) {
      raw.close();
      throw new ImportException("%s starts like gzip but is not: %s".formatted(file, e.getMessage()), e);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /** Moves to the next line; false at the end of the file. */
  boolean advance() throws IOException {
    length = 0;
    boolean any = false;
    while (true) {
      if (next == end && !fill()) {
        if (any) {
          number++;
        }
        return any;
      }
      any = true;
      int stop = next;
      while (stop < end && chunk[stop] != '\n') {
        stop++;
      }
      append(stop);
      if (stop < end) {
        next = stop + 1;
        number++;
        return true;
      }
      next = stop;
    }
  }

  private boolean fill() throws IOException {
    try {
      end = Math.max(0, in.read(chunk));
    } catch (EOFException | ZipException e) {
      throw new TruncatedException(
          ("%s line %d: the gzip data is cut off or damaged (%s); fetch or write the file again, or read what is there"
                  + " with --lenient")
              .formatted(file, number + 1, e.getMessage()),
          e);
    }
    next = 0;
    return end > 0;
  }

  private void append(int stop) throws ImportException {
    int more = stop - next;
    if (length + more > LONGEST) {
      throw ImportException.at(
          file, number + 1, "longer than %d MiB; expected one run a line".formatted(LONGEST >> 20));
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
    }
    System.arraycopy(chunk, next, line, length, more);
    length += more;
  }

  /** The current line's bytes; valid up to {@link #length()} and until the next {@link #advance()}. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  /** The current line's number, from 1. */
  long number() {
    return number;
  }

  String file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The file ends in the middle; what came before is whole. */
  static final class TruncatedException extends IOException {
    private static final long serialVersionUID = 1L;

    TruncatedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
