package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ray, evals_result and W&B's old history: JSON that is read object by object. */
class JsonLogReadersTest {
  @TempDir Path temp;

  private Path write(String file, String text) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  @Nested
  class Ray {
    private static final String LINES =
        """
        {"loss": 0.5, "info": {"lr": 0.1, "note": "x"}, "training_iteration": 1, "time_total_s": 2.5, "timestamp": 1700000002, "done": false, "trial_id": "ab_0", "config": {"lr": 3}, "pid": 7}
        {"loss": NaN, "training_iteration": 2, "time_total_s": 5.0, "timestamp": 1700000005, "done": true, "trial_id": "ab_0"}
        """;

    private final LogReader reader = new RayReader();

    @Test
    void read_resultsAndParameters() throws IOException {
      Path file = write("ray_results/tune_mnist/train_ab_0/result.json", LINES);
      write("ray_results/tune_mnist/train_ab_0/params.json", "{\"lr\": 0.1, \"model\": {\"layers\": [64, 32], \"bn\": true}, \"act\": \"relu\"}");
      assertTrue(reader.recognizes(LogPlace.of(file)));
      CollectedLogs logs = CollectedLogs.of(reader, file);
      assertEquals(List.of("tune_mnist | ab_0"), List.copyOf(logs.runs.keySet()));
      CollectedLogs.Collected run = logs.only();
      assertEquals(List.of("1=0.5", "2=NaN"), run.curve("loss"));
      assertEquals(List.of("1=0.1"), run.curve("info/lr"));
      assertEquals(List.of("1=2.5", "2=5.0"), run.curve("time_total_s"));
      assertEquals(List.of("loss", "info/lr", "time_total_s"), run.metrics());
      assertEquals("time_total_s in seconds", run.cost);
      assertEquals(Instant.parse("2023-11-14T22:13:19.500Z"), run.started);
      assertEquals(1700000005000L, run.values.get(3).millis());
      assertEquals(Map.of("lr", 0.1, "model.layers", "[64,32]", "model.bn", true, "act", "relu"), run.parameters);
      assertEquals(End.UNKNOWN, run.end, "done is also said of a trial that a scheduler stopped");
      assertEquals(List.of(), logs.skipped);
    }

    @Test
    void read_notDoneOrFailed_isTruncatedOrCrashed() throws IOException {
      Path file = write("exp/t/result.json", LINES.lines().findFirst().orElseThrow() + "\n");
      assertEquals(End.TRUNCATED, CollectedLogs.of(reader, file).only().end);
      write("exp/t/error.txt", "CUDA out of memory");
      assertEquals(End.CRASHED, CollectedLogs.of(reader, file).only().end);
    }

    @Test
    void read_goneOnFromACheckpoint_isARestart() throws IOException {
      Path file = write("exp/t/result.json", LINES + LINES.lines().findFirst().orElseThrow());
      assertEquals(List.of("1 after 5"), CollectedLogs.of(reader, file).only().restarts);
    }

    @Test
    void read_lastLineCutOff_keepsWhatCameBefore() throws IOException {
      Path file = write("exp/t/result.json", LINES.substring(0, LINES.length() - 20));
      CollectedLogs logs = CollectedLogs.of(reader, file);
      assertEquals(List.of("1=0.5"), logs.only().curve("loss"));
      assertEquals(List.of(file + " line 2: the last line is cut off; 1 lines before it were kept"), logs.repaired);
    }

    @Test
    void read_brokenLines_areLeftOutAndTold() throws IOException {
      Path file = write("exp/t/result.json", "[1]\n{\"training_iteration\": 1, \"a\": 1, \"a\": 2}\n\n" + LINES);
      CollectedLogs logs = CollectedLogs.of(reader, file);
      assertEquals(List.of("1=0.5", "2=NaN"), logs.only().curve("loss"));
      assertEquals(2, logs.skipped.size());
      assertEquals(file + " line 1: expected a JSON object; the line was left out", logs.skipped.get(0));
      assertTrue(logs.skipped.get(1).startsWith(file + " line 2: not JSON at line 1, column "), logs.skipped.get(1));
    }

    @Test
    void read_otherJson_isRefused() throws IOException {
      Path file = write("exp/t/result.json", "{\"a\": 1}\n");
      assertFalse(reader.recognizes(LogPlace.of(file)));
      assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    }

    @Test
    void read_anyBytes_neverThrowsAnythingElse() throws Exception {
      Path file = write("exp/t/result.json", "");
      ReaderFuzz.run(reader, file, List.of(LINES.getBytes(StandardCharsets.UTF_8)));
      write("exp/t/result.json", LINES);
      Path parameters = write("exp/t/params.json", "");
      byte[] valid = "{\"lr\": 0.1, \"model\": {\"layers\": [64, 32], \"bn\": true}, \"act\": \"relu\"}".getBytes(StandardCharsets.UTF_8);
      ReaderFuzz.run(reader, file, parameters, List.of(valid), bytes -> bytes);
    }
  }

