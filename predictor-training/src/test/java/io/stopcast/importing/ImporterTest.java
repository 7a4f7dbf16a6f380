package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.Store;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From logs to a store and back to runs. */
class ImporterTest {
  private static final long DAY = 24L * 3600 * 1000;

  @TempDir private Path folder;
  private Path logs;
  private Path store;

  @BeforeEach
  void place() throws IOException {
    logs = Files.createDirectory(folder.resolve("logs"));
    store = folder.resolve("history");
  }

  /** What a reader would say, said by a test. */
  private interface Script {
    void tell(LogSink sink) throws IOException;
  }

  /** Any file ending in .log, read as the script says. */
  private record Scripted(Duplicates duplicates, Script script) implements LogReader {
    @Override
    public String format() {
      return "scripted";
    }

    @Override
    public boolean recognizes(LogPlace place) {
      return place.path().toString().endsWith(".log");
    }

    @Override
    public void read(LogPlace place, LogSink sink) throws IOException {
      script.tell(sink);
    }
  }

  private ImportReport tell(Duplicates rule, Script script) throws IOException {
    return tell(rule, Importer.Wishes.NONE, script);
  }

  private ImportReport tell(Duplicates rule, Importer.Wishes wishes, Script script) throws IOException {
    Path log = logs.resolve("a.log");
    if (!Files.exists(log)) {
      Files.createFile(log);
    }
    return new Importer(Store.in(store), wishes, List.of(new Scripted(rule, script))).run(List.of(logs.toString()), true);
  }

  private ImportReport read(boolean publish) throws IOException {
    return new Importer(Store.in(store), Importer.Wishes.NONE).run(List.of(logs.toString()), publish);
  }

  private List<Run> stored() throws IOException {
    return History.read(List.of(store), History.Options.STRICT).runs();
  }

  private Run onlyOne() throws IOException {
    List<Run> runs = stored();
    assertEquals(1, runs.size());
    return runs.get(0);
  }

  private static List<String> curve(Run run, String metric) {
    return run.steps().stream().filter(s -> s.reports(metric)).map(s -> s.index() + "=" + s.value(metric)).toList();
  }

  private static List<Double> costs(Run run) {
    return run.steps().stream().map(Step::cost).toList();
  }

  private static void value(LogSink sink, long step, double value) throws IOException {
    sink.run("t", "r").value("val_loss", step, LoggedRun.NO_TIME, value);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(logs.resolve(name), text, StandardCharsets.UTF_8);
  }

  private static String json(String run, String end, String steps) {
    return ("{\"source\":\"lab\",\"task\":\"t\",\"run\":\"%s\",\"context\":{\"lr\":0.1,\"name\":\"ü'\\\"\",\"on\":true},"
            + "\"objective\":{\"name\":\"val_acc\",\"goal\":\"max\"},\"end\":\"%s\",\"planned\":7,\"planned_cost\":12.5,"
            + "\"cost_unit\":\"tokens\",\"labels\":[\"gold\"],\"steps\":[%s]}%n")
        .formatted(run, end, steps);
  }

  private static final String STEPS =
      "{\"step\":1,\"cost\":0.1,\"values\":{\"val_acc\":0.30000000000000004,\"gold\":1,\"test_acc\":0.5}},"
          + "{\"step\":3,\"cost\":0.1,\"values\":{\"train_loss\":2.5}},"
          + "{\"step\":4,\"cost\":7e300,\"values\":{\"val_acc\":NaN,\"train_loss\":-Infinity,\"test_acc\":0.25}}";

  @Test
  void run_ourOwnForm_comesBackBitForBit() throws IOException {
    write("runs.jsonl", json("a", "completed", STEPS) + json("b", "crashed", STEPS));
    ImportReport report = read(true);
    List<Run> expected = History.read(List.of(logs), History.Options.STRICT).runs();
    List<Run> runs = stored();
    assertEquals(2, report.runs());
    assertFalse(report.isIncomplete());
    for (int i = 0; i < 2; i++) {
      Run run = runs.get(i);
      Run original = expected.get(i);
      assertEquals(original.context(), run.context());
      assertEquals(original.end(), run.end());
      assertEquals(lines(original), lines(run));
      assertEquals(original.labels().keySet(), run.labels().keySet());
      original.labels().forEach((name, values) -> assertEquals(List.of(box(values)), List.of(box(run.labels().get(name)))));
    }
  }

  /** The steps with their values in order of their names. */
  private static List<String> lines(Run run) {
    return run.steps().stream()
        .map(s -> s.index() + " " + s.cost() + s.names().stream().sorted().map(n -> " " + n + "=" + s.value(n)).toList())
        .toList();
  }

