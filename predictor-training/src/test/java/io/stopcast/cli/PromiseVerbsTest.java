package io.stopcast.cli;

import static io.stopcast.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.cli.Commands.Answer;
import io.stopcast.live.DecisionLog;
import io.stopcast.live.Guard;
import io.stopcast.live.GuardedWatch;
import io.stopcast.live.Watcher;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.Stochastic;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A promise from retraining to its use and its check on live runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromiseVerbsTest {
  private static final RegretLimit LIMIT = new RegretLimit.Exceeding(.2, .3);

  private Path folder;
  private Path history;
  private Path models;
  private Answer retrained;

  @BeforeAll
  void retrain(@TempDir Path temporary) throws IOException {
    folder = temporary;
    history = folder.resolve("history.jsonl");
    Files.write(history, RecordedRuns.history(12, 20, 11).stream().map(run -> Commands.json("test", run)).toList());
    models = folder.resolve("models");
    retrained =
        run(
            "retrain", "--history", history, "--alone", "--models", models, "--folds", 2, "--split", "known", "--price", "0.1,0.3",
            "--max-regret", "0.2", "--risk", "0.3", "--confidence", "0.8", "--unit", "run,task");
  }

  @Test
  void retrain_limit_fileCardAndMetricsSayWhatIsPromised() throws Exception {
    assertEquals(0, retrained.exit(), retrained.err());
    Path version = models.resolve("versions/0001");
    ModelFile model = ModelFile.read(version.resolve("model.onnx"));
    assertEquals(
        List.of(Promise.Unit.RUN, Promise.Unit.TASK), model.promises().all().stream().map(Promise::unit).toList());
    for (Promise promise : model.promises().all()) {
      assertEquals(LIMIT, promise.limit());
      assertEquals(.8, promise.confidence());
      assertTrue(retrained.out().contains("promise: " + promise + " that training, on 90 runs, has not seen"), retrained.out());
    }
    String card = Files.readString(version.resolve("card.md"));
    assertTrue(card.contains("## What it promises"), card);
    assertTrue(card.contains("**P(regret > 0.2) <= 0.3 for a run of a new task, with confidence 0.8 by 6 units**"), card);
    assertTrue(card.contains("| some | 0.1 | all | "), "Brier score by family: " + card);
    assertFalse(card.contains("no limit on the harm is certified"), card);
    JsonNode metrics = new ObjectMapper().readTree(version.resolve("metrics.json").toFile());
    assertEquals("task", metrics.at("/promises/1/unit").asText());
    assertEquals(6, metrics.at("/promises/1/units").asInt());
    assertEquals(.1, metrics.at("/promises/0/prices/0/price").asDouble());
    assertTrue(metrics.at("/probabilities/rows/0/brier").isNumber(), metrics.toString());
    assertTrue(metrics.at("/probabilities/diagram/0/observed").isNumber(), metrics.toString());
  }

  @Test
  void retrain_early_fileCardAndMetricsSayWhatIsPromisedOfEarlyStops() throws Exception {
    Path early = folder.resolve("early");
    Answer answer =
        run(
            "retrain", "--history", history, "--alone", "--models", early, "--folds", 2, "--split", "known", "--price", "0.3", "--max-regret",
            "0.2", "--risk", "0.3", "--confidence", "0.8", "--early", "1", "--by-family");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().contains("    family test, 60 units: "), answer.out());
    Path version = early.resolve("versions/0001");
    Promise promise = ModelFile.read(version.resolve("model.onnx")).promises().all().get(0);
    assertEquals(new RegretLimit.AlsoEarly(LIMIT, 1), promise.limit());
    assertTrue(promise.byPrice().get(.3).isCertified(), promise.toString());
    assertTrue(answer.out().contains("    of the runs stopped early, "), answer.out());
    String card = Files.readString(version.resolve("card.md"));
    assertTrue(card.contains("The same over the runs alone that are stopped before 1.0 of their cost:"), card);
    JsonNode metrics = new ObjectMapper().readTree(version.resolve("metrics.json").toFile()).at("/promises/0");
    assertEquals(1, metrics.get("early").asDouble());
    assertEquals("exceeding", metrics.get("form").asText());
    assertEquals("test", metrics.at("/prices/0/families/0/family").asText());
    assertEquals(
        promise.families().get("test").byPrice().get(.3).threshold(), metrics.at("/prices/0/families/0/own_threshold").asDouble(), metrics.toString());
    assertTrue(metrics.at("/prices/0/early_share_within").asDouble() > .1, metrics.toString());
    assertTrue(metrics.at("/prices/0/early_risk_within").asDouble() <= .3, metrics.toString());
    Path within = folder.resolve("early.csv");
    List<Object> replay = List.of("replay", "--model", "champion", "--models", early, history, "--out", within, "--max-regret", "0.2", "--risk", "0.3");
    List<Object> also = new ArrayList<>(replay);
    also.addAll(List.of("--early", "1"));
    assertEquals(0, run(also.toArray()).exit());
    assertEquals(0, run(replay.toArray()).exit(), "who keeps that keeps the limit over all runs");
    also.set(also.size() - 1, "0.5");
    Answer other = run(also.toArray());
    assertEquals(2, other.exit());
    assertTrue(other.err().contains("(also among runs stopped before 0.5 of their cost): it promises P(regret > 0.2) <= 0.3 (also"), other.err());
  }

  @Test
  void refresh_modelWithAPromise_saysThatItIsGone() throws IOException {
    Path copy = folder.resolve("refreshed");
    Answer refreshed = run("models", "refresh", "--model", models.resolve("versions/0001"), "--models", copy, "--history", history, "--json");
    assertEquals(0, refreshed.exit(), refreshed.err());
    assertTrue(refreshed.err().contains("it promised P(regret > 0.2) <= 0.3 for a new run of a known task"), refreshed.err());
    assertEquals(2, new ObjectMapper().readTree(refreshed.out()).get("promises_dropped").size());
  }

  @Test
  void replay_limit_stopsNoMoreThanAtThePriceAlone() throws IOException {
    Path within = folder.resolve("within.csv");
    Path price = folder.resolve("price.csv");
    assertEquals(
        0,
        run("replay", "--model", "champion", "--models", models, "--max-regret", "0.2", "--risk", "0.3", history, "--out", within)
            .exit());
    assertEquals(0, run("replay", "--model", "champion", "--models", models, "--price", "0.3", history, "--out", price).exit());
    List<String> one = Files.readAllLines(within);
    List<String> other = Files.readAllLines(price);
    assertEquals(241, one.size());
    int later = 0;
    for (int i = 1; i < one.size(); i++) {
      int cautious = Integer.parseInt(one.get(i).split(",")[4]);
      int bold = Integer.parseInt(other.get(i).split(",")[4]);
      assertTrue(cautious >= bold, one.get(i) + " / " + other.get(i));
      later += cautious > bold ? 1 : 0;
    }
    assertTrue(later < 240, "some are stopped as soon");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "retrain --risk 0.1 | --risk says how many runs may lose more than --max-regret, which is missing",
        "retrain --max-regret 0.1 --mean-regret 0.1 | --max-regret and --mean-regret are two forms of a limit; give one of them",
        "retrain --max-regret 2 | the regret that a run may have must be within 0 and below 1, such as 0.02, but was 2.0",
        "retrain --by-family | --confidence, --unit and --by-family need a limit, such as --max-regret 0.02, which is missing",
        "retrain --confidence 0.9 | --confidence, --unit and --by-family need a limit, such as --max-regret 0.02, which is missing",
        "retrain --mean-regret 0.1 --confidence 1 | the confidence must be at least 0.5 and below 1, such as 0.9, but was 1.0",
        "retrain --mean-regret 0.1 --unit job | a promise is for a new 'run' of a known task or for a new 'task', but not for \"job\"",
        "retrain --early 0.5 | --early says over which runs else a limit is kept, such as --max-regret 0.02, which is missing",
        "retrain --mean-regret 0.1 --early 2 | the share of its cost before which a stop is early must be above 0 and at most 1, such as 0.5, but was 2.0",
        "evaluate --max-regret 0.1 | a limit is tested on shadow runs: name their logs by --shadow",
        "evaluate --shadow x --unit task | --unit needs a limit, such as --max-regret 0.02, which is missing",
        "evaluate --shadow x --false-alarm 0 | --false-alarm must be above 0 and below 1, such as 0.05, but was 0.0",
        "replay --model champion x --out y | --price is missing, such as --price 0.1; or a limit that the model promises, such as --max-regret 0.02",
        "replay --model champion --mean-regret 0.1 x --out y | cannot be held to mean regret <= 0.1: it promises P(regret > 0.2) <= 0.3",
        "watch --model champion --price 0.2 --max-regret 0.2 --risk 0.3 | cannot be held to P(regret > 0.2) <= 0.3: it promises"
      })
  void options_nonsense_isWrongUsageAndSaysWhatWouldBeRight(String line, String message) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    if (args.contains("--model")) {
      args.addAll(List.of("--models", models.toString()));
    }
    Answer answer = run(args.toArray());
    assertEquals(2, answer.exit(), answer.err());
    assertTrue(answer.err().contains(message), answer.err());
  }

  /** Shadow runs of two kinds: of tasks that go on as they did, and of tasks that leap after everybody has stopped. */
  @Test
  void shadow_promise_isTestedAndFoundBrokenWhereItIs() throws Exception {
    List<String> lines = new ArrayList<>();
    try (Watcher watcher = Watcher.of(models.resolve("versions/0001/model.onnx"), LIMIT)) {
      for (Run run : RecordedRuns.history(30, 2, 500)) {
        RunContext c = run.context();
        RunContext unknown =
            new RunContext("live", "live/" + c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), c.parameters());
        watch(watcher, new Run(unknown, run.steps(), run.end()), lines);
      }
    }
    Path log = Files.write(folder.resolve("decisions.jsonl"), lines);
    Answer answer = run("evaluate", "--shadow", log, "--json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode promise = new ObjectMapper().readTree(answer.out()).at("/promises/0");
    assertEquals("exceeding 0.2 0.3", promise.get("limit").asText());
    assertEquals("task", promise.get("unit").asText());
    assertEquals(30, promise.get("units").asInt(), "the first run of each task");
    assertFalse(promise.get("broken").asBoolean(), promise.toString());

    Answer strict = run("evaluate", "--shadow", log, "--mean-regret", "0.0001", "--unit", "run", "--json");
    JsonNode tested = new ObjectMapper().readTree(strict.out()).at("/promises/0");
    assertEquals(60, tested.get("units").asInt());
    assertEquals("mean 1.0E-4", tested.get("limit").asText());
    assertTrue(tested.get("broken").asBoolean(), tested.toString());
    assertTrue(tested.get("broken_after").asInt() <= 60);
    Answer both = run("evaluate", "--shadow", log, "--mean-regret", "0.0001", "--early", "1", "--json");
    JsonNode overall = new ObjectMapper().readTree(both.out()).at("/promises/0");
    JsonNode early = new ObjectMapper().readTree(both.out()).at("/promises/1");
    assertEquals("mean 1.0E-4 early 1.0", early.get("limit").asText());
    assertEquals(new ObjectMapper().readTree(both.out()).get("stopped").asInt(), early.get("units").asInt());
    assertEquals(2 * tested.get("enough").asDouble(), overall.get("enough").asDouble(), "two tests share the false alarms");
    assertEquals(tested.get("evidence"), overall.get("evidence"));
    assertTrue(early.get("estimate").asDouble() > overall.get("estimate").asDouble(), both.out());

    Answer text = run("evaluate", "--shadow", log, "--mean-regret", "0.0001");
    assertTrue(text.out().contains("promise mean regret <= 1.0E-4 for a new run of a known task: 60 runs, estimated 0."), text.out());
    assertTrue(text.out().contains("is enough: BROKEN, as shown by the first "), text.out());
  }

  /** Runs of a policy that stops half of what it wants to: the others tell of both halves what shadow runs would tell of all. */
  @Test
  void explored_promise_isTestedByExemptRuns() throws Exception {
    List<Run> runs = new ArrayList<>();
    for (Run run : RecordedRuns.history(60, 4, 900)) {
      RunContext c = run.context();
      RunContext named = new RunContext("live", "live/" + c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), c.parameters());
      runs.add(new Run(named, run.steps(), run.end()));
    }
    Path model = models.resolve("versions/0001/model.onnx");
    List<String> shadow = new ArrayList<>();
    try (Watcher watcher = Watcher.of(model, LIMIT)) {
      runs.forEach(run -> watch(watcher, run, shadow));
    }
    List<String> acting = new ArrayList<>();
    int stopped = 0;
    int exempt = 0;
    try (Watcher watcher = Watcher.of(model, LIMIT, Guard.DEFAULT.around(learned -> learned.withProbability(.5, 3)))) {
      for (Run run : runs) {
        GuardedWatch watch = watcher.watch(run.context(), DecisionLog.acting(acting::add));
        int at = 0;
        while (at < run.steps().size() && !watch.observe(run.steps().get(at)).isStop()) {
          at++;
        }
        stopped += at < run.steps().size() - 1 ? 1 : 0;
        exempt += Stochastic.drawn(run.context(), 3) >= .5 ? 1 : 0;
        watch.close(at < run.steps().size() - 1 ? End.EARLY_STOPPED : End.COMPLETED);
      }
    }
    JsonNode all = tested(Files.write(folder.resolve("all.jsonl"), shadow), "0.2");
    JsonNode some = tested(Files.write(folder.resolve("explored.jsonl"), acting), "0.2");
    int wanted = some.get("explored_exempt").asInt() + some.get("explored_stopped").asInt();
    assertEquals(stopped, some.get("explored_stopped").asInt());
    assertEquals(all.get("stopped").asInt(), wanted, "those that it wants to stop, whether it did or not");
    assertTrue(some.get("explored_exempt").asInt() <= exempt && exempt < 240, some.toString());
    assertEquals(240, wanted + some.get("explored_unwanted").asInt());
    assertEquals(0, some.get("acting").asInt());
    JsonNode overall = some.at("/promises/0");
    assertEquals(240, overall.get("units").asInt());
    assertEquals(all.at("/promises/0/estimate").asDouble(), overall.get("estimate").asDouble(), .5 * all.at("/promises/0/estimate").asDouble());
    assertTrue(all.at("/promises/0/estimate").asDouble() > 0);
    assertEquals(some.get("explored_exempt").asInt(), some.at("/promises/1/units").asInt(), "of early stops the exempt ones alone");
    assertFalse(overall.get("broken").asBoolean());
    JsonNode strict = tested(folder.resolve("explored.jsonl"), "0.0001").at("/promises/0");
    assertTrue(strict.get("broken").asBoolean(), strict.toString());
    Answer text = run("evaluate", "--shadow", folder.resolve("explored.jsonl"));
    assertTrue(
        text.out().contains("%d exempt ones that it wanted to, %d stopped; they test promises".formatted(some.get("explored_exempt").asInt(), stopped)),
        text.out());
    assertTrue(text.out().contains("promise P(regret > 0.2) <= 0.3 for a run of a new task: 60 tasks"), text.out());
  }

  private static JsonNode tested(Path log, String mean) throws IOException {
    Answer answer = run("evaluate", "--shadow", log, "--mean-regret", mean, "--early", "1", "--json");
    assertEquals(0, answer.exit(), answer.err());
    return new ObjectMapper().readTree(answer.out());
  }

  private static void watch(Watcher watcher, Run run, List<String> lines) {
    GuardedWatch watch = watcher.watch(run.context(), DecisionLog.shadow(lines::add));
    run.steps().forEach(watch::observe);
    watch.close(End.COMPLETED);
  }
}
