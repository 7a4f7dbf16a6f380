package io.stopcast.importing;

import static io.stopcast.importing.SqliteFixture.MLFLOW;
import static io.stopcast.importing.SqliteFixture.MLFLOW_INDEX;
import static io.stopcast.importing.SqliteFixture.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowDatabaseTest {
  private static final String[] RUNS = {
    "INSERT INTO experiments VALUES (1, 'mnist', '', 'active'), (2, 'old', '', 'deleted')",
    "INSERT INTO runs VALUES ('b0', 'x', 'FINISHED', 1700000000000, NULL, 'active', 1),"
        + " ('a1', 'y', 'RUNNING', NULL, NULL, 'active', 1), ('c2', 'z', 'FINISHED', 1, 2, 'deleted', 1),"
        + " ('d3', 'z', 'FINISHED', 1, 2, 'active', 2)",
    "INSERT INTO params VALUES ('lr', '0.1', 'b0'), ('layers', '3', 'b0'), ('amp', 'True', 'b0'), ('opt', 'adam', 'a1')",
    "INSERT INTO tags VALUES ('mlflow.runName', 'brave-owl', 'b0'), ('mlflow.user', 'me', 'b0'), ('data', 'v2', 'b0')",
    "INSERT INTO metrics VALUES ('loss', 4, 1000, 'b0', 1, 0), ('loss', 2, 3000, 'b0', 3, 0), ('loss', 3, 2000, 'b0', 2, 0),"
        + " ('acc', 0, 2000, 'b0', 2, 1), ('acc', 1.7976931348623157e308, 3000, 'b0', 3, 0),"
        + " ('acc', -1.7976931348623157e308, 3000, 'b0', 4, 0), ('loss', 9, 4000, 'b0', 3, 0),"
        + " ('acc', 0, 5000, 'b0', 5, 0), ('loss', 1, 1, 'a1', 0, 0), ('loss', 1, 1, 'c2', 0, 0), ('loss', 1, 1, 'nobody', 0, 0)"
  };

  private final LogReader reader = new MlflowDatabase();
  @TempDir Path folder;

  private Path database(String[]... statements) throws SQLException {
    return SqliteFixture.run(folder.resolve("mlflow.db"), statements);
  }

  @ParameterizedTest(name = "with an index on the run: {0}")
  @ValueSource(booleans = {true, false})
  void read_runs_haveTheirFactsAndValuesInTheOrderOfTime(boolean indexed) throws Exception {
    Path file = database(MLFLOW, indexed ? sql(MLFLOW_INDEX) : sql(), RUNS);
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(List.of("mnist | a1", "mnist | b0"), List.copyOf(logs.runs.keySet()));
    CollectedLogs.Collected run = logs.runs.get("mnist | b0");
    assertEquals(List.of("1=4.0", "2=3.0", "3=2.0", "3=9.0"), run.curve("loss"));
    assertEquals(List.of("2=NaN", "3=Infinity", "4=-Infinity", "5=0.0"), run.curve("acc"));
    assertEquals(new CollectedLogs.Value("loss", 1, 1000, 4), run.values.get(0));
    assertEquals(Map.of("lr", 0.1, "layers", 3L, "amp", true, "run_name", "brave-owl", "tags.data", "v2"), run.parameters);
    assertEquals(Instant.ofEpochMilli(1_700_000_000_000L), run.started);
    assertEquals(List.of("0=1.0"), logs.runs.get("mnist | a1").curve("loss"));
    assertEquals(Map.of("opt", "adam"), logs.runs.get("mnist | a1").parameters);
    assertEquals(List.of(file + ": 2 runs that were deleted in MLflow"), logs.skipped);
  }

  @ParameterizedTest
  @CsvSource({
    "FINISHED, COMPLETED", "FAILED, CRASHED", "KILLED, ABORTED", "RUNNING, UNKNOWN", "SCHEDULED, UNKNOWN", "?, UNKNOWN"
  })
  void read_status_isTheEnd(String status, End end) throws Exception {
    String run = "INSERT INTO runs VALUES ('a', 'x', '%s', 1, NULL, 'active', 1)".formatted(status);
    assertEquals(end, CollectedLogs.of(reader, database(MLFLOW, sql(run))).only().end);
  }

  @Test
  void read_otherEngine_theSameSql() throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      for (String[] several : new String[][] {MLFLOW, RUNS}) {
        for (String statement : several) {
          duck.createStatement().execute(statement.replace("FLOAT", "DOUBLE"));
        }
      }
      CollectedLogs logs = new CollectedLogs();
      new MlflowTables(duck, "other", logs).read();
      assertEquals(List.of("1=4.0", "2=3.0", "3=2.0", "3=9.0"), logs.runs.get("mnist | b0").curve("loss"));
      assertTrue(logs.runs.get("mnist | b0").curve("acc").contains("2=NaN"));
    }
  }

  @Test
  void read_textForANumber_isLeftOutAndSaid() throws Exception {
    Path file = database(MLFLOW, RUNS, sql("INSERT INTO metrics VALUES ('acc', 'high', 6000, 'b0', 6, 0)"));
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertFalse(logs.runs.get("mnist | b0").curve("acc").toString().contains("6="));
    String expected = file + " table metrics: a row of run b0 whose value or step is no number";
    assertTrue(logs.skipped.contains(expected), logs.skipped.toString());
  }

  @Test
  void read_aViewForATable_isRefused() throws Exception {
    String[] others = Arrays.copyOf(MLFLOW, MLFLOW.length - 1);
    Path file = database(others, sql("CREATE VIEW metrics AS SELECT 1 AS \"key\""));
    assertFalse(reader.recognizes(LogPlace.of(file)));
    ImportException e = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    String expected = file + " is no database of MLflow: it has not all of [experiments, runs, ";
    assertTrue(e.getMessage().startsWith(expected), e.getMessage());
  }

  @Test
  void read_aGeneratedColumn_isRefused() throws Exception {
    String[] others = Arrays.copyOf(MLFLOW, MLFLOW.length - 1);
    String metrics = MLFLOW[MLFLOW.length - 1].replace("value FLOAT NOT NULL", "value AS (length(hex(zeroblob(9000000))))");
    Path file = database(others, sql(metrics.replace(", value, is_nan)", ", is_nan)")));
    assertFalse(reader.recognizes(LogPlace.of(file)));
    assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
  }

  @Test
  void read_otherEncoding_theSameNames() throws Exception {
    Path file = database(sql("PRAGMA encoding = 'UTF-16'"), MLFLOW, RUNS);
    assertEquals(List.of("1=4.0", "2=3.0", "3=2.0", "3=9.0"), CollectedLogs.of(reader, file).runs.get("mnist | b0").curve("loss"));
  }

  @Test
  void read_damagedPage_saysWhatSqliteSays() throws Exception {
    Path file = database(MLFLOW, RUNS);
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(file, bytes);
    ImportException e = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertTrue(e.getMessage().contains("SQLite says '"), e.getMessage());
  }

  @Test
  void read_cutFile_isRefused() throws Exception {
    Path file = database(MLFLOW, RUNS);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3000));
    assertTrue(reader.recognizes(LogPlace.of(file)), "a broken one is recognised, to be refused");
    assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
  }

  @Test
  void read_unmergedLog_isSaid() throws Exception {
    Path file = database(MLFLOW, RUNS);
    Files.writeString(folder.resolve("mlflow.db-wal"), "something");
    assertTrue(CollectedLogs.of(reader, file).skipped.get(0).contains("changes that are not yet in the database"));
  }

  @Test
  void read_changesNothing() throws Exception {
    Path file = SqliteFixture.run(folder.resolve("a #1 %41?.db"), MLFLOW, RUNS);
    byte[] before = Files.readAllBytes(file);
    CollectedLogs.of(reader, file);
    assertTrue(Arrays.equals(before, Files.readAllBytes(file)));
    try (var inside = Files.list(folder)) {
      assertEquals(List.of(file), inside.toList());
    }
  }

  @Test
  void read_manyBrokenParts_tellsTheFirstAndCounts() throws Exception {
    StringBuilder rows = new StringBuilder("INSERT INTO metrics VALUES ('m', 'x', 0, 'b0', 0, 0)");
    for (int i = 1; i < 25; i++) {
      rows.append(", ('m', 'x', 0, 'b0', ").append(i).append(", 0)");
    }
    CollectedLogs logs = CollectedLogs.of(reader, database(MLFLOW, RUNS, sql(rows.toString())));
    assertEquals(12, logs.skipped.size());
    assertTrue(logs.skipped.get(10).endsWith(": 15 more like these"), logs.skipped.get(10));
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    Path file = database(sql("PRAGMA page_size = 512"), MLFLOW, sql(MLFLOW_INDEX), RUNS);
    byte[] valid = Files.readAllBytes(file);
    ReaderFuzz.run(reader, folder.resolve("fuzz.db"), List.of(valid));
  }

  @Test
  void server_withoutDriver_saysWhatToDoAndNoPassword() {
    MlflowServer server = new MlflowServer("jdbc:postgresql://me:secret@host/db?password=secret");
    ImportException e = assertThrows(ImportException.class, () -> server.read(new CollectedLogs()));
    assertEquals(
        "jdbc:postgresql://host/db: no PostgreSQL driver is on the class path; name the jar of org.postgresql:postgresql in STOPCAST_CLASSPATH,"
            + " or export the runs to SQLite",
        e.getMessage());
    assertTrue(MlflowServer.isUrl(server.url()));
    assertFalse(MlflowServer.isUrl("mlflow.db"));
  }

  @Test
  void recognizes_otherFiles_no() throws IOException, SQLException {
    assertFalse(reader.recognizes(LogPlace.of(Files.writeString(folder.resolve("a.db"), "SQLite format 2"))));
    assertFalse(reader.recognizes(LogPlace.of(SqliteFixture.run(folder.resolve("b.db"), SqliteFixture.OPTUNA))));
    assertFalse(reader.recognizes(LogPlace.of(folder)));
    assertTrue(reader.recognizes(LogPlace.of(database(MLFLOW))));
  }
}
