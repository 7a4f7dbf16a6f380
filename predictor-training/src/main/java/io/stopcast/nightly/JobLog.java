package io.stopcast.nightly;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a job did, as JSON lines that are appended to a file: each with a time and an event, written out at once. */
public final class JobLog implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  private final Writer out;
  private final Clock clock;

  private JobLog(Writer out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * @param file its folder is made if need be
   * @param clock what time it is
   */
  public static JobLog appendingTo(Path file, Clock clock) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    return new JobLog(
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND), clock);
  }

  /** Writes a line. */
  public void tell(String event, Map<String, Object> facts) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("event", event);
    line.putAll(facts);
    out.write(JSON.writeValueAsString(line) + "\n");
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
