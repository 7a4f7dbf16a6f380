package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptunaJournalTest {
  private static final String LOG =
      """
      {"op_code": 0, "worker_id": "w", "study_name": "gone", "directions": [1]}
      {"op_code": 0, "worker_id": "w", "study_name": "tune", "directions": [2]}
      {"op_code": 0, "worker_id": "w", "study_name": "tune", "directions": [1]}
      {"op_code": 4, "worker_id": "w", "study_id": 0, "datetime_start": "2024-06-07T17:27:27.682770"}
      {"op_code": 4, "worker_id": "w", "study_id": 1, "datetime_start": "2024-06-07T17:27:27.682770"}
      {"op_code": 5, "worker_id": "w", "trial_id": 1, "param_name": "x", "param_value_internal": 1, \
      "distribution": "{\\"name\\": \\"CategoricalDistribution\\", \\"attributes\\": {\\"choices\\": [-5, 0.5]}}"}
      {"op_code": 7, "worker_id": "w", "trial_id": 1, "step": 0, "intermediate_value": NaN}
      {"op_code": 7, "worker_id": "w", "trial_id": 0, "step": 0, "intermediate_value": 1}
      {"op_code": 7, "worker_id": "w", "trial_id": 1, "step": 1, "intermediate_value": -Infinity}
      {"op_code": 7, "worker_id": "w", "trial_id": 1, "step": 1, "intermediate_value": 3}
      {"op_code": 6, "worker_id": "w", "trial_id": 1, "state": 1, "values": [2.5], "datetime_complete": "2024-06-07T17:27:28"}
      {"op_code": 7, "worker_id": "w", "trial_id": 1, "step": 9, "intermediate_value": 9}
      {"op_code": 4, "worker_id": "w", "study_id": 1, "datetime_start": null, "state": 4}
      {"op_code": 4, "worker_id": "w", "study_id": 1, "datetime_start": null, "state": 4}
      {"op_code": 6, "worker_id": "w", "trial_id": 2, "state": 0, "values": null, "datetime_start": "2024-06-07T18:00:00+02:00"}
      {"op_code": 6, "worker_id": "w", "trial_id": 2, "state": 2, "values": null}
      {"op_code": 4, "worker_id": "w", "study_id": 1, "datetime_start": "2024-06-07T17:27:27", "state": 3, \
      "params": {"n": 2}, "distributions": {"n": "{\\"name\\": \\"IntDistribution\\", \\"attributes\\": {}}"}, \
      "intermediate_values": {"4": 0.5}}
      {"op_code": 8, "worker_id": "w", "trial_id": 1, "user_attr": {"a": 1}}
      {"op_code": 10, "worker_id": "w"}
      {"op_code": 1, "worker_id": "w", "study_id": 0}
      {"op_code": 4, "worker_id": "w", "study_id": 0, "datetime_start": "2024-06-07T17:27:27"}
      """;

  private final LogReader reader = new OptunaJournal();
  @TempDir Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("journal.log"), text);
  }

  @Test
  void read_operations_arePlayed() throws IOException {
    Path file = write(LOG);
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(List.of("tune | 0", "tune | 1", "tune | 3"), List.copyOf(logs.runs.keySet()));
    CollectedLogs.Collected first = logs.runs.get("tune | 0");
    assertEquals(List.of("0=NaN", "1=-Infinity", "1=3.0"), first.curve("value"));
    assertEquals(List.of("1=2.5"), first.curve("final_value"));
    assertEquals(Map.of("x", 0.5), first.parameters);
    assertEquals("value MAXIMIZE", first.objective);
    assertEquals(End.COMPLETED, first.end);
    CollectedLogs.Collected second = logs.runs.get("tune | 1");
    assertEquals(End.EARLY_STOPPED, second.end);
    assertEquals(Instant.parse("2024-06-07T16:00:00Z"), second.started);
    CollectedLogs.Collected third = logs.runs.get("tune | 3");
    assertEquals(End.CRASHED, third.end);
    assertEquals(Map.of("n", 2L), third.parameters);
    assertEquals(List.of("4=0.5"), third.curve("value"));
    assertEquals(
        List.of(file + ": 1 trials that never began", file + ": 1 studies that were deleted, of 1 trials"), logs.skipped);
  }

  @Test
  void read_truncatedTail_keepsWhatCameBefore() throws IOException {
    Path file = write(LOG + "{\"op_code\": 7, \"worker_id\": \"w\", \"tri");
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(3, logs.runs.size());
    assertEquals(List.of(file + " line 22: a cut-off last line was left out"), logs.repaired);
  }

  @Test
  void read_badLines_areSaidAndTheRestPlayed() throws IOException {
    Path file = write(LOG.replace("{\"op_code\": 8,", "{\"op_code\" 8,") + "{\"op_code\": 7, \"trial_id\": 77, \"step\": 0}\n");
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(3, logs.runs.size());
    assertTrue(logs.skipped.get(0).startsWith(file + " line 18: no JSON: "), logs.skipped.get(0));
    assertEquals(file + " line 22: there is no trial 77 yet", logs.skipped.get(1));
  }

  @Test
  void read_noJournal_isRefused() throws IOException {
    Path file = write("{}\n[]\n");
    ImportException e = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertEquals(
        file + ": none of its 2 lines is an operation of Optuna's journal; expected objects with an 'op_code'", e.getMessage());
  }

  @Test
  void recognizes_byTheFirstLine() throws IOException {
    assertTrue(reader.recognizes(LogPlace.of(write(LOG))));
    assertTrue(reader.recognizes(LogPlace.of(write("{\"op_code\":0,\"worker_id\":\"a\",\"study_name\":\"odd\"}\n"))));
    assertFalse(reader.recognizes(LogPlace.of(write("{\"step\": 1}\n"))));
    assertFalse(reader.recognizes(LogPlace.of(folder)));
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    ReaderFuzz.run(reader, folder.resolve("fuzz.log"), List.of(LOG.getBytes(StandardCharsets.UTF_8)));
  }
}
