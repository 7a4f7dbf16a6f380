package io.stopcast.importing;

import static io.stopcast.importing.SqliteFixture.OPTUNA;
import static io.stopcast.importing.SqliteFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptunaDatabaseTest {
  private static final String FLOAT =
      "{\"name\": \"FloatDistribution\", \"attributes\": {\"step\": null, \"low\": 1e-5, \"high\": 1, \"log\": true}}";
  private static final String INT =
      "{\"name\": \"IntDistribution\", \"attributes\": {\"log\": false, \"step\": 1, \"low\": 0, \"high\": 10}}";
  private static final String CHOICE =
      "{\"name\": \"CategoricalDistribution\", \"attributes\": {\"choices\": [\"sgd\", \"adam\", null]}}";
  private static final String[] ROWS = {
    "INSERT INTO studies VALUES (1, 'tune'), (2, 'two')",
    "INSERT INTO study_directions VALUES (1, 'MINIMIZE', 1, 0), (2, 'MAXIMIZE', 2, 0), (3, 'MINIMIZE', 2, 1)",
    "INSERT INTO study_system_attributes VALUES (1, 2, 'study:metric_names', '[\"acc\", \"size\"]')",
    "INSERT INTO trials VALUES (1, 0, 1, 'COMPLETE', '2026-11-24 18:29:27.693489', NULL), (2, 1, 1, 'PRUNED', NULL, NULL),"
        + " (3, 2, 1, 'FAIL', NULL, NULL), (4, 3, 1, 'RUNNING', NULL, NULL), (5, 4, 1, 'WAITING', NULL, NULL),"
        + " (6, 0, 2, 'COMPLETE', NULL, NULL)",
    "INSERT INTO trial_params VALUES"
        + " (1, 1, 'lr', 0.01, '" + FLOAT + "'), (2, 1, 'n', 3.0, '" + INT + "'), (3, 1, 'opt', 1.0, '" + CHOICE + "'),"
        + " (4, 2, 'opt', 2.0, '" + CHOICE + "'), (5, 3, 'opt', 7.0, '" + CHOICE + "'), (6, 3, 'x', 0.5, 'what')",
    "INSERT INTO trial_values VALUES (1, 1, 0, 0.25, 'FINITE'), (2, 6, 0, 0.5, 'FINITE'), (3, 6, 1, NULL, 'INF_POS'),"
        + " (4, 2, 0, 3.5, 'FINITE')",
    "INSERT INTO trial_intermediate_values VALUES (1, 1, 2, 0.5, 'FINITE'), (2, 1, 1, 1.0, 'FINITE'), (3, 1, 3, NULL, 'NAN'),"
        + " (4, 1, 4, NULL, 'INF_POS'), (5, 1, 5000000000, NULL, 'INF_NEG'), (6, 3, 0, 7.0, 'FINITE')"
  };

  private final LogReader reader = new OptunaDatabase();
  @TempDir Path folder;

  private Path database() throws Exception {
    return SqliteFixture.run(folder.resolve("optuna.db"), sql("PRAGMA page_size = 512"), OPTUNA, ROWS);
  }

  @Test
  void read_trials_areRunsOfTheirStudy() throws Exception {
    CollectedLogs logs = CollectedLogs.of(reader, database());
    assertEquals(List.of("tune | 0", "tune | 1", "tune | 2", "tune | 3", "two | 0"), List.copyOf(logs.runs.keySet()));
    assertEquals(
        List.of(End.COMPLETED, End.EARLY_STOPPED, End.CRASHED, End.UNKNOWN, End.COMPLETED),
        logs.runs.values().stream().map(r -> r.end).toList());
    CollectedLogs.Collected run = logs.runs.get("tune | 0");
    assertEquals(List.of("1=1.0", "2=0.5", "3=NaN", "4=Infinity", "5000000000=-Infinity"), run.curve("value"));
    assertEquals(List.of("5000000000=0.25"), run.curve("final_value"));
    assertEquals(Map.of("lr", 0.01, "n", 3L, "opt", "adam"), run.parameters);
    assertEquals("value MINIMIZE", run.objective);
    assertEquals(Instant.parse("2026-11-24T18:29:27.693489Z"), run.started);
    assertEquals(Duplicates.FIRST, reader.duplicates());
  }

  @Test
  void read_trialThatReportsNothing_hasItsFinalValueAsItsPoint() throws Exception {
    CollectedLogs.Collected run = CollectedLogs.of(reader, database()).runs.get("tune | 1");
    assertEquals(List.of("0=3.5"), run.curve("value"));
    assertEquals(Map.of(), run.parameters, "a choice of null");
  }

  @Test
  void read_severalObjectives_haveTheirNamesAndNoneIsJudgedBy() throws Exception {
    CollectedLogs.Collected run = CollectedLogs.of(reader, database()).runs.get("two | 0");
    assertEquals(List.of("0=0.5"), run.curve("acc"));
    assertEquals(List.of("0=Infinity"), run.curve("size"));
    assertEquals(null, run.objective);
  }

  @Test
  void read_whatCannotBeUnderstood_isSaid() throws Exception {
    Path file = database();
    List<String> skipped = CollectedLogs.of(reader, file).skipped;
    assertEquals(file + " table trial_params: a parameter of trial 3: choice 7.0 of 3", skipped.get(0));
    assertTrue(skipped.get(1).contains("a parameter of trial 3: no JSON: "), skipped.get(1));
    assertEquals(file + ": 1 trials that never began", skipped.get(2));
    assertEquals(3, skipped.size());
  }

  @Test
  void read_moreWorkThanTheSizeNeeds_isStopped() throws Exception {
    String[] without = OPTUNA.clone();
    without[6] = without[6].replace(", UNIQUE (trial_id, step)", "");
    String numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) ";
    Path file =
        SqliteFixture.run(
            folder.resolve("slow.db"),
            without,
            sql(
                "INSERT INTO studies VALUES (1, 'tune')",
                numbers + "INSERT INTO trials SELECT i, i, 1, 'COMPLETE', NULL, NULL FROM n",
                numbers + "INSERT INTO trial_intermediate_values SELECT i, i, 1, 0.5, 'FINITE' FROM n"));
    ImportException e = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertEquals(
        file + ": reading it takes more work than a file of its size can need; it is damaged, or lacks its tool's indexes",
        e.getMessage());
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    ReaderFuzz.run(reader, folder.resolve("fuzz.db"), List.of(Files.readAllBytes(database())));
  }
}
