package io.stopcast.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLogTest {
  private static final Clock NOW = Clock.fixed(Instant.parse("2026-11-29T02:15:00.123456Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  @Test
  void tell_appendsALine_withTimeAndEventFirst() throws IOException {
    Path file = folder.resolve("new/job.ndjson");
    for (int night = 0; night < 2; night++) {
      try (JobLog log = JobLog.appendingTo(file, NOW)) {
        log.tell("new", Map.of("night", night));
      }
    }
    assertEquals(
        """
        {"time":"2026-11-29T02:15:00.123Z","event":"new","night":0}
        {"time":"2026-11-29T02:15:00.123Z","event":"new","night":1}
        """,
        Files.readString(file));
  }

  /** A job was killed, or the disk full, in the middle of a line: what comes after it must be readable. */
  @Test
  void appendingTo_tornLine_beginsANewOne() throws IOException {
    Path file = Files.writeString(folder.resolve("job.ndjson"), "{\"time\":\"2026-11-28T02:1");
    try (JobLog log = JobLog.appendingTo(file, NOW)) {
      log.tell("start", Map.of());
    }
    assertEquals(
        List.of("{\"time\":\"2026-11-28T02:1", "{\"time\":\"2026-11-29T02:15:00.123Z\",\"event\":\"start\"}"), Files.readAllLines(file));
  }

  @Test
  void appendingTo_folderThatIsALink_isTakenAsItIs() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("logs")));
    try (JobLog log = JobLog.appendingTo(link.resolve("job.ndjson"), NOW)) {
      log.tell("start", Map.of());
    }
    assertEquals(1, Files.readAllLines(folder.resolve("logs/job.ndjson")).size());
  }
}
