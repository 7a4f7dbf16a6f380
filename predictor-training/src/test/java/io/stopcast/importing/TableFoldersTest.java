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
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formats of which one folder is one run. */
class TableFoldersTest {
  private static final String TRAINING =
      "{\"meta\":{\"test_sets\":[\"test\"],\"iteration_count\":%d,\"name\":\"e\"},\"iterations\":[{\"i\":1}]}";

  private final LogReader catBoost = new CatBoostFolder();
  private final LogReader dvcLive = new DvcLiveFolder();
  @TempDir Path temp;

  private Path write(String name, String text) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path catBoost(int planned) throws IOException {
    Path folder = write("fraud/catboost_info/learn_error.tsv", "iter\tLogloss\tAUC\n0\t0.69\t0.5\n1\t0.6\t0.6\n").getParent();
    write("fraud/catboost_info/test_error.tsv", "iter\tLogloss\n0\t0.7\n1\tnan\n");
    write("fraud/catboost_info/time_left.tsv", "iter\tPassed\tRemaining\n0\t12\t100\n1\t25\t90\n");
    write("fraud/catboost_info/catboost_training.json", TRAINING.formatted(planned));
    return folder;
  }

  @Test
  void read_catBoost_itsTablesAreOneRun() throws IOException {
    Path folder = catBoost(2);
    assertTrue(catBoost.recognizes(LogPlace.of(folder)));
    assertFalse(catBoost.recognizes(LogPlace.of(folder.getParent())));
    CollectedLogs logs = CollectedLogs.of(catBoost, folder);
    CollectedLogs.Collected run = logs.only();
    assertEquals("[fraud | fraud/catboost_info]", logs.runs.keySet().toString());
    assertEquals(List.of("0=0.69", "1=0.6"), run.curve("learn/Logloss"));
    assertEquals(List.of("0=0.7", "1=NaN"), run.curve("test/Logloss"));
    assertEquals(List.of("0=12.0", "1=25.0"), run.curve("time/Passed"));
    assertEquals("time/Passed in milliseconds", run.cost);
    assertEquals(List.of("learn/Logloss", "learn/AUC", "test/Logloss", "time/Passed"), run.metrics());
    assertEquals(1, run.planned);
    assertEquals(End.COMPLETED, run.end);
    assertTrue(catBoost.readsAlong(LogPlace.of(folder), folder.resolve("test_error.tsv")));
  }

  @Test
  void read_catBoostStopped_itsEndIsNotKnown() throws IOException {
    CollectedLogs.Collected run = CollectedLogs.of(catBoost, catBoost(100)).only();
    assertEquals(99, run.planned);
    assertEquals(End.UNKNOWN, run.end);
  }

  @Test
  void read_catBoostWithABrokenPart_readsTheOthers() throws IOException {
    Path folder = catBoost(2);
    write("fraud/catboost_info/test_error.tsv", "what\tLogloss\n0\t0.7\n");
    write("fraud/catboost_info/catboost_training.json", "{\"meta\":{\"iteration_count\"");
    CollectedLogs logs = CollectedLogs.of(catBoost, folder);
    assertEquals(List.of("learn/Logloss", "learn/AUC", "time/Passed"), logs.only().metrics());
    assertEquals(2, logs.skipped.size(), logs.skipped.toString());
    Files.delete(folder.resolve("learn_error.tsv"));
    assertThrows(ImportException.class, () -> CollectedLogs.of(catBoost, folder));
  }

  private Path dvcLive() throws IOException {
    write("proj/dvclive/plots/metrics/loss.tsv", "step\tloss\n0\t2\n1\t1\n");
    write("proj/dvclive/plots/metrics/train/acc.tsv", "timestamp\tstep\tacc\n1700000000000\t0\t0.5\n");
    write("proj/dvclive/params.yaml", "lr: 0.1\n");
    return write("proj/dvclive/metrics.json", "{}").getParent();
  }

  @Test
  void read_dvcLive_itsTablesAreOneRun() throws IOException {
    Path folder = dvcLive();
    assertTrue(dvcLive.recognizes(LogPlace.of(folder)));
    assertFalse(dvcLive.recognizes(LogPlace.of(folder.getParent())));
    CollectedLogs logs = CollectedLogs.of(dvcLive, folder);
    assertEquals("[proj | proj/dvclive]", logs.runs.keySet().toString());
    assertEquals(List.of("0=2.0", "1=1.0"), logs.only().curve("loss"));
    assertEquals(new CollectedLogs.Value("train/acc", 0, 1_700_000_000_000L, 0.5), logs.only().values.get(2));
    assertEquals(Map.of("lr", 0.1), logs.only().parameters);
    assertTrue(dvcLive.readsAlong(LogPlace.of(folder), folder.resolve("plots/metrics/loss.tsv")));
    assertFalse(dvcLive.readsAlong(LogPlace.of(folder), folder.resolve("other/loss.tsv")));
  }

  @Test
  void read_dvcLiveWithoutTables_isRefused() {
    assertThrows(ImportException.class, () -> CollectedLogs.of(dvcLive, temp));
  }

  @Test
  void read_anyTraining_neverThrowsAnythingElse() throws Exception {
    Path folder = catBoost(2);
    Path training = folder.resolve("catboost_training.json");
    byte[] seed = TRAINING.formatted(3).getBytes(StandardCharsets.UTF_8);
    ReaderFuzz.run(catBoost, folder, training, List.of(seed), UnaryOperator.identity());
  }

  @Test
  void read_anyParameters_neverThrowsAnythingElse() throws Exception {
    Path folder = dvcLive();
    byte[] seed = "lr: 0.1\nopt: &a {name: [adam, !x y], b: *a}\n? k\n: |\n  text\n".getBytes(StandardCharsets.UTF_8);
    ReaderFuzz.run(dvcLive, folder, folder.resolve("params.yaml"), List.of(seed), UnaryOperator.identity());
  }
}
