package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlperfReaderTest {
  private static final String LOG =
      """
      + hosts='node071 node072 '
      0: :::MLLOG {"key": "submission_benchmark", "value": "resnet", "time_ms": 1, "metadata": {"lineno": 1}}
      :::MLLOG {"key": "lr", "value": 0.5, "time_ms": 1, "metadata": {}}
      :::MLLOG {"key": "weights", "value": null, "time_ms": 1, "metadata": {"tensor": "w"}}
      :::MLLOG {"key": "run_start", "value": null, "time_ms": 1700000000000, "metadata": {}}
      :::MLLOG {"key": "run_start", "value": null, "time_ms": 1700000000900, "metadata": {}}
      :::MLLOG {"key": "batch", "value": 32, "time_ms": 1, "metadata": {}}
      :::MLLOG {"key": "epoch_start", "value": null, "time_ms": 1, "metadata": {"epoch_num": 1}}
      :::MLLOG {"key": "tracked_stats", "value": {"imgs_sec": 7.5}, "time_ms": 1700000001000, "metadata": {"epoch_num": 1}}
      :::MLLOG {"key": "throughput", "value": 7.5, "time_ms": 1, "metadata": {}}
      [1,2]<stdout>: noise :::MLLOG {"key": "eval_accuracy", "value": 0.25, "time_ms": 1700000002000, "metadata": {"epoch_num": 4, "samples_count": 9}}
      :::MLLOG {"key": "eval_accuracy", "value": 0.75, "time_ms": 1700000003000, "metadata": {"epoch_num": 8}}
      """;
  private static final String STOP = ":::MLLOG {\"key\": \"run_stop\", \"value\": null, \"time_ms\": 9, \"metadata\": {\"status\": \"%s\"}}\n";

  private final LogReader reader = new MlperfReader();
  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void makeFolder() throws IOException {
    file = Files.createDirectories(temp.resolve("dgx/rn50")).resolve("result_0.txt");
  }

  private CollectedLogs read(String text) throws IOException {
    Files.writeString(file, text);
    return CollectedLogs.of(reader, file);
  }

  @Test
  void read_linesAmongNoise() throws IOException {
    CollectedLogs logs = read(LOG + STOP.formatted("success"));
    assertTrue(reader.recognizes(LogPlace.of(file)));
    assertEquals(List.of("resnet | dgx/rn50/result_0.txt"), List.copyOf(logs.runs.keySet()));
    CollectedLogs.Collected run = logs.only();
    assertEquals(
        List.of(
            new CollectedLogs.Value("tracked_stats.imgs_sec", 1, 1700000001000L, 7.5),
            new CollectedLogs.Value("eval_accuracy", 4, 1700000002000L, 0.25),
            new CollectedLogs.Value("eval_accuracy", 8, 1700000003000L, 0.75)),
        run.values);
    assertEquals(Map.of("submission_benchmark", "resnet", "lr", 0.5, "batch", 32L), run.parameters);
    assertEquals(Instant.ofEpochSecond(1700000000), run.started);
    assertEquals("eval_accuracy MAXIMIZE", run.objective);
    assertEquals(End.TARGET, run.end);
    assertEquals(List.of(), logs.skipped);
  }

  @Test
  void read_status_isHowItEnded() throws IOException {
    assertEquals(End.ABORTED, read(LOG + STOP.formatted("aborted")).only().end);
    assertEquals(End.UNKNOWN, read(LOG + STOP.formatted("so-so")).only().end);
    assertEquals(End.TRUNCATED, read(LOG).only().end);
  }

  @Test
  void read_severalRunsInOneFile_areSeveral() throws IOException {
    CollectedLogs logs = read(LOG + STOP.formatted("aborted") + LOG.replace("\"value\": 0.5", "\"value\": 0.1") + STOP.formatted("success"));
    assertEquals(List.of("resnet | dgx/rn50/result_0.txt", "resnet | dgx/rn50/result_0.txt#2"), List.copyOf(logs.runs.keySet()));
    List<CollectedLogs.Collected> runs = List.copyOf(logs.runs.values());
    assertEquals(List.of(End.ABORTED, End.TARGET), List.of(runs.get(0).end, runs.get(1).end));
    assertEquals(List.of(0.5, 0.1), List.of(runs.get(0).parameters.get("lr"), runs.get(1).parameters.get("lr")));
  }

  @Test
  void read_fractionsOfAnEpoch_areThousandths() throws IOException {
    CollectedLogs logs = read(LOG.replace("\"epoch_num\": 4", "\"epoch_num\": 4.25"));
    assertEquals(List.of("1000=7.5"), logs.only().curve("tracked_stats.imgs_sec"));
    assertEquals(List.of("4250=0.25", "8000=0.75"), logs.only().curve("eval_accuracy"));
  }

  @Test
  void read_otherCountsThanThoseOfEvaluations_areLeftOutAndTold() throws IOException {
    CollectedLogs logs = read(LOG.replace("{\"epoch_num\": 1}}\n:::MLLOG {\"key\": \"throughput", "{\"step\": 900}}\n:::MLLOG {\"key\": \"throughput"));
    assertEquals(List.of("4=0.25", "8=0.75"), logs.only().curve("eval_accuracy"));
    assertEquals(List.of("eval_accuracy"), logs.only().metrics());
    assertEquals(
        List.of(file + ": 1 entries count their steps in something else than evaluations do; they were left out"), logs.skipped);
  }

  @Test
  void read_brokenLines_areLeftOutAndTold() throws IOException {
    CollectedLogs logs = read(":::MLLOG {\"key\": \n:::MLLOG nothing\n:::MLLOG [1]\n" + LOG);
    assertEquals(2, logs.only().curve("eval_accuracy").size());
    assertEquals(3, logs.skipped.size());
    assertTrue(logs.skipped.get(0).startsWith(file + " line 1: not JSON at "), logs.skipped.get(0));
  }

  @Test
  void read_lineOfManyMegabytes_isPassedOver() throws IOException {
    CollectedLogs logs = read("x".repeat(3 * TextLines.LONGEST) + "\n" + LOG);
    assertEquals(2, logs.only().curve("eval_accuracy").size());
  }

  @Test
  void recognizes_noMark_isNone() throws IOException {
    Files.writeString(file, "in `:::MLLOG {json}` lines\n");
    assertFalse(reader.recognizes(LogPlace.of(file)));
    assertFalse(reader.recognizes(LogPlace.of(temp)));
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    ReaderFuzz.run(reader, file, List.of((LOG + STOP.formatted("success")).getBytes(StandardCharsets.UTF_8)));
  }
}
