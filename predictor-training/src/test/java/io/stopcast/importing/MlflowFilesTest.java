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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlflowFilesTest {
  private static final String META =
      """
      artifact_uri: file:///x/mlruns/7/r1/artifacts
      end_time: null
      entry_point_name: ''
      experiment_id: '7'
      lifecycle_stage: active
      run_id: r1
      run_name: brave-owl
      run_uuid: r1
      source_type: 4
      start_time: 1700000000000
      status: 3
      tags: []
      user_id: me
      """;

  private final LogReader reader = new MlflowFiles();
  @TempDir Path folder;
  private Path store;
  private Path run;

  @BeforeEach
  void writeStore() throws IOException {
    store = folder.resolve("mlruns");
    run = store.resolve("7/r1");
    write("7/meta.yaml", "artifact_location: x\nexperiment_id: '7'\nlifecycle_stage: active\nname: mnist\n");
    write("7/r1/meta.yaml", META);
    write("7/r1/params/lr", "0.1");
    write("7/r1/params/opt/name", "adam");
    write("7/r1/tags/mlflow.runName", "brave-owl");
    write("7/r1/tags/data", "v2");
    write("7/r1/metrics/val/loss", "1000 4.5 1\n2000 nan 2\n3000 inf 3\n4000 -inf 4\n5000 3 4\n6000 2 5 set digest\n");
  }

  private Path write(String name, String text) throws IOException {
    Path file = store.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void read_store_hasFactsAndValues() throws IOException {
    CollectedLogs logs = CollectedLogs.of(reader, store);
    CollectedLogs.Collected read = logs.only();
    assertEquals("[mnist | r1]", logs.runs.keySet().toString());
    assertEquals(List.of("1=4.5", "2=NaN", "3=Infinity", "4=-Infinity", "4=3.0", "5=2.0"), read.curve("val/loss"));
    assertEquals(1000, read.values.get(0).millis());
    assertEquals(Map.of("lr", 0.1, "opt/name", "adam", "run_name", "brave-owl", "tags.data", "v2"), read.parameters);
    assertEquals(Instant.ofEpochMilli(1_700_000_000_000L), read.started);
    assertEquals(End.COMPLETED, read.end);
    assertEquals(List.of(), logs.repaired);
  }

  @Test
  void read_experimentOrRunAlone_theSame() throws IOException {
    for (Path place : List.of(store, store.resolve("7"), run)) {
      assertTrue(reader.recognizes(LogPlace.of(place)), place.toString());
      assertEquals("[mnist | r1]", CollectedLogs.of(reader, place).runs.keySet().toString());
    }
    assertFalse(reader.recognizes(LogPlace.of(folder)));
    assertFalse(reader.recognizes(LogPlace.of(run.resolve("meta.yaml"))));
  }

  @ParameterizedTest
  @CsvSource({"1, UNKNOWN", "2, UNKNOWN", "3, COMPLETED", "4, CRASHED", "5, ABORTED", "99, UNKNOWN", "FAILED, CRASHED"})
  void read_status_isTheEnd(String status, End end) throws IOException {
    write("7/r1/meta.yaml", META.replace("status: 3", "status: " + status));
    assertEquals(end, CollectedLogs.of(reader, store).only().end);
  }

  @Test
  void read_linesWithoutStep_areNumbered() throws IOException {
    write("7/r1/metrics/val/loss", "1000 4\n2000 3\n");
    CollectedLogs logs = CollectedLogs.of(reader, store);
    assertEquals(List.of("0=4.0", "1=3.0"), logs.only().curve("val/loss"));
    assertTrue(logs.repaired.get(0).endsWith("2 lines without a step, as old versions wrote them, were numbered from 0"));
  }

  @Test
  void read_truncatedTail_keepsWhatCameBefore() throws IOException {
    write("7/r1/metrics/val/loss", "1000 4 1\n2000 3.12");
    CollectedLogs logs = CollectedLogs.of(reader, store);
    assertEquals(List.of("1=4.0"), logs.only().curve("val/loss"));
    assertTrue(logs.repaired.get(0).endsWith("loss line 2: a cut-off last line was left out"), logs.repaired.toString());
  }

  @Test
  void read_badLine_isSaidAndTheRestRead() throws IOException {
    write("7/r1/metrics/val/loss", "1000 4 1\nwhat is this\n2000 3 2\n");
    CollectedLogs logs = CollectedLogs.of(reader, store);
    assertEquals(List.of("1=4.0", "2=3.0"), logs.only().curve("val/loss"));
    assertTrue(logs.skipped.get(0).endsWith("line 2: expected time, value and step, found 'what is this'"), logs.skipped.get(0));
  }

  @Test
  void read_deletedRunsAndReservedFolders_areLeftOut() throws IOException {
    write("7/r2/meta.yaml", META.replace("active", "deleted").replace("r1", "r2"));
    write("7/models/m1/meta.yaml", META);
    write(".trash/8/meta.yaml", "experiment_id: '8'\nlifecycle_stage: active\nname: gone\n");
    write("9/meta.yaml", "experiment_id: '9'\nlifecycle_stage: deleted\nname: gone\n");
    write("7/r3/metrics/loss", "1 1 1\n");
    CollectedLogs logs = CollectedLogs.of(reader, store);
    assertEquals("[mnist | r1]", logs.runs.keySet().toString());
    assertEquals(3, logs.skipped.size(), logs.skipped.toString());
    assertTrue(logs.skipped.contains(store.resolve("7") + ": 1 runs that were deleted in MLflow"));
  }

  @Test
  void read_yamlThatIsTooLarge_leavesOutTheRun() throws IOException {
    write("7/r2/meta.yaml", META + "x: \"" + "a".repeat(YamlFacts.LARGEST) + "\"\n");
    CollectedLogs logs = CollectedLogs.of(reader, store);
    assertEquals(1, logs.runs.size());
    assertTrue(logs.skipped.get(0).contains("at most 1048576 are read of a YAML file"), logs.skipped.toString());
  }

  @Test
  void read_linkOutOfTheStore_isNotFollowed() throws IOException {
    Path outside = Files.writeString(folder.resolve("secret"), "1 1 1\n");
    Files.createSymbolicLink(run.resolve("metrics/out"), outside);
    CollectedLogs logs = CollectedLogs.of(reader, store);
    assertEquals(List.of("val/loss"), logs.only().metrics());
    assertEquals(1, logs.skipped.size());
  }

  @Test
  void read_lineWithoutEnd_isRefusedAndTheRestRead() throws IOException {
    write("7/r1/metrics/big", "1".repeat(100_000));
    CollectedLogs logs = CollectedLogs.of(reader, store);
    assertEquals(List.of("val/loss"), logs.only().metrics());
    assertTrue(logs.skipped.get(0).contains("longer than 65536 bytes"), logs.skipped.toString());
  }

  @Test
  void read_runWithoutUsableMeta_saysSo() throws IOException {
    write("7/r1/meta.yaml", "experiment_id: '7'\nlifecycle_stage: active\nrun_id: [\n");
    ImportException e = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, run));
    assertTrue(e.getMessage().contains("meta.yaml is not YAML"), e.getMessage());
  }

  @Test
  void read_anyMeta_neverThrowsAnythingElse() throws Exception {
    ReaderFuzz.run(reader, store, run.resolve("meta.yaml"), List.of(META.getBytes(StandardCharsets.UTF_8)), UnaryOperator.identity());
  }

  @Test
  void read_anyMetric_neverThrowsAnythingElse() throws Exception {
    Path metric = run.resolve("metrics/val/loss");
    ReaderFuzz.run(reader, store, metric, List.of(Files.readAllBytes(metric)), UnaryOperator.identity());
  }
}
