package io.stopcast.cli;

import static io.stopcast.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.cli.Commands.Answer;
import io.stopcast.model.ModelFile;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every verb from its arguments to its exit code, on a model that is trained once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StopcastTest {
  /** What a command answered. */
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
    retrained = run("retrain", "--history", history, "--models", models, "--folds", 3);
  }

  @Test
  void retrain_goodHistory_printsEveryBaselineAndPublishesAChampion() throws IOException {
    assertEquals(0, retrained.exit(), retrained.err());
    for (String word : List.of("never", "oracle", "learned", "patience", "fixed share", "Prechelt GL", "split known", "split unseen-task")) {
      assertTrue(retrained.out().contains(word), word + " is missing in\n" + retrained.out());
    }
    assertTrue(retrained.out().contains("loaded again and replayed"), retrained.out());
    assertEquals("0001\n", Files.readString(models.resolve("champion")));
    assertEquals("0001\n", Files.readString(models.resolve("challenger")));
    try (Stream<Path> files = Files.list(models.resolve("versions/0001"))) {
      assertEquals(
          List.of("card.md", "manifest.json", "metrics.json", "model.onnx", "pipeline.onnx", "profile.json", "report.html", "runs.txt"),
          files.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void retrain_again_givesTheSameBytesAndNoNewVersion() throws IOException {
    Path other = folder.resolve("other-models");
    assertEquals(0, run("retrain", "--history", history, "--models", other, "--folds", 3).exit());
    assertArrayEquals(
        Files.readAllBytes(models.resolve("versions/0001/model.onnx")),
        Files.readAllBytes(other.resolve("versions/0001/model.onnx")));
    assertEquals(0, run("retrain", "--history", history, "--models", other, "--folds", 3).exit());
    try (Stream<Path> versions = Files.list(other.resolve("versions"))) {
      assertEquals(1, versions.count());
    }
  }

  @Test
  void refresh_anotherHistory_publishesTheSameTreesWithItsRuns() throws Exception {
    Path other = folder.resolve("refreshed");
    assertEquals(0, run("retrain", "--history", history, "--models", other, "--folds", 3).exit());
    Path newer = folder.resolve("newer.jsonl");
    Files.write(newer, RecordedRuns.history(2, 5, 4).stream().map(run -> Commands.json("test", run)).toList());

    Answer answer = run("models", "refresh", "--history", newer, "--models", other);

    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().startsWith("version 0002 knows 10 earlier runs of 2 tasks ("), answer.out());
    assertEquals("0002\n", Files.readString(other.resolve("champion")));
    assertEquals("0001\n", Files.readString(other.resolve("previous")));
    ModelFile before = ModelFile.read(other.resolve("versions/0001/model.onnx"));
    ModelFile after = ModelFile.read(other.resolve("versions/0002/model.onnx"));
    assertEquals(before.golden().format(), after.golden().format());
    assertEquals(2, after.priors().tasks().size());
    String card = Files.readString(other.resolve("versions/0002/card.md"));
    assertTrue(card.startsWith("# Stop model\n\nThe trees of model `" + before.sha256() + "`, with 10 earlier runs of 2 tasks, from history `"), card);
    assertTrue(card.contains("\nThe rest was said of these trees as version 0001, with the earlier runs of then."), card);
    assertTrue(card.contains("## When not to use it"), card);
  }

  /** Three tasks rise at once and never again; the fourth looks the same and leaps at the end, which nobody foresees. */
  @Test
  void retrain_modelThatHarms_isPublishedButNotPromoted() throws IOException {
    List<Run> leaping = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      for (int i = 0; i < 10; i++) {
        double[] curve = new double[30];
        for (int t = 0; t < curve.length; t++) {
          curve[t] = k == 3 && t > 25 ? 50 : Math.min(t, 2 + i);
        }
        leaping.add(RecordedRuns.of("test/data" + k, "run" + i, curve));
      }
    }
    Path harmful = folder.resolve("harmful.jsonl");
    Files.write(harmful, leaping.stream().map(run -> Commands.json("test", run)).toList());
    Path refused = folder.resolve("refused");
    Answer answer =
        run("retrain", "--history", harmful, "--models", refused, "--folds", 2, "--split", "unseen-task");
    assertEquals(3, answer.exit(), answer.out());
    assertTrue(answer.err().contains("NOT promoted: on held-out runs (split unseen-task, price "), answer.err());
    assertEquals("0001\n", Files.readString(refused.resolve("challenger")));
    assertTrue(Files.notExists(refused.resolve("champion")));
  }

  @Test
  void verify_alias_versionFolderAndFile_pass() {
    for (Object model :
        List.of("champion", "0001", models.resolve("versions/0001"), models.resolve("versions/0001/model.onnx"))) {
      Answer answer = run("verify", model, "--models", models);
      assertEquals(0, answer.exit(), answer.err() + answer.out());
    }
  }

  @Test
  void verify_json_isOneObject() throws IOException {
    Answer answer = run("verify", "champion", "--models", models, "--json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode json = new ObjectMapper().readTree(answer.out());
    assertTrue(json.get("passed").asBoolean() && json.get("failure").isNull() && json.get("comparedRows").asInt() > 10_000, answer.out());
  }

  @Test
  void verify_oneBitFlipped_isRejectedWithExit4() throws IOException {
    byte[] bytes = Files.readAllBytes(models.resolve("versions/0001/model.onnx"));
    Path version = Files.createDirectories(folder.resolve("bad/versions/0001"));
    Files.copy(models.resolve("versions/0001/manifest.json"), version.resolve("manifest.json"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(version.resolve("model.onnx"), bytes);
    Answer answer = run("verify", version);
    assertEquals(4, answer.exit(), answer.err());
    assertTrue(answer.err().startsWith("stopcast: E-MODEL-"), answer.err());
  }

  @Test
  void verify_noSuchModel_saysWhatToName() {
    Answer answer = run("verify", "nothing", "--models", models);
    assertEquals(1, answer.exit());
    assertTrue(answer.err().contains("there is no model 'nothing'; name an alias"), answer.err());
  }

  @Test
  void replay_everyRunHasARow_andTheSameBytesTwice() throws IOException {
    Path first = folder.resolve("first.csv");
    Path second = folder.resolve("second.csv");
    Answer answer = run("replay", "--model", "champion", "--models", models, "--price", "0.1", history, "--out", first);
    assertEquals(0, answer.exit(), answer.err());
    run("replay", "--model", "champion", "--models", models, "--price", "0.1", history, "--out", second);
    List<String> rows = Files.readAllLines(first);
    assertEquals("source,task,run,stop_step,stop_index,points,score,reason", rows.get(0));
    assertEquals(1 + Files.readAllLines(history).size(), rows.size());
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    assertTrue(rows.stream().anyMatch(row -> row.contains("P(stopping is right)")), rows.get(1));
  }

  @Test
  void replay_outlook_addsColumnsAndChangesNoOther() throws IOException {
    Path plain = folder.resolve("plain.csv");
    Path wide = folder.resolve("wide.csv");
    assertEquals(0, run("replay", "--model", "champion", "--models", models, "--price", "0.2", history, "--out", plain).exit());
    Answer answer =
        run("replay", "--model", "champion", "--models", models, "--price", "0.2", history, "--out", wide, "--outlook");
    assertEquals(0, answer.exit(), answer.err());
    List<String> before = Files.readAllLines(plain);
    List<String> rows = Files.readAllLines(wide);
    assertEquals(before.size(), rows.size());
    assertEquals(before.get(0) + ",probability,gain,gain_median,gain_q90,points_to_gain", rows.get(0));
    for (int i = 1; i < rows.size(); i++) {
      assertTrue(rows.get(i).startsWith(before.get(i) + ","), rows.get(i));
      String[] added = rows.get(i).substring(before.get(i).length() + 1).split(",", -1);
      assertEquals(5, added.length, rows.get(i));
      double probability = Double.parseDouble(added[0]);
      assertTrue(probability > 0 && probability < 1, rows.get(i));
      assertTrue(Double.parseDouble(added[2]) <= Double.parseDouble(added[3]), rows.get(i));
    }
  }

  @Test
  void retrain_card_saysWhetherProbabilitiesComeTrue() throws IOException {
    String card = Files.readString(models.resolve("versions/0001/card.md"));
    assertTrue(card.contains("## Whether its probabilities come true"), card);
    String thresholds = "0\\.\\d{4} at price 0\\.03, 0\\.\\d{4} at price 0\\.1, 0\\.\\d{4} at price 0\\.3";
    assertTrue(
        Pattern.compile("Stops from a score of " + thresholds + "; of tasks with few earlier runs from " + thresholds + "\\.\n").matcher(card).find(),
        card);
    for (String start : List.of("| none | 0.03 | from 0.", "| some | 0.3 | from 0.")) {
      assertTrue(card.contains(start), start + " is missing in\n" + card);
    }
  }

  @Test
  void replay_runWithoutItsObjective_hasARowThatSaysSo() throws IOException {
    Path odd = folder.resolve("odd.jsonl");
    Files.write(odd, List.of(Commands.json("test", RecordedRuns.of("t", "=1+2", 1, 2)), Commands.json("test", RecordedRuns.of("t", "b", 1)).replace("\"m\":1", "\"x\":1")));
    Path csv = folder.resolve("odd.csv");
    assertEquals(0, run("replay", "--model", "champion", "--models", models, "--price", "0.1", odd, "--out", csv).exit());
    assertTrue(Files.readAllLines(csv).get(1).startsWith("test,t,'=1+2,"), Files.readString(csv));
    assertEquals("test,t,b,,,0,,never reports its objective", Files.readAllLines(csv).get(2));
  }

  @Test
  void history_json_countsRunsTasksSources() throws IOException {
    Answer answer = run("history", "--history", history, "--json");
    JsonNode json = new ObjectMapper().readTree(answer.out());
    assertEquals(240, json.get("runs").asInt());
    assertEquals(12, json.get("tasks").asInt());
    assertEquals(1, json.get("sources").asInt());
  }

  @Test
  void evaluate_json_isOneObjectWithEverySplitAndPrice() throws IOException {
    Answer answer = run("evaluate", "--history", history, "--split", "known", "--folds", 2, "--price", "0.1,0.3", "--json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode results = new ObjectMapper().readTree(answer.out()).get("results");
    assertEquals(2, results.size());
    assertTrue(results.get(0).get("policies").size() >= 7);
    for (String field : List.of("horizon", "not_judged", "tests", "saved_at_regret", "trade_off", "by_metric", "against_never")) {
      assertTrue(results.get(0).has(field), field);
    }
    List<String> inOneOrder = // or metrics.json of the same model has other bytes in another process
        List.of("against", "gapClosed", "low", "high", "lossLow", "lossHigh", "wins", "worstTask", "worstExcess", "better", "worse");
    for (String comparison : List.of("comparison", "against_never")) {
      List<String> fields = new ArrayList<>();
      results.get(0).get(comparison).fieldNames().forEachRemaining(fields::add);
      assertEquals(inOneOrder, fields);
    }
  }

  @Test
  void evaluate_allPolicies_addsRowsAndTradeOffs() throws IOException {
    List<Object> common =
        List.of("evaluate", "--history", history, "--alone", "--split", "unseen-task", "--folds", 2, "--price", "0.1", "--json");
    Answer all = run(Stream.concat(common.stream(), Stream.of("--policies", "all")).toArray());
    Answer own = run(common.toArray());
    assertEquals(0, all.exit(), all.err());
    JsonNode with = new ObjectMapper().readTree(all.out()).get("results").get(0);
    JsonNode without = new ObjectMapper().readTree(own.out()).get("results").get(0);
    for (int i = 0; i < without.get("policies").size(); i++) {
      assertEquals(without.get("policies").get(i), with.get("policies").get(i)); // expecting more of a run changes no decision
    }
    assertEquals(without.get("comparison"), with.get("comparison"));
    assertEquals(with.get("policies").size() - 1, with.get("beside_best_rule").size());
    assertTrue(with.get("trade_off_rows").size() > 500);
    assertEquals(List.of(true, false), List.of(with.has("trade_off_rows"), without.has("trade_off_rows")));
    List<String> names = with.get("policies").findValuesAsText("policy");
    assertTrue(names.containsAll(List.of("rules by context", "all by context", "selection", "adaptation, online")), names.toString());
    assertTrue(all.err().contains("every policy beside the best rule of the ten families"), all.err());
  }

  @Test
  void evaluate_givenModel_isJudgedAsItIs_butNotOnWhatItWasTrainedOn() throws IOException {
    Path others = folder.resolve("others.jsonl");
    Files.write(others, RecordedRuns.history(12, 6, 29).stream().map(run -> Commands.json("test", run).replace("\"test\"", "\"new\"")).toList());
    List<Object> asked = List.of("--models", models, "--model", "champion", "--split", "known", "--folds", 2, "--price", "0.1");
    Answer answer = run(Stream.concat(Stream.of("evaluate", "--history", others), asked.stream()).toArray());
    assertEquals(0, answer.exit(), answer.err());
    assertEquals("", answer.err());
    assertEquals(72, number(answer.out(), "known"));

    Answer trained = run(Stream.concat(Stream.of("evaluate", "--history", history), asked.stream()).toArray());
    assertEquals(4, trained.exit());
    assertTrue(trained.err().contains("model 'champion' was trained on this very history, so that nothing can be judged by it"), trained.err());

    Path same = folder.resolve("same-tasks.jsonl");
    Files.write(same, RecordedRuns.history(12, 6, 29).stream().map(run -> Commands.json("test", run)).toList());
    Answer warned = run(Stream.concat(Stream.of("evaluate", "--history", same), asked.stream()).toArray());
    assertEquals(0, warned.exit(), warned.err());
    assertEquals(
        "model 'champion' knows 12 of these tasks: it may have been trained on the runs that it is judged on", warned.err().strip());
  }

  @Test
  void evaluate_everything_printsEveryTableAndOneSummary() throws IOException {
    Path dated = folder.resolve("dated.jsonl");
    List<String> lines = new ArrayList<>();
    List<Run> runs = RecordedRuns.history(3, 32, 17);
    for (int i = 0; i < runs.size(); i++) {
      String line = Commands.json("test", runs.get(i)).replace("{}", "{\"started\":\"2024-01-%02d\"}".formatted(1 + i % 9));
      lines.add(i % 4 == 0 ? line.replace("\"completed\"", "\"target\"") : line);
    }
    Files.write(dated, lines);

    Answer answer =
        run(
            "evaluate", "--history", dated, "--alone", "--split", "all", "--folds", 2, "--price", "0.1", "--horizon", "both",
            "--cold-start", "0,3", "--learning-curve", "5", "--json");

    assertEquals(0, answer.exit(), answer.err());
    assertEquals("split 'unseen-source' left out: it needs at least 2 sources to hold out, and the history has fewer", left(answer.err()));
    assertTrue(answer.err().contains("cold start, runs of the unseen task, horizon unknown: "), answer.err());
    assertTrue(answer.err().contains("learning curve, runs a task at most, horizon planned: "), answer.err());
    JsonNode json = new ObjectMapper().readTree(answer.out());
    List<String> asked = new ArrayList<>();
    json.get("results").forEach(r -> asked.add(r.get("split").asText() + " " + r.get("horizon").asText()));
    assertEquals(
        List.of(
            "known planned", "known unknown", "unseen-task planned", "unseen-task unknown", "time planned", "time unknown",
            "success planned", "success unknown"),
        asked);
    for (String line : asked) {
      String split = line.substring(0, line.indexOf(' '));
      assertTrue(answer.err().substring(answer.err().indexOf("summary: ")).contains("  " + split), answer.err());
    }
    List<String> given = new ArrayList<>();
    json.get("cold_start").forEach(r -> given.add(r.get("runs_of_task").asText() + " " + r.get("horizon").asText()));
    assertEquals(List.of("0 planned", "3 planned", "0 unknown", "3 unknown"), given);
    assertEquals(2, json.get("learning_curve").size());
  }

  private static String left(String err) {
    return err.lines().filter(line -> line.contains("left out")).collect(Collectors.joining("\n"));
  }

  @Test
  void evaluate_untouched_judgesTheRestAndLearnsFromAll() throws IOException {
    Path small = folder.resolve("small.jsonl");
    Files.write(small, RecordedRuns.history(3, 20, 23).stream().map(run -> Commands.json("test", run)).toList());
    List<Object> common = List.of("evaluate", "--history", small, "--alone", "--split", "known", "--folds", 2, "--price", "0.1");

    Answer untouched = run(Stream.concat(common.stream(), Stream.of("--part", "untouched", "--cold-start")).toArray());
    Answer development = run(Stream.concat(common.stream(), Stream.of("--part", "development")).toArray());

    assertEquals(0, untouched.exit(), untouched.err());
    assertEquals(60, number(untouched.out(), "known") + number(development.out(), "known"));
    assertTrue(untouched.out().startsWith("60 runs read, 60 can be scored, "), untouched.out());
    assertEquals("the cold start left out: no task has the 30 runs that it needs", left(untouched.err()));
  }

  /** How many runs were judged, from the summary. */
  private static int number(String out, String split) {
    String line =
        out.substring(out.indexOf("summary: ")).lines().filter(l -> l.startsWith("  " + split)).findFirst().orElseThrow();
    return Integer.parseInt(line.trim().split(" +")[3]);
  }

  @Test
  void badLine_exits4_lenientCountsIt() throws IOException {
    Path bad = folder.resolve("bad.jsonl");
    Files.write(bad, List.of(Commands.json("test", RecordedRuns.of("t", "a", 1, 2)), "{\"source\":1}"));
    Answer strict = run("history", "--history", bad);
    assertEquals(4, strict.exit());
    assertTrue(strict.err().contains("bad.jsonl line 2: column"), strict.err());
    Answer lenient = run("history", "--history", bad, "--lenient");
    assertEquals(0, lenient.exit());
    assertTrue(lenient.err().contains("skipped 1 lines or files"), lenient.err());
  }

  @Test
  void wrongUsage_exits2() {
    assertEquals(2, run("replay").exit());
    assertEquals(2, run("evaluate", "--history", history, "--split", "moon").exit());
    assertEquals(2, run("evaluate", "--history", history, "--price", "-1").exit());
    assertEquals(2, run("evaluate", "--history", history, "--horizon", "guessed").exit());
    assertEquals(2, run("evaluate", "--history", history, "--part", "best").exit());
    assertEquals(2, run("evaluate", "--history", history, "--policies", "some").exit());
    assertEquals(2, run("evaluate", "--history", history, "--cold-start", "-1").exit());
    assertEquals(2, run("evaluate", "--history", history, "--learning-curve", "0").exit());
    assertEquals(2, run("history", "--history", history, "--objective", "m").exit());
  }

  @Test
  void unknownMetric_exits4AndNamesWhatThereIs() {
    Answer answer = run("evaluate", "--history", history, "--objective", "bleu:max");
    assertEquals(4, answer.exit());
    assertEquals("stopcast: no run reports 'bleu'; they report [m]", answer.err().strip());
  }

  @Test
  void emptyHistory_exits4() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.jsonl"));
    Answer answer = run("retrain", "--history", empty, "--models", folder.resolve("none"));
    assertEquals(4, answer.exit());
    assertTrue(answer.err().contains("there are no runs in ["), answer.err());
    assertTrue(Files.notExists(folder.resolve("none")));
  }
}
