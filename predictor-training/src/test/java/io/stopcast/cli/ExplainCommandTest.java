package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.history.History;
import io.stopcast.live.DecisionLog;
import io.stopcast.live.GuardedWatch;
import io.stopcast.live.Recording;
import io.stopcast.live.RecordingPolicy;
import io.stopcast.live.Watcher;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Stop;
import io.stopcast.run.End;
import io.stopcast.run.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The shipped model explains shipped runs, from wherever they are logged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainCommandTest {
  private static final Path MODELS = Path.of("..", "models");
  private static final Path MODEL = MODELS.resolve("versions/0001/model.onnx");
  private static final Path CURVES = Path.of("..", "datasets", "sequence.jsonl.gz");
  private static final double PRICE = .1;

  @TempDir private Path folder;
  private List<ScoredRun> runs;
  private LearnedPolicy policy;

  private record Answer(int exit, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  private static Answer explain(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Stopcast.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(
                Stream.of(Stream.of("explain"), Stream.of(args), Stream.<Object>of("--models", MODELS, "--history", CURVES))
                    .flatMap(some -> some)
                    .map(Object::toString)
                    .toArray(String[]::new));
    return new Answer(exit, out.toString(), err.toString());
  }

  @BeforeAll
  void read() throws Exception {
    runs = ScoredRun.of(History.read(List.of(CURVES), History.Options.STRICT).runs());
    policy = LearnedPolicy.of(ModelFile.read(MODEL), PRICE);
  }

  private static String name(ScoredRun run) {
    return run.task().task() + "/" + run.run().context().run();
  }

  /** The first run that is stopped for good reason or bad. */
  private ScoredRun stopped(boolean harmed) {
    return runs.stream()
        .filter(
            run -> {
              Stop stop = Replay.of(policy, run.run());
              return stop.stopped() && run.hindsight().advantage(PRICE)[stop.point()] < 0 == harmed;
            })
        .findFirst()
        .orElseThrow();
  }

  @Test
  void explain_runOfTheHistory_saysWhatReplayAndHindsightSay() throws IOException {
    for (boolean harmed : new boolean[] {true, false}) {
      ScoredRun run = stopped(harmed);
      Stop stop = Replay.of(policy, run.run());
      Answer answer = explain(name(run), "--json");
      assertEquals(0, answer.exit, answer.err);
      JsonNode json = answer.json();
      assertEquals(stop.point() + 1, json.at("/model/point").asInt());
      assertEquals(stop.reason(), json.get("reason").asText());
      assertEquals(harmed ? "too_early" : "right", json.get("verdict").asText().replace("too_late", "right"));
      assertEquals(run.hindsight().regret()[stop.point()], json.at("/model/regret").asDouble(), 1e-12);
      assertEquals(1 - run.hindsight().share()[stop.point()], json.at("/model/saved").asDouble(), 1e-12);
      assertEquals(run.hindsight().oracle(PRICE) + 1, json.at("/oracle/point").asInt());
      assertEquals(run.length(), json.get("moments").size());
      assertEquals(stop.score(), json.at("/moments/" + stop.point() + "/score").asDouble(), 1e-9);
      assertTrue(json.at("/moments/" + stop.point() + "/stop").asBoolean());
    }
  }

  @Test
  void explain_pushesAddUpToTheScore() throws IOException {
    ScoredRun run = stopped(true);
    JsonNode json = explain(name(run), "--json").json();
    double sum = 0;
    for (JsonNode push : json.get("pushes")) {
      sum += push.get("log_odds").asDouble();
    }
    double score = Replay.of(policy, run.run()).score();
    double base = Math.log(score / (1 - score)) - sum;
    JsonNode other = explain(name(stopped(false)), "--json").json();
    double otherSum = 0;
    for (JsonNode push : other.get("pushes")) {
      otherSum += push.get("log_odds").asDouble();
    }
    double otherScore = Replay.of(policy, stopped(false).run()).score();
    assertEquals(base, Math.log(otherScore / (1 - otherScore)) - otherSum, 1e-4); // both tasks have a history, and so the same mean
  }

  @Test
  void explain_asText_hasVerdictTableFeaturesAndAdvice() {
    ScoredRun run = stopped(true);
    Answer answer = explain(name(run));
    assertEquals(0, answer.exit, answer.err);
    for (String part :
        List.of(
            "At price 0.1 it is stopped at step ", "reason: P(stopping is right)", "Too early: it gave up ", "patience(", "hindsight", "never", "STOP",
            "What pushed the score at step", "What would have changed it", "--price 0.05", "notBeforeShare(0.5)", "and(new Patience(10))",
            "- A lower price stops later")) {
      assertTrue(answer.out.contains(part), part + " is missing in\n" + answer.out);
    }
    assertTrue(answer.out.lines().allMatch(line -> line.equals(line.stripTrailing())), answer.out);
    int stop = Replay.of(policy, run.run()).point();
    int later = IntStream.range(stop + 1, run.length()).boxed().min(Comparator.comparingDouble(t -> run.hindsight().loss(t, PRICE))).orElseThrow();
    assertTrue(answer.out.contains("and going on to step " + run.run().steps().get(later).index() + " would have cost less"), answer.out);
  }

  @Test
  void explain_patience_isTheBestOnTheOtherRunsOfTheTask() throws IOException {
    ScoredRun run = stopped(false);
    JsonNode json = explain(name(run), "--json").json();
    assertTrue(json.get("patience_tuned_on_task").asBoolean());
    assertEquals(runs.stream().filter(other -> other.task().equals(run.task())).count() - 1, json.get("patience_tuned_on_runs").asLong());
    assertTrue(json.at("/patience/what").asText().matches("patience.*|never"), json.toString());
  }

  @Test
  void explain_recording_isTheRun() throws Exception {
    ScoredRun run = stopped(false);
    Path recordings = folder.resolve("recordings");
    Recording recording = RecordingPolicy.into(recordings, policy).watch(run.run().context());
    int stop = Replay.of(policy, run.run()).point();
    List<Step> steps = run.run().steps().subList(0, run.curve().step()[stop] + 1);
    steps.forEach(recording::observe);
    recording.close(End.EARLY_STOPPED);
    Answer answer = explain(recordings, "--json");
    assertEquals(0, answer.exit, answer.err);
    JsonNode json = answer.json();
    assertEquals("early_stopped", json.get("end").asText());
    assertEquals("unknown", json.get("verdict").asText());
    assertEquals(stop + 1, json.at("/model/point").asInt());
    assertTrue(json.at("/model/stopped").asBoolean());
    assertEquals(Replay.of(policy, run.run()).reason(), json.get("reason").asText());
    assertEquals("NaN", json.at("/model/regret").asText());
    assertTrue(explain(recordings).out.contains("% of the planned points were left."));
  }

  @Test
  void explain_decisionLog_showsTheScoresThatDecided() throws Exception {
    ScoredRun run = stopped(true);
    List<String> lines = new ArrayList<>();
    try (Watcher watcher = Watcher.of(MODEL, .2)) {
      GuardedWatch watch = watcher.watch(run.run().context(), DecisionLog.shadow(lines::add));
      run.run().steps().forEach(watch::observe);
      watch.close(End.COMPLETED);
    }
    Path log = Files.write(folder.resolve("decisions.jsonl"), lines);
    Answer answer = explain(log, "--json");
    assertEquals(0, answer.exit, answer.err);
    JsonNode json = answer.json();
    assertEquals(.2, json.get("price").asDouble());
    Stop stop = Replay.of(LearnedPolicy.of(ModelFile.read(MODEL), .2), run.run());
    assertEquals(stop.point() + 1, json.at("/model/point").asInt());
    assertEquals(stop.reason(), json.get("reason").asText());
    assertEquals(stop.score(), json.at("/moments/" + stop.point() + "/logged").asDouble(), 1e-6);
    assertFalse(json.get("scores_reproduced").asBoolean(), "the log lacks the training loss");
    assertTrue(explain(log).out.contains("Which features pushed it cannot be told: the log has not all that the model saw"));
  }

  @Test
  void explain_tableOfAnyTool_isReadAsImportReadsIt() throws IOException {
    StringBuilder csv = new StringBuilder("epoch,val_loss\n");
    for (int epoch = 1; epoch <= 60; epoch++) {
      csv.append(epoch).append(',').append(epoch < 10 ? 2.0 / epoch : 0.2 + 0.001 * epoch).append('\n');
    }
    Answer answer = explain(Files.writeString(folder.resolve("metrics.csv"), csv), "--price", "0.3");
    assertEquals(0, answer.exit, answer.err);
    assertTrue(answer.out.contains("60 points of val_loss (min), planned length unknown, ended unknown"), answer.out);
    assertTrue(answer.out.contains("it is judged as one of an unknown task"), answer.out);
    assertTrue(answer.out.contains("- Tell it how long the run is planned to be"), answer.out);
  }

  @Test
  void explain_namesThatAreNoneOrSeveral_sayWhatThereIs() {
    Answer none = explain("nothing");
    assertEquals(1, none.exit);
    assertTrue(none.err.contains("no run is called 'nothing' in the history; there are 'sequence/addition/"), none.err);
    Answer several = explain("001");
    assertEquals(2, several.exit);
    assertTrue(several.err.contains("16 runs are called '001' in the history; put their task before it: 'sequence/addition/001'"), several.err);
    Answer file = explain(CURVES);
    assertEquals(2, file.exit);
    assertTrue(file.err.contains(CURVES + " holds 192 runs; say which with --run: "), file.err);
    assertEquals(2, explain("001", "--price", "-1").exit);
  }
}