  @Nested
  class EvalsResult {
    private static final String DUMP =
        "{\"validation_0\": {\"logloss\": [0.6, 0.5, 0.4], \"auc\": [0.5, null, NaN]}, \"validation_1\": {\"logloss\": [0.7]}}";

    private final LogReader reader = new EvalsResultReader();

    @Test
    void read_listsOfEveryDataSet() throws IOException {
      Path file = write("boost/evals.json", DUMP);
      assertTrue(reader.recognizes(LogPlace.of(file)));
      CollectedLogs logs = CollectedLogs.of(reader, file);
      assertEquals(List.of("boost | boost/evals.json"), List.copyOf(logs.runs.keySet()));
      assertEquals(List.of("0=0.6", "1=0.5", "2=0.4"), logs.only().curve("validation_0-logloss"));
      assertEquals(List.of("0=0.5", "2=NaN"), logs.only().curve("validation_0-auc"));
      assertEquals(List.of("0=0.7"), logs.only().curve("validation_1-logloss"));
      assertEquals(List.of(), logs.skipped);
    }

    @Test
    void read_aMillionRounds_stream() throws IOException {
      Path file = temp.resolve("long.json");
      try (BufferedWriter out = Files.newBufferedWriter(file)) {
        out.write("{\"train\": {\"rmse\": [0.5");
        for (int i = 1; i < 1_000_000; i++) {
          out.write(",0.123456789");
        }
        out.write("]}}");
      }
      CountingSink sink = new CountingSink();
      reader.read(LogPlace.of(file), sink);
      assertEquals(1_000_000, sink.values);
    }

    @Test
    void read_whatIsNoMetric_isLeftOutAndTold() throws IOException {
      Path file = write("boost/evals.json", "{\"a\": 1, \"b\": {\"m\": {\"n\": [1]}, \"k\": [1e999, 2]}}");
      CollectedLogs logs = CollectedLogs.of(reader, file);
      assertEquals(List.of("1=2.0"), logs.only().curve("b-k"));
      assertEquals(3, logs.skipped.size(), logs.skipped.toString());
    }

    @Test
    void read_cutOff_isRefusedAndKeepsWhatCameBefore() throws IOException {
      Path file = write("boost/evals.json", DUMP.substring(0, 40));
      CollectedLogs logs = new CollectedLogs();
      ImportException refusal = assertThrows(ImportException.class, () -> reader.read(LogPlace.of(file), logs));
      assertTrue(refusal.getMessage().startsWith(file + ": not JSON at line 1, column "), refusal.getMessage());
      assertEquals("0=0.6", logs.only().curve("validation_0-logloss").get(0));
    }

    @Test
    void read_anyBytes_neverThrowsAnythingElse() throws Exception {
      ReaderFuzz.run(reader, temp.resolve("evals.json"), List.of(DUMP.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Nested
  class WandbHistory {
    private static final String LINES =
        """
        {"loss": 0.5, "nested": {"acc": 0.25}, "image": {"_type": "image", "width": 9}, "_step": 0, "_runtime": 1.5, "_timestamp": 1700000001.5}
        {"loss": "NaN", "_step": 3, "_runtime": 2.5, "_timestamp": 1700000002.5}
        """;

    private final LogReader reader = new WandbHistoryReader();

    @Test
    void read_stepsTimesAndNestedValues() throws IOException {
      Path file = write("cnn/wandb/run-20190131_120000-x7/wandb-history.jsonl", LINES);
      assertTrue(reader.recognizes(LogPlace.of(file)));
      CollectedLogs logs = CollectedLogs.of(reader, file);
      assertEquals(List.of("cnn | x7"), List.copyOf(logs.runs.keySet()));
      assertEquals(
          List.of(
              new CollectedLogs.Value("loss", 0, 1700000001500L, 0.5),
              new CollectedLogs.Value("nested.acc", 0, 1700000001500L, 0.25),
              new CollectedLogs.Value("_runtime", 0, 1700000001500L, 1.5),
              new CollectedLogs.Value("loss", 3, 1700000002500L, Double.NaN),
              new CollectedLogs.Value("_runtime", 3, 1700000002500L, 2.5)),
          logs.only().values);
      assertEquals("_runtime in seconds", logs.only().cost);
      assertEquals(Instant.ofEpochSecond(1700000000), logs.only().started);
    }

    @Test
    void read_anyBytes_neverThrowsAnythingElse() throws Exception {
      ReaderFuzz.run(reader, temp.resolve("wandb-history.jsonl"), List.of(LINES.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