  private static Double[] box(double[] values) {
    return java.util.Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  @Test
  void run_twice_changesNothing() throws IOException {
    write("runs.jsonl", json("a", "completed", STEPS));
    read(true);
    List<Path> before = files(store);
    ImportReport again = read(true);
    assertEquals(Optional.empty(), again.written());
    assertEquals(1, again.unchanged());
    assertEquals(before, files(store));
  }

  @Test
  void run_changedSource_replacesItsRuns() throws IOException {
    write("runs.jsonl", json("a", "completed", STEPS) + json("b", "completed", STEPS));
    read(true);
    write("runs.jsonl", json("a", "completed", STEPS) + json("b", "diverged", STEPS));
    ImportReport report = read(true);
    assertEquals(1, report.replaced());
    assertEquals(1, report.unchanged());
    assertEquals(2, files(store).size());
    List<Run> runs = stored();
    assertEquals(2, runs.size());
    assertEquals(
        List.of("a completed", "b diverged"),
        runs.stream().map(r -> r.context().run() + " " + r.end().word()).sorted().toList());
  }

  @Test
  void run_dryRun_leavesNothing() throws IOException {
    write("runs.jsonl", json("a", "completed", STEPS));
    ImportReport report = read(false);
    assertEquals(1, report.runs());
    assertFalse(Files.exists(store));
  }

  @Test
  void run_onlyChanged_leavesTheRestAlone() throws IOException {
    write("a.jsonl", json("a", "completed", STEPS));
    write("b.jsonl", json("b", "completed", STEPS));
    read(true);
    write("b.jsonl", json("b", "diverged", STEPS) + json("c", "completed", STEPS));
    Importer.Wishes changed =
        new Importer.Wishes(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true);
    ImportReport report = new Importer(Store.in(store), changed).run(List.of(logs.toString()), true);
    assertEquals(1, report.places().size());
    assertTrue(report.places().get(0).path().endsWith("b.jsonl"));
    assertEquals(3, stored().size());
  }

  @Test
  void run_brokenFileBesideGoodOne_takesTheGoodOne() throws IOException {
    write("good.jsonl", json("a", "completed", STEPS));
    write("broken.jsonl", json("b", "completed", STEPS) + "{\"source\":\"lab\",\"task\":\n");
    ImportReport report = read(true);
    assertTrue(report.isIncomplete());
    assertEquals(2, stored().size());
    assertTrue(report.places().get(0).skipped().get(0).contains("line 2"), report.places().toString());
  }

  @Test
  void run_readerThatGivesUp_keepsWhatCameBefore() throws IOException {
    ImportReport report =
        tell(
            Duplicates.LAST,
            sink -> {
              value(sink, 1, 2);
              value(sink, 2, 1);
              throw new ImportException("x.log byte 7: nothing more");
            });
    assertEquals(Optional.of("x.log byte 7: nothing more"), report.places().get(0).fault());
    assertTrue(report.isIncomplete());
    assertEquals(List.of("1=2.0", "2=1.0"), curve(onlyOne(), "val_loss"));
  }

  @Test
  void run_readerWithABug_costsItsOwnPlaceAlone() throws IOException {
    Files.createFile(logs.resolve("b.log"));
    int[] calls = {0};
    ImportReport report =
        tell(
            Duplicates.LAST,
            sink -> {
              if (calls[0]++ == 0) {
                throw new IllegalStateException("index 7");
              }
              value(sink, 1, 2);
            });
    assertTrue(report.isIncomplete());
    assertTrue(report.places().get(0).fault().orElseThrow().contains("index 7"));
    assertEquals(1, stored().size());
  }

  @Test
  void run_runThatOutlivesItsPlan_keepsThePlan() throws IOException {
    tell(
        Duplicates.LAST,
        sink -> {
          sink.run("t", "r").plannedStep(5);
          for (int i = 1; i <= 9; i++) {
            value(sink, i, i);
          }
        });
    assertEquals(5, onlyOne().context().horizon().points());
  }

  @Test
  void run_duplicates_lastOrFirstOrPurgedAfterRestart() throws IOException {
    Script script =
        sink -> {
          value(sink, 1, 10);
          value(sink, 2, 20);
          value(sink, 3, 30);
          value(sink, 4, 40);
          sink.run("t", "r").restart(3);
          value(sink, 3, 31);
          value(sink, 2, 21);
        };
    tell(Duplicates.LAST, script);
    assertEquals(List.of("1=10.0", "2=21.0", "3=31.0", "4=40.0"), curve(onlyOne(), "val_loss"));
    tell(Duplicates.FIRST, script);
    assertEquals(List.of("1=10.0", "2=20.0", "3=30.0", "4=40.0"), curve(onlyOne(), "val_loss"));
    tell(Duplicates.PURGE_AFTER_RESTART, script);
    assertEquals(List.of("1=10.0", "2=21.0", "3=31.0"), curve(onlyOne(), "val_loss"));
  }

  @Test
  void run_severalRestarts_theEarliestThatCameLaterCuts() throws IOException {
    tell(
        Duplicates.PURGE_AFTER_RESTART,
        sink -> {
          for (int i = 1; i <= 5; i++) {
            value(sink, i, i);
          }
          sink.run("t", "r").restart(4);
          value(sink, 4, 40);
          value(sink, 5, 50);
          sink.run("t", "r").restart(2);
          value(sink, 2, 200);
        });
    assertEquals(List.of("1=1.0", "2=200.0"), curve(onlyOne(), "val_loss"));
  }

  @Test
  void run_timesOfValues_areTheCostWithoutTheNightBetween() throws IOException {
    tell(
        Duplicates.LAST,
        sink -> {
          long at = 1_700_000_000_000L;
          for (int i = 1; i <= 20; i++) {
            at += i == 11 ? DAY : 60_000;
            sink.run("t", "r").value("val_loss", i, at, 1.0 / i);
          }
        });
    Run run = onlyOne();
    assertEquals("seconds", run.context().costUnit());
    List<Double> costs = costs(run);
    double first = costs.get(0);
    assertEquals(first + 9 * 60, costs.get(9), 1e-9);
    assertEquals(first + 9 * 60 + 600, costs.get(10), 1e-9);
    assertTrue(first > 0 && first <= 600, "the first point costs about what others do, but was " + first);
  }

  @Test
  void run_costMetric_isTheCostAndNoSignal() throws IOException {
    tell(
        Duplicates.LAST,
        sink -> {
          LoggedRun run = sink.run("t", "r");
          run.costMetric("tokens", "tokens");
          for (int i = 1; i <= 4; i++) {
            run.value("tokens", i, i * 1000L, i == 3 ? 5 : i * 100);
            run.value("val_loss", i, i * 1000L, 1.0 / i);
          }
        });
    Run run = onlyOne();
    assertEquals(List.of(100.0, 200.0, 200.0, 400.0), costs(run));
    assertEquals("tokens", run.context().costUnit());
    assertFalse(run.steps().get(0).reports("tokens"));
  }

  @Test
  void run_neitherTimeNorCost_countsSteps() throws IOException {
    tell(
        Duplicates.LAST,
        sink -> {
          value(sink, 0, 3);
          value(sink, 10, 2);
        });
    assertEquals(List.of(1.0, 11.0), costs(onlyOne()));
  }

  @Test
  void run_plannedStep_becomesPointsAndTellsWhetherItIsComplete() throws IOException {
    tell(
        Duplicates.LAST,
        sink -> {
          for (String name : List.of("half", "whole")) {
            LoggedRun run = sink.run("t", name);
            run.plannedStep(1000);
            for (int i = 100; i <= (name.equals("half") ? 500 : 1000); i += 100) {
              run.value("val_loss", i, LoggedRun.NO_TIME, 1.0 / i);
            }
          }
        });
    List<Run> runs = stored();
    assertEquals(10, runs.get(0).context().horizon().points());
    assertEquals(End.UNKNOWN, runs.get(0).end());
    assertEquals(10, runs.get(1).context().horizon().points());
    assertEquals(End.COMPLETED, runs.get(1).end());
  }

  @Test
  void run_testMetric_isALabelUnlessItIsTheObjective() throws IOException {
    Script script =
        sink -> {
          LoggedRun run = sink.run("t", "r");
          run.value("val/acc", 1, LoggedRun.NO_TIME, .5);
          run.value("test/acc", 1, LoggedRun.NO_TIME, .4);
          run.value("val/acc", 2, LoggedRun.NO_TIME, .6);
        };
    ImportReport report = tell(Duplicates.LAST, script);
    Run run = onlyOne();
    assertEquals(Objective.maximize("val/acc"), run.context().objective());
    assertTrue(report.tasks().get(0).guessed());
    assertEquals(2, run.labels().get("test/acc").length);
    assertTrue(Double.isNaN(run.labels().get("test/acc")[1]));
    assertFalse(run.steps().get(0).reports("test/acc"));
    Importer.Wishes judged =
        new Importer.Wishes(
            Optional.empty(),
            Optional.of(Objective.maximize("test/acc")),
            Optional.empty(),
            Optional.of("lab"),
            Optional.empty(),
            Optional.of(End.COMPLETED),
            Optional.empty(),
            false);
    tell(Duplicates.LAST, judged, script);
    Run other = stored().stream().filter(r -> r.context().source().equals("lab")).findFirst().orElseThrow();
    assertTrue(other.labels().isEmpty());
    assertEquals(End.COMPLETED, other.end());
  }

  @Test
  void run_nothingToJudgeBy_isLeftOutAndSaid() throws IOException {
    ImportReport report =
        tell(
            Duplicates.LAST,
            sink -> {
              sink.run("t", "r").value("gpu/temperature", 1, LoggedRun.NO_TIME, 60);
              sink.run("u", "s").value("val_loss", 1, LoggedRun.NO_TIME, 1);
            });
    assertEquals(1, report.runs());
    assertTrue(report.notes().get(0).contains("--objective"), report.notes().toString());
  }

  @Test
  void run_taskParameter_isTheTask() throws IOException {
    Importer.Wishes byModel =
        new Importer.Wishes(
            Optional.empty(),
            Optional.empty(),
            Optional.of("model"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);
    ImportReport report =
        tell(
            Duplicates.LAST,
            byModel,
            sink -> {
              LoggedRun run = sink.run("t", "r");
              run.parameter("model", "resnet");
              run.value("val_loss", 1, LoggedRun.NO_TIME, 1);
              sink.run("t", "without").value("val_loss", 1, LoggedRun.NO_TIME, 1);
            });
    assertEquals(List.of("resnet", "t"), stored().stream().map(r -> r.context().task()).sorted().toList());
    assertTrue(report.notes().get(0).contains("'without' has no parameter 'model'"), report.notes().toString());
  }

  @Test
  void run_copiesOfARun_theFullerOneIsTaken() throws IOException {
    write("a.jsonl", json("a", "completed", "{\"step\":1,\"cost\":1,\"values\":{\"val_acc\":1}}"));
    write("b.jsonl", json("a", "completed", STEPS));
    ImportReport report = read(true);
    assertEquals(3, onlyOne().steps().size());
    assertTrue(report.notes().get(0).contains("--source"), report.notes().toString());
  }

  @Test
  void run_hostileNames_comeBackAsTheyWere() throws IOException {
    String name = "'; DROP TABLE runs; --\" \n\t\u202e../../x" + "y".repeat(500);
    tell(
        Duplicates.LAST,
        sink -> {
          LoggedRun run = sink.run(name, name);
          run.parameter(name, name);
          run.value("val_loss" + name, 1, LoggedRun.NO_TIME, 1);
        });
    Run run = onlyOne();
    assertEquals(name, run.context().task());
    assertEquals(name, run.context().run());
    assertEquals(name, run.context().parameters().get(name));
    assertEquals("val_loss" + name, run.context().objective().metric());
  }

  @Test
  void run_nothingThatAnyReaderKnows_saysSo() throws IOException {
    write("notes.txt", "buy milk\n");
    ImportException e = assertThrows(ImportException.class, () -> read(true));
    assertTrue(e.getMessage().contains("no") && e.getMessage().contains("1 files looked at"), e.getMessage());
    assertFalse(Files.exists(store));
  }

  @Test
  void run_severalAtOnce_allGoIn() throws Exception {
    int imports = 4;
    ExecutorService pool = Executors.newFixedThreadPool(imports);
    try {
      List<Future<ImportReport>> running = new ArrayList<>();
      for (int i = 0; i < imports; i++) {
        Path own = Files.createDirectory(folder.resolve("logs" + i));
        Files.writeString(own.resolve("x.jsonl"), json("own" + i, "completed", STEPS) + json("shared", "completed", STEPS));
        running.add(
            pool.submit(() -> new Importer(Store.in(store), Importer.Wishes.NONE).run(List.of(own.toString()), true)));
      }
      for (Future<ImportReport> each : running) {
        assertTrue(each.get().written().isPresent());
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(imports + 1, stored().size());
    assertEquals(List.of(), leftovers());
  }

  @Test
  void run_afterAKill_sweepsWhatNobodyHoldsAndLeavesTheRest() throws IOException {
    Path dead = Files.createDirectories(store.resolve(".importing-dead"));
    Files.createFile(dead.resolve("lock"));
    Files.writeString(dead.resolve("imported.parquet"), "half");
    Path alive = Files.createDirectories(store.resolve(".importing-alive"));
    write("runs.jsonl", json("a", "completed", STEPS));
    try (FileChannel lock =
        FileChannel.open(alive.resolve("lock"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      lock.lock();
      read(true);
      assertEquals(1, stored().size());
      assertFalse(Files.exists(dead));
      assertTrue(Files.exists(alive));
    }
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> inside = Files.list(store)) {
      return inside.filter(p -> p.getFileName().toString().startsWith(".")).toList();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.sorted().toList();
    }
  }
}
