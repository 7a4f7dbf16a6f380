package io.stopcast.nightly;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a job did, as JSON lines that are appended to a file: each with a time and an event, written out at once and in one piece, so that jobs that
 * share a file do not mix. Where a job was killed within a line the next one begins a new line.
 */
public final class JobLog implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  private final FileChannel out;
  private final Clock clock;

  private JobLog(FileChannel out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * @param file its folder is made if need be
   * @param clock what time it is
   */
  public static JobLog appendingTo(Path file, Clock clock) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(parent)) { // a link to a folder is one, which createDirectories denies
      Files.createDirectories(parent);
    }
    boolean torn = isTorn(file);
    JobLog log = new JobLog(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), clock);
    if (torn) {
      log.write("\n");
    }
    return log;
  }

  private static boolean isTorn(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) == 0) {
      return false;
    }
    try (SeekableByteChannel bytes = Files.newByteChannel(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      bytes.position(bytes.size() - 1).read(last);
      return last.get(0) != '\n';
    }
  }

  /** Writes a line. */
  public void tell(String event, Map<String, Object> facts) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("event", event);
    line.putAll(facts);
    write(JSON.writeValueAsString(line) + "\n");
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
