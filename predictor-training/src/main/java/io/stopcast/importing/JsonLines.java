package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file with one JSON object a line, given to its reader one by one. A line that is broken is left out; a last one that is
 * cut off is normal for a run that was killed or is still going.
 */
final class JsonLines {
  /** Reads one object; the parser stands at its opening brace. */
  interface Reader {
    void read(JsonParser in, String where) throws IOException;
  }

  private JsonLines() {}

  /** Returns how many lines were read. */
  static long read(Path file, LogSink sink, Reader reader) throws IOException {
    long good = 0;
    try (TextLines lines = new TextLines(file)) {
      while (lines.advance()) {
        if (lines.isBlank()) {
          continue;
        }
        if (lines.isTooLong()) {
          sink.skipped(lines.where(), "longer than the %d bytes a line may have; it was left out".formatted(TextLines.LONGEST));
          continue;
        }
        try (JsonParser in = LogJson.open(lines.bytes(), 0, lines.length())) {
          if (in.nextToken() != JsonToken.START_OBJECT) {
            sink.skipped(lines.where(), "expected a JSON object; the line was left out");
            continue;
          }
          reader.read(in, lines.where());
          if (in.nextToken() != null) {
            sink.skipped(lines.where(), "something follows the JSON object; it was left out");
          }
          good++;
        } catch (JsonProcessingException e) {
          if (lines.isEnded()) {
            sink.skipped(lines.where(), LogJson.fault(e) + "; the rest of the line was left out");
          } else {
            sink.repaired(lines.where(), "the last line is cut off; %d lines before it were kept".formatted(good));
          }
        } catch (MalformedRecordException e) {
          sink.skipped(lines.where(), e.getMessage() + "; the rest of the line was left out");
        }
      }
    }
    return good;
  }

  /** Whether a file begins with an object that has these keys, all of them, as far as its first bytes tell. */
  static boolean beginsWith(byte[] head, String... keys) {
    try (JsonParser in = LogJson.open(head, 0, head.length)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      int found = 0;
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        for (String key : keys) {
          found += key.equals(in.currentName()) ? 1 : 0;
        }
        if (found == keys.length) {
          return true;
        }
        in.nextToken();
        in.skipChildren();
      }
      return false;
    } catch (IOException e) {
      return false; // broken, or longer than what is looked at
    }
  }
}
