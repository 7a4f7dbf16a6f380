package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.Outlook;
import io.stopcast.policy.Advice;
import io.stopcast.policy.Decision;
import io.stopcast.policy.Patience;
import io.stopcast.policy.Stochastic;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
  private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);
  private static final RunContext RUN =
      new RunContext(
          "lab",
          "mnist",
          "r1",
          Objective.minimize("loss"),
          new Horizon(10, 20.5),
          "epochs",
          Map.of("lr", 0.1, "layers", 3L, "name", "a \"b\"", "wide", true));
  private static final String HEADER =
      "\"source\":\"lab\",\"task\":\"mnist\",\"run\":\"r1\","
          + "\"context\":{\"layers\":3,\"lr\":0.1,\"name\":\"a \\\"b\\\"\",\"wide\":true},"
          + "\"objective\":{\"name\":\"loss\",\"goal\":\"min\"},\"planned\":10,\"planned_cost\":20.5,\"cost_unit\":\"epochs\","
          + "\"policy\":\"patience(1 steps)\",\"started\":\"2026-03-04T05:06:07Z\"}";

  @TempDir private Path folder;

  private Recording record(StopPolicy policy) {
    return new RecordingPolicy(folder, policy, CLOCK).watch(RUN);
  }

  private List<String> lines() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return Files.readAllLines(files.findFirst().orElseThrow());
    }
  }

  private static RunContext named(String run) {
    return new RunContext("lab", "t", run, Objective.maximize("m"), Horizon.UNKNOWN, "steps", Map.of());
  }

  @Test
  void observe_steps_writesALineEachAtOnce() throws IOException {
    Recording recording = record(new Patience(1));
    assertEquals(List.of("{\"stopcast\":\"recording\",\"version\":1," + HEADER), lines());
    recording.observe(Step.of(1, 1.5, "loss", 0.5));
    assertEquals("{\"step\":1,\"cost\":1.5,\"values\":{\"loss\":0.5},\"decision\":\"continue\"}", lines().get(1));
    recording.observe(Step.of(2, Double.NaN, "loss", Double.NaN));
    assertEquals("{\"step\":2,\"values\":{\"loss\":NaN},\"decision\":\"continue\"}", lines().get(2));
    assertTrue(recording.observe(Step.of(3, Double.NaN, "loss", 0.5)).isStop());
    assertEquals(
        "{\"step\":3,\"values\":{\"loss\":0.5},\"decision\":\"stop\","
            + "\"reason\":\"the last improvement, to 0.5000 at point 1, is 2 points old\"}",
        lines().get(3));
    recording.close(End.EARLY_STOPPED);
    assertEquals("{\"end\":\"early_stopped\"}", lines().get(4));
    assertEquals(Optional.empty(), recording.failure());
  }

  @Test
  void observe_oddValuesAndNames_writesJson() throws IOException {
    try (Recording recording = record(StopPolicy.NEVER)) {
      List<String> names = List.of("a\n\u0000", "\ud800\"\\", "\ud83d\ude00", "twice", "twice", "x".repeat(341));
      recording.observe(
          Step.of(-7, -0.0, names, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-300, 1, 2, 3));
    }
    assertEquals(
        "{\"step\":-7,\"cost\":-0.0,\"values\":{\"a\\u000a\\u0000\":Infinity,"
            + "\"\\\\ud800\\\"\\\\\":-Infinity,\"\\ud83d\\ude00\":1.0E-300,\"twice\":1.0},"
            + "\"decision\":\"continue\"}",
        lines().get(1));
  }

  @Test
  void observe_changeIsAskedFor_writesIt() throws IOException {
    try (Recording recording = record(new Patience(1).advising(new Advice.FreezeLayers(2)))) {
      recording.observe(Step.of(1, 1, "loss", 1));
      recording.observe(Step.of(2, 1, "loss", 1));
    }
    assertEquals(
        "{\"step\":2,\"cost\":1.0,\"values\":{\"loss\":1.0},\"decision\":\"continue\",\"advice\":{\"change\":\"freeze_layers\","
            + "\"layers\":2.0,\"policy\":\"patience(1 steps) advising to freeze the lowest 2 layers\","
            + "\"reason\":\"the last improvement, to 1.000 at point 1, is 1 points old\"}}",
        lines().get(2));
  }

  @Test
  void observe_policyWithAnOutlook_writesTheProbability() throws IOException {
    StopPolicy.Watch knows =
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
    try (Recording recording = record(run -> knows)) {
      recording.observe(Step.of(1, 1, "loss", 1));
      assertEquals(knows.outlook(), recording.outlook());
    }
    assertTrue(lines().get(1).endsWith("\"decision\":\"continue\",\"probability\":0.25}"), lines().get(1));
  }

  @Test
  void observe_policyThatDraws_writesHowProbableItsCourseWas() throws IOException {
    StopPolicy.Watch watch = Stochastic.eachStep(new Patience(1), .5, 7).watch(RUN);
    try (Recording recording = record(Stochastic.eachStep(new Patience(1), .5, 7))) {
      for (int t = 1; t <= 6; t++) {
        watch.observe(Step.of(t, t, "loss", 1));
        recording.observe(Step.of(t, t, "loss", 1));
        assertEquals(watch.propensity(), recording.propensity());
        String told = watch.propensity() < 1 ? "\"propensity\":" + watch.propensity() : "\"decision\":\"continue\"}";
        assertTrue(lines().get(t).contains(told), lines().get(t));
      }
    }
    assertTrue(watch.propensity() < .1, "it had to pass over some");
  }

  @Test
  void watch_fileCutOffInALine_goesOnInANewOne() throws IOException {
    Recording died = record(new Patience(1));
    died.observe(Step.of(1, 1, "loss", 1));
    died.close();
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.findFirst().orElseThrow();
    }
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - 5));

    Recording again = record(new Patience(1));
    again.close();
    assertEquals(3, lines().size());
    assertEquals("{\"stopcast\":\"recording\",\"version\":1,\"resumed\":true," + HEADER, lines().get(2));
  }

  @Test
  void watch_runThatIsBeingRecorded_leavesItAlone() throws IOException {
    try (Recording first = record(StopPolicy.NEVER)) {
      Recording second = record(StopPolicy.NEVER);
      assertTrue(second.failure().orElseThrow().getMessage().contains("is being written by another run"));
      second.observe(Step.of(1, 1, "loss", 1));
      first.observe(Step.of(2, 1, "loss", 1));
      second.close(End.COMPLETED);
    }
    assertEquals(2, lines().size());
  }

  @Test
  void observe_afterClose_decidesAndWritesNothing() throws IOException {
    Recording recording = record(new Patience(1));
    recording.close(End.COMPLETED);
    recording.close(End.CRASHED);
    recording.observe(Step.of(1, 1, "loss", 1));
    assertTrue(recording.observe(Step.of(2, 1, "loss", 1)).isStop());
    assertEquals(2, lines().size());
  }

  @Test
  void watch_folderThatCannotBe_decidesAndTells() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Recording recording = RecordingPolicy.into(file.resolve("below"), new Patience(1)).watch(RUN);
    assertInstanceOf(IOException.class, recording.failure().orElseThrow());
    recording.observe(Step.of(1, 1, "loss", 1));
    assertTrue(recording.observe(Step.of(2, 1, "loss", 1)).isStop());
    recording.close(End.COMPLETED);
  }

  @Test
  void observe_reasonThatFails_endsTheRecordingAndReturnsTheStop() throws IOException {
    Decision stop =
        new Decision.Stop(
            "broken",
            () -> {
              throw new IllegalStateException("no words");
            });
    Recording recording = record(run -> step -> stop);
    assertTrue(recording.observe(Step.of(1, 1, "loss", 1)).isStop());
    assertEquals("no words", recording.failure().orElseThrow().getMessage());
    recording.observe(Step.of(2, 1, "loss", 1));
    recording.close(End.COMPLETED);
    assertEquals(1, lines().size());
  }

  @Test
  void watch_folderBehindALink_writesThere() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    Recording recording = RecordingPolicy.into(link, StopPolicy.NEVER).watch(RUN);
    recording.close();
    assertEquals(Optional.empty(), recording.failure());
    assertEquals(1, real.toFile().list().length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../../etc/passwd", "/etc", "C:\\con", "a\u0000b", "\ud800", "\u202e\n", "caf\u00e9"})
  void watch_hostileName_staysInTheFolder(String name) {
    try (Recording recording = RecordingPolicy.into(folder, StopPolicy.NEVER).watch(named(name))) {
      assertEquals(Optional.empty(), recording.failure());
      Path file = RecordingFile.of(folder, named(name));
      assertEquals(folder, file.normalize().getParent());
      assertTrue(file.getFileName().toString().matches("[A-Za-z0-9_-]+\\.jsonl"), file.toString());
      assertTrue(Files.isRegularFile(file));
    }
  }

  @Test
  void of_namesThatDifferInWhatIsEscapedOrCut_areDifferentFiles() {
    String end = "x".repeat(100_000);
    List<RunContext> runs =
        List.of(named("a/b"), named("a_b"), named("\ud800"), named("\ud801"), named("?"), named(end), named(end + "y"));
    assertEquals(runs.size(), runs.stream().map(run -> RecordingFile.of(folder, run)).distinct().count());
    runs.forEach(run -> assertTrue(RecordingFile.of(folder, run).getFileName().toString().length() < 110));
  }
}
