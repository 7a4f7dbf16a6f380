package io.stopcast.history;

import com.fasterxml.jackson.core.JacksonException;
import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.file.Path;

/** The runs in a file of JSON lines, plain or gzip, one in memory at a time. */
public final class RunLines {
  private RunLines() {}

  /** Takes what a file holds. */
  public interface Taker {
    /** A run, and where it stands. */
    void run(Run run, String where) throws IOException;

    /** A line that is no run, or the end of a file that was cut off. Reading goes on behind it if nothing is thrown. */
    void fault(String message, Exception cause) throws IOException;
  }

  /** Hands over everything in the file, in order. */
  public static void read(Path file, Taker to) throws IOException {
    JsonRunParser parser = new JsonRunParser();
    try (Lines lines = Lines.open(file)) {
      while (lines.advance()) {
        if (isBlank(lines)) {
          continue;
        }
        String where = lines.file() + " line " + lines.number();
        Run run;
        try {
          run = parser.parse(lines.bytes(), lines.length());
        } catch (JsonRunParser.Fault | JacksonException e) {
          to.fault(where + ": " + e.getMessage() + ". Mend the line, or skip it with --lenient", e);
          continue;
        }
        to.run(run, where);
      }
    } catch (Lines.TruncatedException e) {
      to.fault(e.getMessage(), e);
    }
  }

  private static boolean isBlank(Lines lines) {
    for (int i = 0; i < lines.length(); i++) {
      if (lines.bytes()[i] > ' ' || lines.bytes()[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
