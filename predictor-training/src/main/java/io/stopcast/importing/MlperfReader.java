package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * Results of MLPerf training: {@code :::MLLOG} and a JSON object, anywhere in a line of any text.
 *
 * <p>What is logged with an epoch, a step or a count of samples is a metric; what is logged before the first epoch, a
 * hyper-parameter. A run that reached its target quality says {@code success}. The file is read twice: what steps are counted
 * in must be known first.
 */
final class MlperfReader implements LogReader {
  private static final byte[] MARK = ":::MLLOG ".getBytes(StandardCharsets.US_ASCII);

  @Override
  public String format() {
    return "mlperf";
  }

  @Override
  public boolean recognizes(LogPlace place) {
    byte[] head = place.head();
    int json = place.isFolder() ? -1 : find(head, head.length);
    return json >= 0
        && new String(head, json, Math.min(8, head.length - json), StandardCharsets.ISO_8859_1).matches("\\{\\s*\".*");
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    MlperfUnit unit = new MlperfUnit();
    read(place.path(), unit::observe, (where, why) -> {});
    FolderName folder = FolderName.of(place.path().toAbsolutePath().normalize().getParent());
    MlperfRun run = new MlperfRun(sink, new FolderName(folder.task(), folder.run() + "/" + place.path().getFileName()), unit);
    read(place.path(), run::tell, sink::skipped);
    run.finish(place.path());
    if (run.isEmpty()) {
      sink.skipped(place.path().toString(), "no run was started there");
    }
  }

  private interface Visitor {
    void entry(MlperfEntry entry) throws IOException;
  }

  private static void read(Path file, Visitor visitor, BiConsumer<String, String> skipped) throws IOException {
    MlperfEntry entry = new MlperfEntry();
    try (TextLines lines = new TextLines(file)) {
      while (lines.advance()) {
        int json = find(lines.bytes(), lines.length());
        if (json < 0) {
          continue;
        }
        if (lines.isTooLong()) {
          skipped.accept(lines.where(), "longer than the %d bytes a line may have; it was left out".formatted(TextLines.LONGEST));
          continue;
        }
        try (JsonParser in = LogJson.open(lines.bytes(), json, lines.length())) {
          if (in.nextToken() == JsonToken.START_OBJECT) {
            entry.read(in);
            visitor.entry(entry);
          } else {
            skipped.accept(lines.where(), "expected a JSON object after :::MLLOG; the line was left out");
          }
        } catch (JsonProcessingException e) {
          skipped.accept(lines.where(), LogJson.fault(e) + "; the line was left out");
        } catch (MalformedRecordException e) {
          skipped.accept(lines.where(), e.getMessage() + "; the line was left out");
        }
      }
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
