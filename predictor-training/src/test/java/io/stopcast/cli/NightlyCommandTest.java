package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.cli.Commands.Answer;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.registry.FolderLock;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nights, with a source in the third whose logger changed the metric's scale late in each run: its plateaus end in a leap. */
class NightlyCommandTest {
  @TempDir private Path folder;

  private Answer night(String quarantine) throws IOException {
    return night(quarantine, "");
  }

  private Answer night(String quarantine, String more) throws IOException {
    Path plan =
        Files.writeString(
            folder.resolve("plan.yaml"),
            """
            store: store
            logs:
              - path: logs
            models: models
            retrain:
              new_runs: 10
              alone: true
              prices: [0.1]
              folds: 2
              splits: [known]
            gate:
              held_out: 4
              latency_ratio: 50
            sources:
              quarantine: %s
            """
                    .formatted(quarantine)
                + more);
    return Commands.run("nightly", "--config", plan);
  }

  private void log(String source, String file, List<Run> runs) throws IOException {
    Files.createDirectories(folder.resolve("logs"));
    Files.write(folder.resolve("logs/" + file), runs.stream().map(run -> Commands.json(source, run)).toList());
  }

  /** Runs that rise fast, each to its own height, and gain next to nothing after a third of their plan. */
  private static List<Run> curves(String task, int tasks, int from, int to, boolean leap) {
    List<Run> runs = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      for (int i = from; i < to; i++) {
        SplittableRandom random = new SplittableRandom(1000L * k + i);
        double top = 0.5 + 0.5 * random.nextDouble();
        double rate = 0.3 + 0.3 * random.nextDouble();
        double[] values = new double[30];
        for (int t = 0; t < values.length; t++) {
          values[t] = top * (1 - Math.exp(-rate * t)) + 0.004 * random.nextDouble();
          values[t] *= leap && t >= 24 ? 10 : 1;
        }
        runs.add(RecordedRuns.of(task + k, "run" + i, values));
      }
    }
    return runs;
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("nightly.ndjson"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private List<String> eventsOfTheLastNight() throws IOException {
    List<String> events = lines().stream().map(line -> line.path("event").asText()).toList();
    return events.subList(events.lastIndexOf("start"), events.size());
  }

  private String alias(String name) throws IOException {
    return Files.readString(folder.resolve("models").resolve(name)).strip();
  }

  @Test
  void nights_promoteWhatIsGood_andNameTheSourceThatHarms() throws Exception {
    log("lab", "early.jsonl", curves("net/data", 6, 0, 18, false));
    Answer answer = night("refuse");
    assertEquals(0, answer.exit(), answer.err());
    assertEquals("0001", alias("champion"));
    assertEquals(List.of("start", "import", "history", "new", "verdict", "end"), eventsOfTheLastNight());
    assertTrue(lines().get(0).path("time").asText().matches("\\d{4}-\\d\\d-\\d\\dT.*Z"), lines().get(0).toString());

    answer = night("refuse");
    assertEquals(0, answer.exit(), answer.err());
    assertEquals(List.of("start", "import", "history", "new", "end"), eventsOfTheLastNight());
    assertTrue(answer.out().contains("0 runs with 0 points are new"), answer.out());

    log("broken", "broken.jsonl", curves("web/data", 3, 100, 120, true));
    answer = night("refuse");
    assertEquals(3, answer.exit(), answer.out() + answer.err());
    assertTrue(answer.err().contains("source 'broken' is at fault: without it the loss on held-out runs of other sources is "), answer.err());
    assertEquals(List.of("0001", "0002"), List.of(alias("champion"), alias("challenger")));
    assertEquals(List.of("verdict", "quarantine", "end"), eventsOfTheLastNight().subList(5, 8));
    assertEquals(0, night("refuse").exit(), "what was refused is not tried again every night");

    Files.delete(folder.resolve("models/considered.txt")); // as a person does who has decided to leave it out
    answer = night("leave-out");
    assertEquals(0, answer.exit(), answer.out() + answer.err());
    assertTrue(eventsOfTheLastNight().containsAll(List.of("quarantine", "verdict_without")), eventsOfTheLastNight().toString());
    assertEquals(List.of("0003", "0001"), List.of(alias("champion"), alias("previous")));
    String history = Files.readString(folder.resolve("models/history.jsonl"));
    assertTrue(history.contains("without sources [broken]"), history);
    JsonNode drift = lines().stream().filter(line -> line.path("event").asText().equals("drift")).reduce((a, b) -> b).orElseThrow();
    assertTrue(drift.path("known").asBoolean(), drift.toString());
    assertEquals(drift.path("runs"), drift.path("runs_of_new_tasks"), "all of 'broken' are of tasks that the champion has not seen");

    try (Stream<Path> left = Files.list(folder.resolve("models"))) {
      assertFalse(left.anyMatch(path -> path.getFileName().toString().endsWith(".draft")));
    }
  }

  /** The same nights with and without those that were stopped: only the one that learns from them counts them as new. */
  @Test
  void night_stoppedRuns_areLearnedFromOnlyIfThePlanSaysSo() throws Exception {
    List<Run> runs = curves("net/data", 4, 0, 16, false);
    List<Run> logged = new ArrayList<>();
    for (Run run : runs) {
      int number = Integer.parseInt(run.context().run().substring(3));
      boolean isStopped = number >= 8 && number < 14;
      logged.add(
          isStopped
              ? new Run(run.context(), run.steps().subList(0, 12), End.EARLY_STOPPED)
              : number >= 14 ? run.with(new Exemption(11, .25)) : run);
    }
    log("lab", "early.jsonl", logged);
    night("refuse");
    assertEquals(List.of(64L, 40L, 0L), told("history", "runs", "scored", "stopped_runs"));
    long without = told("new", "runs").get(0);
    Files.delete(folder.resolve("models/considered.txt"));
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(plan, Files.readString(plan).replace("alone: true", "alone: true\n  stopped: learn").replace("models: models", "models: others"));
    Answer answer = Commands.run("nightly", "--config", plan);
    assertTrue(answer.exit() == 0 || answer.exit() == 3, answer.err());
    assertEquals(List.of(64L, 40L, 24L, 8L), told("history", "runs", "scored", "stopped_runs", "exempt_runs"));
    assertTrue(told("new", "runs").get(0) > without, without + " complete ones are new");
    JsonNode metrics = new ObjectMapper().readTree(folder.resolve("others/versions/0001/metrics.json").toFile());
    assertEquals(without, metrics.path("runs").asLong());
    assertEquals(told("new", "runs").get(0) - without, metrics.path("stopped_runs").asLong());
  }

  /** What the plan wants to be promised the first model promises; from then on its successors do, whatever the plan says. */
  @Test
  void night_promise_isMadeByThePlanAndKeptByWhatFollows() throws Exception {
    log("lab", "early.jsonl", curves("net/data", 4, 0, 20, false));
    Answer answer = night("refuse", "promise: {max_regret: 0.5, risk: 0.3, confidence: 0.8}\n");
    assertEquals(0, answer.exit(), answer.err());
    RegretLimit limit = new RegretLimit.Exceeding(.5, .3);
    assertEquals(List.of(limit), promised("0001"));
    assertTrue(answer.out().contains("promise: P(regret > 0.5) <= 0.3 for a new run of a known task, with confidence 0.8"), answer.out());

    log("lab", "late.jsonl", curves("net/data", 4, 20, 40, false));
    answer = night("refuse");
    assertTrue(answer.exit() == 0 || answer.exit() == 3, answer.err());
    assertEquals(List.of(limit), promised("0002"), "certified anew");
  }

  private List<RegretLimit> promised(String version) throws Exception {
    return ModelFile.read(folder.resolve("models/versions").resolve(version).resolve("model.onnx")).promises().all().stream()
        .map(Promise::limit)
        .toList();
  }

  /** Of the last event of that name; 0 for what it does not tell. */
  private List<Long> told(String event, String... keys) throws IOException {
    JsonNode last = lines().stream().filter(line -> line.path("event").asText().equals(event)).reduce((a, b) -> b).orElseThrow();
    return Stream.of(keys).map(key -> last.path(key).asLong()).toList();
  }

  @Test
  void night_secondAtOnce_isRefused() throws Exception {
    log("lab", "early.jsonl", RecordedRuns.history(2, 4, 1));
    Files.createDirectories(folder.resolve("models"));
    try (FolderLock lock = FolderLock.take(folder.resolve("models/.nightly.lock"), "test")) {
      Answer answer = night("refuse");
      assertEquals(1, answer.exit());
      assertTrue(answer.err().contains("a nightly job is at work in "), answer.err() + lock.file());
    }
    assertFalse(Files.exists(folder.resolve("nightly.ndjson")));
  }

  @Test
  void night_logsThatNobodyCanRead_isToldAndTheRestGoesOn() throws Exception {
    Files.createDirectories(folder.resolve("logs"));
    Answer answer = night("refuse");
    assertEquals(4, answer.exit());
    assertEquals(List.of("start", "import_failed", "failed"), eventsOfTheLastNight());
  }
}
