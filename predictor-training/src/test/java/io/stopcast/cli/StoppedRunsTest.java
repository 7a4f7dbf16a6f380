package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.cli.Commands.Answer;
import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Stochastic;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Part;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import io.stopcast.replay.WatchedRun;
import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Run;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history in which a policy stopped four runs of five, and the fifth went on although it would have been stopped; beside some that nobody watched. */
class StoppedRunsTest {
  private static final Stochastic LOGGING = Stochastic.of(new FixedShare(.4), .8, 5);
  private static final double[] PRICES = {.1};

  @TempDir private Path folder;

  private final List<Run> asAsked = new ArrayList<>();

  /** As a trainer would have written it: what is exempt says so itself. */
  private List<Run> history() {
    List<Run> told = new ArrayList<>();
    for (Run run : RecordedRuns.history(5, 24, 11)) {
      int number = Integer.parseInt(run.context().run().substring(3));
      int point = Replay.of(LOGGING.policy(), run).point();
      boolean isWatched = number >= 8;
      boolean isExempt = LOGGING.isExempt(run.context());
      Run seen =
          isWatched && !isExempt ? new Run(run.context(), run.steps().subList(0, point + 1), End.EARLY_STOPPED) : run;
      asAsked.add(seen);
      told.add(isWatched && isExempt ? seen.with(new Exemption(run.steps().get(point).index(), 1 - LOGGING.probability())) : seen);
    }
    return told;
  }

  private Path write(List<Run> runs) throws IOException {
    return Files.write(folder.resolve("history.jsonl"), runs.stream().map(run -> Commands.json("test", run)).toList());
  }

  private Answer retrain(Path history, String models, String stopped) {
    return Commands.run(
        "retrain", "--history", history, "--models", folder.resolve(models), "--alone", "--price", ".1", "--folds", 2, "--split", "known",
        "--stopped", stopped);
  }

  private static boolean isWatched(Run run) {
    return Integer.parseInt(run.context().run().substring(3)) >= 8;
  }

  @Test
  void retrain_learn_isWhatJavaMakesOfIt() throws Exception {
    Path file = write(history());
    History read = History.read(List.of(file), History.Options.STRICT);
    List<WatchedRun> watched =
        asAsked.stream().map(run -> isWatched(run) ? WatchedRun.of(run, LOGGING, 50) : WatchedRun.of(run)).toList();
    List<ScoredRun> all = ScoredRun.ofWatched(watched);
    long stopped = all.stream().filter(ScoredRun::isStopped).count();
    long exempt = all.stream().filter(ScoredRun::isExempt).count();
    assertTrue(stopped > 40 && exempt > 8, stopped + " stopped, " + exempt + " exempt");

    Answer answer = retrain(file, "models", "learn");
    assertTrue(answer.exit() == 0 || answer.exit() == 3, answer.err()); // whether so few runs make a good model is not the question
    String line =
        "And from %d runs that were stopped, as far as they show; %d exempt runs stand for what such do not, each for at most 50.0 runs.\n"
            .formatted(stopped, exempt);
    assertTrue(answer.out().contains("120 runs read, %d can be learned from and scored\n%s".formatted(120 - stopped, line)), answer.out());
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"));
    ModelFile expected =
        new LearnedRecipe(Recipe.standard(all.size())).train(all, PRICES, Map.of(ModelFile.HISTORY_SHA256, read.sha256()));
    assertArrayEquals(expected.bytes(), registry.model("0001").bytes());
    assertTrue(Files.readString(registry.folder("0001").resolve("card.md")).contains(line));
    JsonNode metrics = new ObjectMapper().readTree(registry.folder("0001").resolve("metrics.json").toFile());
    assertEquals(
        List.of(120 - stopped, stopped, exempt, 50L),
        List.of("runs", "stopped_runs", "exempt_runs", "clip").stream().map(key -> metrics.path(key).asLong()).toList());
    assertEquals(120, registry.runs("0001").orElseThrow().size(), "what was learned from counts as seen");
  }

  @Test
  void retrain_leaveOutThenLearn_isWithoutThemAndThenAfterThatModel() throws Exception {
    Path file = write(history());
    History read = History.read(List.of(file), History.Options.STRICT);
    retrain(file, "models", "leave-out");
    List<ScoredRun> scored = ScoredRun.of(read.runs());
    ModelFile expected =
        new LearnedRecipe(Recipe.standard(scored.size())).train(scored, PRICES, Map.of(ModelFile.HISTORY_SHA256, read.sha256()));
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"));
    assertArrayEquals(expected.bytes(), registry.model("0001").bytes());

    Commands.run("models", "promote", "0001", "--force", "--models", folder.resolve("models"));
    assertEquals(Optional.of("0001"), registry.alias(ModelRegistry.CHAMPION));
    retrain(file, "models", "learn");
    List<ScoredRun> all = ScoredRun.ofRecords(read.runs());
    LearnedRecipe recipe = new LearnedRecipe(Recipe.standard(all.size()));
    ModelFile next = recipe.after(expected).train(all, PRICES, Map.of(ModelFile.HISTORY_SHA256, read.sha256()));
    assertArrayEquals(next.bytes(), registry.model("0002").bytes(), "thresholds are drawn towards the champion's");
    assertNotEquals(next.thresholds(), recipe.train(all, PRICES, Map.of()).thresholds());
  }

  @Test
  void judging_stoppedRuns_areLearnedFromAndHeldOutButNotJudged() throws Exception {
    List<ScoredRun> runs = ScoredRun.ofRecords(history());
    PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
    Judging judging =
        new Judging(
            new Protocol(List.of(.1), 2, 1), List.of(Split.KNOWN_TASK), runs, Part.ALL, List.of(ShownHorizon.PLANNED),
            (training, prices) -> () -> List.of(LOGGING.policy()), false, nowhere, nowhere);
    for (Split split : List.of(Split.KNOWN_TASK, Split.UNSEEN_TASK)) {
      List<Folds.Turn> turns = judging.turns(split);
      assertEquals(2, turns.size());
      assertEquals(ScoredRun.complete(runs).size(), turns.stream().mapToInt(turn -> turn.judged().size()).sum());
      for (Folds.Turn turn : turns) {
        assertTrue(turn.judged().stream().noneMatch(ScoredRun::isStopped));
        assertTrue(turn.training().stream().anyMatch(ScoredRun::isStopped));
      }
    }
    assertEquals(ScoredRun.complete(runs).size(), judging.heldOutLosses(run -> true).size());
    assertEquals(ScoredRun.complete(runs).size(), judging.splits().get(0).runs().size());
  }

  @Test
  void retrain_wordsAndKeysThatNobodyKnows_areRefused() throws Exception {
    List<Run> runs = history();
    Path file = write(runs);
    Answer answer = retrain(file, "models", "forget");
    assertEquals(2, answer.exit());
    assertTrue(answer.err().startsWith("stopcast: --stopped must be one of [leave-out, learn], but was 'forget'"), answer.err());

    Files.writeString(file, Files.readString(file).replaceFirst("\"propensity\"", "\"probability\""));
    answer = retrain(file, "models", "learn");
    assertEquals(4, answer.exit());
    assertTrue(answer.err().contains("unknown key 'probability' in 'exempt'; it has step and propensity"), answer.err());

    write(runs.stream().filter(run -> run.end() == End.EARLY_STOPPED).toList());
    assertEquals(4, retrain(file, "models", "learn").exit(), "there is nothing to judge by");
    assertFalse(Files.exists(folder.resolve("models/versions")));
  }
}
