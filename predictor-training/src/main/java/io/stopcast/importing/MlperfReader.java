package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Results of MLPerf training: {@code :::MLLOG} and a JSON object, anywhere in a line of any text.
 *
 * <p>What is logged with an epoch, a step or a count of samples is a metric; what is logged before the first epoch, a hyper-parameter. A run
 * that reached its target quality says {@code success}.
 */
final class MlperfReader implements LogReader {
  private static final byte[] MARK = ":::MLLOG ".getBytes(StandardCharsets.US_ASCII);

  @Override
  public String format() {
    return "mlperf";
  }

  @Override
  public boolean recognizes(LogPlace place) {
    return !place.isFolder() && find(place.head(), place.head().length) >= 0;
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path file = place.path().toAbsolutePath().normalize();
    FolderName folder = FolderName.of(file.getParent());
    MlperfRun run = new MlperfRun(sink, new FolderName(folder.task(), folder.run() + "/" + file.getFileName()));
    try (TextLines lines = new TextLines(place.path())) {
      while (lines.advance()) {
        int mark = find(lines.bytes(), lines.length());
        if (mark < 0) {
          continue;
        }
        if (lines.isTooLong()) {
          sink.skipped(lines.where(), "longer than the %d bytes a line may have; it was left out".formatted(TextLines.LONGEST));
          continue;
        }
        try (JsonParser in = LogJson.open(lines.bytes(), mark, lines.length())) {
          if (in.nextToken() == JsonToken.START_OBJECT) {
            run.read(in);
          } else {
            sink.skipped(lines.where(), "expected a JSON object after :::MLLOG; the line was left out");
          }
        } catch (JsonProcessingException e) {
          sink.skipped(lines.where(), LogJson.fault(e) + "; the line was left out");
        } catch (MalformedRecordException e) {
          sink.skipped(lines.where(), e.getMessage() + "; the line was left out");
        }
      }
    }
    run.finish();
    if (run.isEmpty()) {
      sink.skipped(place.path().toString(), "no run was started there");
    }
  }

  /** Where the JSON begins; -1 if the line has none. */
  private static int find(byte[] bytes, int length) {
    for (int i = 0; i <= length - MARK.length; i++) {
      if (bytes[i] == ':' && Arrays.equals(bytes, i, i + MARK.length, MARK, 0, MARK.length)) {
        return i + MARK.length;
      }
    }
    return -1;
  }
}
