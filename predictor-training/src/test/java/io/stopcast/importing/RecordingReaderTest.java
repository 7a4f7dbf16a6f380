package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.Store;
import io.stopcast.live.Recording;
import io.stopcast.live.RecordingPolicy;
import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.policy.Patience;
import io.stopcast.policy.Stochastic;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.LoggedRun;
import io.stopcast.replay.OffPolicy;
import io.stopcast.replay.WatchedRun;
import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingReaderTest {
  private static final RunContext RUN =
      new RunContext(
          "lab",
          "mnist/mlp",
          "r1",
          Objective.minimize("loss"),
          new Horizon(10, 20.5),
          "epochs",
          Map.of("lr", 0.1, "layers", 3.0, "optimizer", "adam", "wide", true));
  private static final String HEADER =
      """
      {"stopcast":"recording","version":1,"source":"s","task":"t","run":"r","objective":{"name":"m","goal":"max"},"policy":"p"}
      """;
  private static final String STEP = "{\"step\":1,\"values\":{\"m\":1},\"decision\":\"continue\"}\n";

  @TempDir private Path folder;

  /** Knows a probability, stops never. */
  private static final StopPolicy KNOWING =
      run ->
          new StopPolicy.Watch() {
            @Override
            public Decision observe(Step step) {
              return Decision.CONTINUE;
            }

            @Override
            public Optional<Outlook> outlook() {
              return Optional.of(new Outlook(0.25, 1, 1, 1, 1));
            }
          };

  private Path record(StopPolicy policy, RunContext run, End end, Step... steps) throws IOException {
    Path recordings = folder.resolve("recordings");
    try (Recording recording = RecordingPolicy.into(recordings, policy).watch(run)) {
      for (Step step : steps) {
        recording.observe(step);
      }
      if (end != null) {
        recording.close(end);
      }
      assertEquals(Optional.empty(), recording.failure());
    }
    try (Stream<Path> files = Files.list(recordings)) {
      return files.findFirst().orElseThrow();
    }
  }

  private CollectedLogs read(String text) throws IOException {
    return CollectedLogs.of(new RecordingReader(), Files.writeString(folder.resolve("r.jsonl"), text));
  }

  private List<Run> imported(Path... paths) throws IOException {
    Path store = folder.resolve("store");
    ImportReport report = new Importer(Store.in(store), Importer.Wishes.NONE).run(Arrays.stream(paths).map(Path::toString).toList(), true);
    assertFalse(report.isIncomplete(), report.toString());
    assertEquals(Arrays.stream(paths).map(path -> "recording").toList(),
        report.places().stream().map(ImportReport.Place::format).toList());
    return History.read(List.of(store), History.Options.STRICT).runs();
  }

  /** A run in words that tell equal runs from others, NaN included, without what only a recording has. */
  private static List<Object> facts(Run run) {
    Map<String, Object> parameters = new HashMap<>(run.context().parameters());
    parameters.remove(RecordingReader.POLICY);
    parameters.remove("started");
    RunContext context = run.context();
    return List.of(
        context.source(), context.task(), context.run(), context.objective(), context.horizon(), context.costUnit(), parameters,
        run.end(), facts(run.steps()));
  }

  private static List<String> facts(List<Step> steps) {
    List<String> facts = new ArrayList<>();
    for (Step step : steps) {
      facts.add(
          step.index() + " " + step.cost() + step.names().stream().sorted().map(name -> " " + name + "=" + step.value(name)).toList());
    }
    return facts;
  }

  @Test
  void read_recordedRun_isTheRunThatWasWatched() throws IOException {
    List<String> both = List.of("loss", "acc");
    Step[] steps = {
      Step.of(1, 0.1, both, 0.1 + 0.2, 1e-300),
      Step.of(3, 1.5, both, Double.NaN, Double.POSITIVE_INFINITY),
      Step.of(4, 1.75, "acc", Double.NEGATIVE_INFINITY),
      Step.of(7, 1e9, both, -0.0, Double.MAX_VALUE)
    };
    Path file = record(StopPolicy.NEVER, RUN, End.DIVERGED, steps);
    Run read = imported(file).get(0);
    assertEquals(facts(new Run(RUN, List.of(steps), End.DIVERGED)), facts(read));
    assertEquals(StopPolicy.NEVER.toString(), read.context().parameters().get(RecordingReader.POLICY));
  }

  @Test
  void read_policyThatKnowsAProbability_givesItAsAMetric() throws IOException {
    Run read = imported(record(KNOWING, RUN, End.COMPLETED, Step.of(1, 1, "loss", 2))).get(0);
    assertEquals(List.of("1 1.0[ loss=2.0,  stopcast.probability=0.25]"), facts(read.steps()));
  }

  @Test
  void read_lastDecisionIsAStop_endedEarlyUnlessToldOtherwise() throws IOException {
    Step[] steps = {Step.of(1, 1, "loss", 1), Step.of(2, 2, "loss", 1)};
    Path file = record(new Patience(1), RUN, null, steps);
    assertEquals(End.EARLY_STOPPED, CollectedLogs.of(new RecordingReader(), file).only().end);
    record(new Patience(1), RUN, End.ABORTED);
    assertEquals(End.ABORTED, CollectedLogs.of(new RecordingReader(), file).only().end);
    record(new Patience(1), RUN, null, steps[0]);
    assertEquals(End.UNKNOWN, CollectedLogs.of(new RecordingReader(), file).only().end);
  }

  /** From a live watch to what is learned from, without the policy: by way of recording, store and history. */
  @Test
  void read_exemptRun_isKnownAsIfThePolicyWereAskedAgain() throws IOException {
    Stochastic policy = Stochastic.of(new Patience(1), .9, 3);
    Step[] steps = {Step.of(1, 1, "loss", 3), Step.of(2, 2, "loss", 3), Step.of(4, 3, "loss", 3), Step.of(5, 4, "loss", 1)};
    for (int i = 0; i < 40; i++) {
      RunContext run =
          new RunContext("lab", "mnist", "r" + i, Objective.minimize("loss"), Horizon.ofPoints(4), "epochs", Map.of());
      boolean isExempt = policy.isExempt(run);
      record(policy, run, isExempt ? End.COMPLETED : null, isExempt ? steps : Arrays.copyOf(steps, 2));
    }
    Path[] recordings;
    try (Stream<Path> files = Files.list(folder.resolve("recordings"))) {
      recordings = files.toArray(Path[]::new);
    }
    List<Run> runs = imported(recordings);
    assertEquals(40, runs.size());
    assertTrue(runs.stream().anyMatch(run -> policy.isExempt(run.context())));
    for (Run run : runs) {
      assertEquals(policy.isExempt(run.context()) ? Optional.of(new Exemption(2, 1 - .9)) : Optional.empty(), run.exemption());
      assertEquals(WatchedRun.of(run, policy, 50), WatchedRun.of(run, 50));
    }
  }

  @Test
  void read_passedOverBeyondTheCheckpoint_countsFromWhereItIsAgain() throws IOException {
    String exempt = "{\"step\":%d,\"values\":{\"m\":1},\"decision\":\"continue\",\"propensity\":%s}\n";
    String again = HEADER.replace("\"version\":1", "\"version\":1,\"resumed\":true");
    Path file =
        Files.writeString(
            folder.resolve("r.jsonl"),
            HEADER + STEP + exempt.formatted(2, .1) + exempt.formatted(3, .01) + again + STEP.replace("1,", "2,") + exempt.formatted(3, .1) + exempt.formatted(4, .01));
    assertEquals(Optional.of(new Exemption(3, .01)), imported(file).get(0).exemption());
    Files.writeString(file, HEADER + STEP + exempt.formatted(2, .1) + exempt.formatted(3, .01) + again + exempt.formatted(3, .1));
    assertEquals(Optional.of(new Exemption(2, .01)), imported(file).get(0).exemption());
  }

  @Test
  void read_runStartedAgain_leavesOutWhatWasBeyondTheCheckpoint() throws IOException {
    record(StopPolicy.NEVER, RUN, null, Step.of(1, 1, "loss", 9), Step.of(2, 2, "loss", 8), Step.of(3, 3, "loss", 7));
    Path file = record(StopPolicy.NEVER, RUN, End.COMPLETED, Step.of(2, 2, "loss", 5));
    assertEquals(List.of("2 after 6"), CollectedLogs.of(new RecordingReader(), file).only().restarts);
    assertEquals(List.of("1 1.0[ loss=9.0]", "2 2.0[ loss=5.0]"), facts(imported(file).get(0).steps()));
  }

  @Test
  void read_everyLengthOfFile_keepsTheWholeLines() throws IOException {
    Path file = record(new Patience(1), RUN, End.COMPLETED, Step.of(1, 1, "loss", 1), Step.of(2, 2, "loss", 0.5));
    byte[] all = Files.readAllBytes(file);
    int header = new String(all, StandardCharsets.US_ASCII).indexOf('\n') + 1;
    for (int length = header; length <= all.length; length++) {
      byte[] some = Arrays.copyOf(all, length);
      Files.write(file, some);
      CollectedLogs logs = CollectedLogs.of(new RecordingReader(), file);
      long whole =
          new String(some, StandardCharsets.US_ASCII).lines().filter(line -> line.matches(".*\"decision\":\"[a-z]+\"}")).count();
      assertEquals(whole, logs.only().curve("loss").size(), "of " + length + " bytes");
      assertEquals(List.of(), logs.skipped);
      assertTrue(logs.repaired.size() <= 1);
    }
  }

  @Test
  void read_runThatDiedInALineAndWentOn_leavesThatLineOut() throws IOException {
    Path file = record(StopPolicy.NEVER, RUN, null, Step.of(1, 1, "loss", 9), Step.of(2, 2, "loss", 8));
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - 9));
    record(StopPolicy.NEVER, RUN, End.COMPLETED, Step.of(2, 2, "loss", 7));
    CollectedLogs logs = CollectedLogs.of(new RecordingReader(), file);
    assertEquals(List.of("1=9.0", "2=7.0"), logs.only().curve("loss"));
    assertEquals(1, logs.skipped.size());
    assertTrue(logs.skipped.get(0).contains(" line 3: not JSON"), logs.skipped.get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]", "7", "{}",
        "{\"step\":1.5,\"values\":{\"m\":1}}", "{\"step\":1e5,\"values\":{}}", "{\"step\":2,\"values\":{\"m\":\"x\"}}",
        "{\"step\":2,\"values\":[]}", "{\"step\":2,\"values\":{\"m\":1},\"propensity\":2}", "{\"step\":2,\"values\":{\"m\":1,\"m\":2}}", "{\"step\":2,\"values\":{\"m\":1e999}}",
        "{\"step\":99999999999999999999,\"values\":{}}", "{\"end\":\"soon\"}", "{\"end\":7}",
        "{\"step\":2,\"values\":{\"m\":1}", "x"
      })
  void read_badLine_isToldAndLeftOut(String line) throws IOException {
    CollectedLogs logs = read(HEADER + STEP + line + "\n" + STEP.replace("1,", "3,") + "{\"end\":\"target\"}\n");
    assertEquals(List.of("1=1.0", "3=1.0"), logs.only().curve("m"));
    assertEquals(End.TARGET, logs.only().end);
    assertEquals(1, logs.skipped.size(), logs.skipped.toString());
    assertTrue(logs.skipped.get(0).contains("r.jsonl line 3: "), logs.skipped.get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"stopcast\":\"recording\",\"version\":2,\"source\":\"s\",\"task\":\"t\",\"run\":\"r\"}",
        "{\"stopcast\":\"recording\",\"version\":1,\"source\":\"s\",\"task\":\"t\"}",
        "{\"stopcast\":\"recording\",\"version\":1,\"source\":\"s\",\"task\":\"t\",\"run\":7}",
        "{\"stopcast\":\"recording\",\"version\":1,\"source\":\"s\",\"task\":\"t\",\"run\":\"r\","
            + "\"objective\":{\"name\":\"\",\"goal\":\"max\"}}",
        "{\"stopcast\":\"recording\",\"version\":1,\"source\":\"s\",\"task\":\"t\",\"run\":\"r\",\"context\":[1]}",
        "{\"stopcast\":\"recording\",\"version\":1,\"source\":\"s\",\"task\":\"t\",\"run\":\"r\",\"planned\":1e9}"
      })
  void read_noHeaderThatCanBeRead_leavesItsStepsOut(String header) throws IOException {
    CollectedLogs logs = read(HEADER + STEP + header + "\n" + STEP + "{\"end\":\"target\"}\n");
    assertEquals(List.of("1=1.0"), logs.only().curve("m"));
    assertEquals(End.UNKNOWN, logs.only().end);
    assertEquals(3, logs.skipped.size(), logs.skipped.toString());
    var e = assertThrows(ImportException.class, () -> read(header + "\n" + STEP));
    assertEquals(
        folder.resolve("r.jsonl")
            + ": no line tells of a run, as the first line of a recording does; put it back, or remove the file",
        e.getMessage());
  }

  @Test
  void read_emptyTexts_areNotTold() throws IOException {
    Path file = folder.resolve("r.jsonl");
    Files.writeString(file, HEADER.replace("\"policy\":\"p\"", "\"cost_unit\":\"\",\"policy\":\"\"") + STEP);
    RunContext run = imported(file).get(0).context();
    assertEquals("steps", run.costUnit());
    assertFalse(run.parameters().containsKey(RecordingReader.POLICY));
  }

  @Test
  void read_start_isTold() throws IOException {
    String started = HEADER.replace("}\n", ",\"started\":\"%s\"}\n");
    assertEquals(Instant.parse("2026-03-04T05:06:07.250Z"), read(started.formatted("2026-03-04T05:06:07.250Z")).only().started);
    assertEquals(1, read(started.formatted("yesterday")).skipped.size());
    assertEquals(null, read(started.formatted("+1000000000-12-31T23:59:59Z")).only().started);
  }

  @Test
  void importing_hostileNames_keepsThemApart() throws IOException {
    List<String> names = List.of("../../etc/passwd", "a\u0000\n\"b\\", "\u202e", "caf\u00e9 \ud83d\ude00", "x".repeat(2000));
    for (String name : names) {
      Objective objective = Objective.maximize("m \"\u00e9\n");
      RunContext run = new RunContext("lab", name, name, objective, Horizon.UNKNOWN, "steps", Map.of(name.substring(0, 1), name));
      record(StopPolicy.NEVER, run, End.COMPLETED, Step.of(1, 1, objective.metric(), 1), Step.of(2, 2, objective.metric(), 2));
    }
    Path store = folder.resolve("store");
    ImportReport report = new Importer(Store.in(store), Importer.Wishes.NONE).run(List.of(folder.resolve("recordings").toString()), true);
    assertFalse(report.isIncomplete(), report.toString());
    List<Run> runs = History.read(List.of(store), History.Options.STRICT).runs();
    assertEquals(names.stream().sorted().toList(), runs.stream().map(run -> run.context().run()).sorted().toList());
    runs.forEach(run -> assertEquals(2, run.steps().size()));
  }

  @Test
  void importing_nameThatIsNoUnicode_goesIn() throws IOException {
    RunContext run =
        new RunContext("\ud800", "t", "r", Objective.maximize("m\udc00"), Horizon.UNKNOWN, "steps", Map.of("p\ud800", "\ud800"));
    Path file = record(StopPolicy.NEVER, run, End.COMPLETED, Step.of(1, 1, List.of("m\udc00", "m\udc01"), 1, 2));
    assertEquals(List.of("1 1.0[ m\\udc00=1.0,  m\\udc01=2.0]"), facts(imported(file).get(0).steps()));
  }

  @Test
  void recognizes_recordingsOnly() throws IOException {
    Path file = folder.resolve("r.jsonl");
    for (String text : List.of("", "{", "{}", "{\"stopcast\":1}", "{\"source\":\"s\",\"task\":\"t\",\"run\":\"r\"}", STEP)) {
      assertFalse(new RecordingReader().recognizes(LogPlace.of(Files.writeString(file, text))), text);
    }
    assertTrue(new RecordingReader().recognizes(LogPlace.of(Files.writeString(file, HEADER))));
    assertFalse(new RecordingReader().recognizes(LogPlace.of(folder)));
  }

  @Test
  void read_mutatedRecordings_throwsNothingElse() throws Exception {
    Path file = record(KNOWING, RUN, End.COMPLETED, Step.of(1, 1, "loss", 1), Step.of(2, 2, "loss", Double.NaN));
    byte[] seed = Files.readAllBytes(file);
    byte[] other = (HEADER + STEP).getBytes(StandardCharsets.UTF_8);
    assertTrue(ReaderFuzz.run(new RecordingReader(), file, List.of(seed, other)) > 100);
  }

  /** From the trainer, which stops where it is told to, to what another policy would have lost. */
  @Test
  void read_stochasticPolicy_isWhatTheRecordingsTellOfIt() throws IOException {
    Stochastic policy = new Patience(2).withProbability(0.5, 1);
    Path recordings = folder.resolve("recordings");
    int stopped = 0;
    for (int r = 0; r < 12; r++) {
      RunContext run = new RunContext("lab", "t", "r" + r, RUN.objective(), Horizon.ofPoints(8), "epochs", Map.of());
      try (Recording recording = RecordingPolicy.into(recordings, policy).watch(run)) {
        int step = 1;
        while (step <= 8 && !recording.observe(Step.of(step, step, "loss", step < 7 ? 2 : 1)).isStop()) {
          step++;
        }
        if (step > 8) {
          recording.close(End.COMPLETED);
        }
        stopped += step > 8 ? 0 : 1;
      }
    }
    new Importer(Store.in(folder.resolve("store")), Importer.Wishes.NONE).run(List.of(recordings.toString()), true);
    List<Run> history = History.read(List.of(folder.resolve("store")), History.Options.STRICT).runs();
    List<LoggedRun> logged = LoggedRun.of(StopPolicy.NEVER, policy, history, 0.1);
    assertEquals(12, logged.size());
    assertEquals(12 - stopped, logged.stream().filter(LoggedRun::isShown).count());
    assertTrue(stopped > 2 && stopped < 10, "stopped " + stopped);
    assertTrue(logged.stream().allMatch(run -> run.propensity() == 0.5));
    assertEquals(0.1, OffPolicy.of(logged, 10, 1).doublyRobust().mean(), 1e-12);
  }
}
