package io.stopcast.adapt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveAdaptationTest {
  private static final Adaptation ADAPTATION =
      Adaptation.of(
          List.of(
              new Candidate("never", StopPolicy.NEVER),
              new Candidate("half", new FixedShare(0.5)),
              new Candidate("still", new Patience(2))),
          Grouping.by(Grouping.By.SOURCE),
          0.1);

  @TempDir private Path folder;
  private final List<String> log = new ArrayList<>();

  private LiveAdaptation open() throws IOException {
    return LiveAdaptation.open(ADAPTATION, folder.resolve("state.txt"), log::add);
  }

  /** Trains to the end, or until it is stopped. */
  private static Run train(StopPolicy.Watch watch, Run whole) {
    List<Step> steps = new ArrayList<>();
    for (Step step : whole.steps()) {
      steps.add(step);
      if (watch.observe(step) instanceof Decision.Stop && steps.size() < whole.steps().size()) {
        return new Run(whole.context(), steps, End.EARLY_STOPPED);
      }
    }
    return whole;
  }

  @Test
  void live_manyFlatRuns_comesToStopThem_andTheLogTellsWhy() throws IOException {
    int stopped = 0;
    for (int r = 0; r < 120; r++) {
      try (LiveAdaptation live = open()) { // a new process for each run
        RunContext run = AdaptationTest.context("lab", r);
        Run trained = train(live.watch(run), AdaptationTest.flat(run));
        live.ended(trained, 1);
        stopped += r >= 60 && trained.end() == End.EARLY_STOPPED ? 1 : 0;
      }
    }
    assertTrue(stopped > 45, stopped + " of the last 60 were stopped");
    AdaptationState state = AdaptationState.parse(Files.readString(folder.resolve("state.txt")));
    assertEquals(120, state.learned() + state.hidden());
    assertEquals(0, state.given());
    assertEquals(240, log.size());
    String before = ADAPTATION.start().digest();
    for (String line : log) { // each state is the next one's before
      assertTrue(line.contains("\"before\":\"" + before + "\""), line);
      before = line.substring(line.indexOf("\"after\":\"") + 9, line.length() - 2);
    }
    assertEquals(state.digest(), before);
  }

  @Test
  void log_saysWhatWasChosenAndLearned() throws IOException {
    RunContext run = AdaptationTest.context("lab", 2);
    RunContext other = AdaptationTest.context("lab", 3);
    try (LiveAdaptation live = open()) {
      live.watch(run);
      live.ended(AdaptationTest.riser(run), 1);
      live.watch(other);
      live.ended(AdaptationTest.run(other, End.ABORTED, 0, 1), 1);
      live.shown(AdaptationTest.flat(AdaptationTest.context("lab", 4)), 1);
    }
    String digits = "[0-9a-f]{16}";
    List<String> expected =
        List.of(
            "{\"event\":\"chosen\",\"run\":\"r2\",\"task\":\"task\",\"family\":\"lab\",\"given\":\"never\",\"exempt\":false,"
                + "\"propensity\":0.855,\"leader\":\"never\",\"chances\":[0.9,0.0",
            "{\"event\":\"learned\",\"run\":\"r2\",\"task\":\"task\",\"family\":\"lab\",\"given\":\"never\",\"propensity\":0.855,"
                + "\"shown\":0.9525,\"loss\":0.1,\"losses\":[0.1,0.75,0.1],\"leader_before\":\"never\",\"leader_after\":\"never\",",
            "{\"event\":\"chosen\",\"run\":\"r3\",",
            "{\"event\":\"hidden\",\"run\":\"r3\",\"task\":\"task\",\"given\":\"still\",\"propensity\":",
            "{\"event\":\"learned\",\"run\":\"r4\",\"task\":\"task\",\"family\":\"lab\",\"given\":null,\"propensity\":1.0,\"shown\":1.0,"
                + "\"loss\":null,\"losses\":[0.1,0.05,0.05],");
    assertEquals(expected.size(), log.size());
    for (int i = 0; i < expected.size(); i++) {
      assertTrue(log.get(i).startsWith(expected.get(i)), log.get(i));
      assertTrue(log.get(i).matches(".*\"before\":\"" + digits + "\",\"after\":\"" + digits + "\"}"), log.get(i));
    }
  }

  @Test
  void watch_afterARestart_isGivenTheSame_whateverWasLearnedSince() throws IOException {
    RunContext run = AdaptationTest.context("lab", 1);
    Choice given;
    try (LiveAdaptation live = open()) {
      given = live.choose(run);
      for (int r = 10; r < 40; r++) {
        live.shown(AdaptationTest.flat(AdaptationTest.context("lab", r)), 1);
      }
      assertTrue(ADAPTATION.choose(live.state(), run).leader() != given.leader());
    }
    int lines = log.size();
    try (LiveAdaptation live = open()) {
      assertEquals(given.candidate(), live.choose(run).candidate());
      assertEquals(given.propensity(), live.choose(run).propensity());
    }
    assertEquals(lines, log.size());
  }

  @Test
  void ended_runThatWasNotGivenAnything_isRefused() throws IOException {
    RunContext run = AdaptationTest.context("lab", 1);
    try (LiveAdaptation live = open()) {
      live.watch(run);
      live.ended(AdaptationTest.run(run, End.CRASHED, 1), 1);
      var e = assertThrows(IllegalArgumentException.class, () -> live.ended(AdaptationTest.flat(run), 1));
      assertEquals(
          "run 'r1' of task 'task' was not given anything here, or has ended already; a run that nothing has stopped can be learned"
              + " from by shown",
          e.getMessage());
      assertEquals(1, live.state().hidden());
      assertEquals(0, live.state().learned());
    }
  }

  @Test
  void open_twice_isRefused_untilTheFirstIsClosed() throws IOException {
    LiveAdaptation first = open();
    String message = assertThrows(IOException.class, this::open).getMessage();
    assertTrue(message.endsWith("state.txt is in use: two that learn into one state would lose what the other one learned; give each its own"));
    first.close();
    open().close();
    assertTrue(
        assertThrows(IOException.class, () -> first.choose(AdaptationTest.context("lab", 1))).getMessage().endsWith("state.txt was closed"));
  }

  @Test
  void open_damagedOrOther_isRefused_andNothingIsLost() throws IOException {
    Path file = folder.resolve("state.txt");
    Files.writeString(file, "hello");
    String message = assertThrows(AdaptationStateException.class, this::open).getMessage();
    assertTrue(message.endsWith("state.txt: the text is no state of an adaptation: it does not begin with 'stopcast-adaptation'"), message);
    assertEquals("hello", Files.readString(file));
    String other = Adaptation.of(ADAPTATION.candidates().subList(0, 2), ADAPTATION.grouping(), 0.1).start().format();
    Files.writeString(file, other);
    assertThrows(IllegalArgumentException.class, this::open);
    assertEquals(other, Files.readString(file));
    Files.delete(file);
    open().close();
    assertFalse(Files.exists(file), "nothing was learned yet");
  }
}
