package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableReaderTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** The first that recognises it, as the import asks them. */
  private static LogReader readerOf(Path file) throws IOException {
    LogPlace place = LogPlace.of(file);
    for (LogReader reader : TableReader.all()) {
      if (reader.recognizes(place)) {
        return reader;
      }
    }
    throw new AssertionError("no reader for " + file);
  }

  private static CollectedLogs read(Path file) throws IOException {
    return CollectedLogs.of(readerOf(file), file);
  }

  @ParameterizedTest(name = "{1} -> {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lightning   | p/lightning_logs/version_0/metrics.csv | epoch,step,train_loss,val_loss
          lightning   | p/lightning_logs/version_0/m.csv       | epoch,step,train_loss,val_loss
          table       | p/m.csv                                | step,epoch,train_loss,val_loss
          keras       | p/log.csv                              | epoch,accuracy,loss,val_loss
          keras       | p/semi.csv                             | epoch;accuracy;loss
          table       | p/z.csv                                | epoch,loss,accuracy
          ultralytics | p/results.csv                          | epoch,time,train/box_loss,metrics/mAP50-95(B),lr/pg0
          ray-progress| p/progress.csv                         | loss,training_iteration,trial_id,time_total_s
          algoperf    | p/measurements.csv                     | global_step,loss,accumulated_submission_time
          table       | p/any.tsv                              | Iteration\tloss
          """)
  void recognizes_byTheHeader(String format, String name, String header) throws IOException {
    assertEquals(format, readerOf(write(name, header.replace("\\t", "\t") + "\n")).format());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"loss,step", "step", "name,loss", "{\"step\": 1, \"loss\": 2}", "''"})
  void recognizes_otherText_no(String text) throws IOException {
    LogPlace place = LogPlace.of(write("p/a.csv", text + "\n1,2\n"));
    assertTrue(TableReader.all().stream().noneMatch(r -> recognizes(r, place)));
  }

  private static boolean recognizes(LogReader reader, LogPlace place) {
    try {
      return reader.recognizes(place);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void read_lightning_sparseRowsAndParameters() throws IOException {
    String table = "epoch,step,train_loss,val_loss\n0,49,,1.5\n0,49,2.5,\n1,99,nan,\n1,99,,inf\n";
    Path file = write("proj/lightning_logs/version_3/metrics.csv", table);
    write("proj/lightning_logs/version_3/hparams.yaml", "lr: 0.1\nmodel: !!python/object:a.B {x: 1}\nopt:\n  name: adam\n");
    CollectedLogs logs = read(file);
    CollectedLogs.Collected run = logs.only();
    assertEquals("[proj | lightning_logs/version_3]", logs.runs.keySet().toString());
    assertEquals(List.of("49=1.5", "99=Infinity"), run.curve("val_loss"));
    assertEquals(List.of("49=2.5", "99=NaN"), run.curve("train_loss"));
    assertEquals(List.of("val_loss", "train_loss"), run.metrics());
    assertEquals(Map.of("lr", 0.1, "opt.name", "adam"), run.parameters);
    assertEquals(1, logs.skipped.size(), logs.skipped.toString());
    assertEquals(List.of(), logs.repaired);
  }

  @Test
  void read_keras_restartsNaAndVectors() throws IOException {
    Path file = write("exp/one/log.csv", "epoch,acc,loss,v\n0,0.1,2,\"[1, 2]\"\n1,NA,1,\"[2, 3]\"\n0,0.3,0.5,\"[4]\"\n");
    CollectedLogs logs = read(file);
    CollectedLogs.Collected run = logs.only();
    assertEquals("[one | one/log]", logs.runs.keySet().toString());
    assertEquals(List.of("0=0.1", "0=0.3"), run.curve("acc"));
    assertEquals(List.of("0=2.0", "1=1.0", "0=0.5"), run.curve("loss"));
    assertEquals(List.of("0 after 3"), run.restarts);
    assertEquals(List.of(file + ": column 'v': 3 cells that are no number"), logs.skipped);
    assertEquals(List.of(file + " line 4: the run was started again: its steps fall back from 1 to 0"), logs.repaired);
  }

  @Test
  void read_ultralyticsOld_paddedFromZero() throws IOException {
    String table = "               epoch,      train/box_loss,   metrics/mAP_0.5\n  0,   0.11,  0.2\n  1,  0.10,   nan\n";
    Path file = write("runs/train/exp2/results.csv", table);
    write("runs/train/exp2/opt.yaml", "epochs: 3\npatience: 100\n");
    write("runs/train/exp2/hyp.yaml", "lr0: 0.01\n");
    CollectedLogs.Collected run = read(file).only();
    assertEquals(List.of("0=0.11", "1=0.1"), run.curve("train/box_loss"));
    assertEquals(List.of("0=0.2", "1=NaN"), run.curve("metrics/mAP_0.5"));
    assertEquals(2, run.planned);
    assertEquals(End.UNKNOWN, run.end);
    assertEquals(null, run.cost);
    assertEquals(Map.of("epochs", 3L, "patience", 100L, "lr0", 0.01), run.parameters);
  }

  @Test
  void read_ultralyticsNew_timeIsCostAlsoOverARestart() throws IOException {
    String table = "epoch,time,metrics/mAP50(B)\n1,10.5,0.1\n2,20.5,0.2\n2,9.5,0.2\n3,19.5,0.3\n";
    Path file = write("runs/detect/train/results.csv", table);
    write("runs/detect/train/args.yaml", "epochs: 3\npatience: 100\n");
    CollectedLogs.Collected run = read(file).only();
    assertEquals("time in seconds", run.cost);
    assertEquals(List.of("1=10.5", "2=20.5", "2=30.0", "3=40.0"), run.curve("time"));
    assertEquals(3, run.planned);
    assertEquals(End.COMPLETED, run.end);
  }

  @Test
  void read_ray_parametersTimesAndCost() throws IOException {
    Path file =
        write(
            "tune/trial_1/progress.csv",
            "loss,training_iteration,timestamp,time_total_s,done,trial_id,config/lr,info/learner/kl,pid\n"
                + "2,1,1700000000,1.5,False,abc,0.1,0.01,7\n1,2,1700000002,3.5,True,abc,0.1,,7\n");
    CollectedLogs.Collected run = read(file).only();
    assertEquals(new CollectedLogs.Value("loss", 1, 1_700_000_000_000L, 2), run.values.get(0));
    assertEquals(List.of("loss", "time_total_s", "info/learner/kl"), run.metrics());
    assertEquals("time_total_s in seconds", run.cost);
    assertEquals(Map.of("lr", 0.1), run.parameters);
    assertEquals(End.UNKNOWN, run.end);
  }

  @Test
  void read_algoperfFolder_theTableWithAllOnce() throws IOException {
    String table = "global_step,loss,validation/loss,score,accumulated_submission_time\n0,2,,,\n1,,1,20,20\n1,1.5,,,\n";
    String evaluations = "accumulated_submission_time,global_step,score,validation/loss\n20,1,20,1\n";
    Path all = write("study/criteo_jax/trial_1/measurements.csv", table);
    write("study/criteo_jax/trial_1/eval_measurements.csv", evaluations);
    LogReader reader = new AlgoPerfFolder();
    LogPlace place = LogPlace.of(all.getParent());
    assertTrue(reader.recognizes(place));
    CollectedLogs logs = new CollectedLogs();
    reader.read(place, logs);
    assertEquals("[criteo_jax | criteo_jax/trial_1]", logs.runs.keySet().toString());
    assertEquals(List.of("0=2.0", "1=1.5"), logs.only().curve("loss"));
    assertEquals(List.of("1=1.0"), logs.only().curve("validation/loss"));
    assertEquals(List.of("1=20.0"), logs.only().curve("accumulated_submission_time"));
    assertTrue(logs.only().metrics().stream().noneMatch("score"::equals));
    assertEquals(1, read(all.resolveSibling("eval_measurements.csv")).repaired.size());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"','", "';'", "TAB"})
  void read_plain_anySeparatorAndSpelling(String named) throws IOException {
    String separator = named.equals("TAB") ? "\t" : named.replace("'", "");
    String text = "Step|a|b\n1|1e-3|NaN\n2.0|null|-inf\n3||1.#INF\n4|\"5\"|NA".replace("|", separator);
    CollectedLogs.Collected run = read(write("p/q/run7.csv", "\ufeff" + text)).only();
    assertEquals(List.of("1=0.001", "4=5.0"), run.curve("a"));
    assertEquals(List.of("1=NaN", "2=-Infinity", "3=Infinity"), run.curve("b"));
  }

  @Test
  void read_truncatedTail_keepsWhatCameBefore() throws IOException {
    Path plain = write("p/a.csv", "step,a,b\n1,2,3\n2,3");
    assertEquals(List.of(plain + " line 3: a cut-off last line was left out"), read(plain).repaired);
    Path keras = write("p/k.csv", "epoch,acc,loss\n0,2,3\n1,3,0.12");
    CollectedLogs logs = read(keras);
    assertEquals(List.of("0=3.0"), logs.only().curve("loss"));
    assertEquals(List.of(keras + " line 3: a cut-off last line was left out"), logs.repaired);
  }

  @Test
  void read_badRows_areSaidAndTheRestRead() throws IOException {
    Path file = write("p/a.csv", "step,a\n1,2\n2,3,4\nx,5\n3,6\n1.5,7\n");
    CollectedLogs logs = read(file);
    assertEquals(List.of("1=2.0", "3=6.0"), logs.only().curve("a"));
    assertEquals(
        List.of(
            file + " line 3: 3 cells, where the header has 2",
            file + " line 4: the step is no whole number: 'x'",
            file + " line 6: the step is no whole number: '1.5'"),
        logs.skipped);
  }

  @Test
  void read_columnsOfOneName_theFirst() throws IOException {
    Path file = write("p/a.csv", "step,a,a\n1,2,3\n");
    CollectedLogs logs = read(file);
    assertEquals(List.of("1=2.0"), logs.only().curve("a"));
    assertEquals(List.of(file + " line 1: columns of one name; the first was read: ['a']"), logs.repaired);
  }

  @Test
  void read_headerOnly_isSaid() throws IOException {
    Path file = write("p/a.csv", "step,a\n");
    assertEquals(List.of(file + ": a table without a row that could be read"), read(file).skipped);
  }

  @Test
  void read_aMillionColumns_isRefused() throws IOException {
    String header = IntStream.range(0, 1_000_000).mapToObj(i -> "c" + i).collect(Collectors.joining(",", "step,", "\n"));
    ImportException e = assertThrows(ImportException.class, () -> read(write("p/a.csv", header)));
    assertTrue(e.getMessage().contains("4096"), e.getMessage());
  }

  @Test
  void read_quoteThatIsNotClosed_isRefusedWithItsPlaceAndKeepsWhatCameBefore() throws IOException {
    Path file = write("p/a.csv", "step,a\n1,2\n2,\"3\n" + "3,4\n".repeat(50_000));
    CollectedLogs logs = new CollectedLogs();
    ImportException e = assertThrows(ImportException.class, () -> readerOf(file).read(LogPlace.of(file), logs));
    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    assertTrue(e.getMessage().contains("kept the 1 rows before"), e.getMessage());
    assertTrue(e.getMessage().contains("line 3"), e.getMessage());
    assertEquals(List.of("1=2.0"), logs.only().curve("a"));
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    List<byte[]> seeds =
        List.of("step,a,b\n1,2,3\n2,\"3\",nan\n", "epoch;a\n0;1\n1;NA\n0;2\n", "iter\ta\n0\t1e3\n1\t-inf\n").stream()
            .map(s -> s.getBytes(StandardCharsets.UTF_8))
            .toList();
    ReaderFuzz.run(new TableReader(new PlainTable()), folder.resolve("fuzz.csv"), seeds);
  }
}
