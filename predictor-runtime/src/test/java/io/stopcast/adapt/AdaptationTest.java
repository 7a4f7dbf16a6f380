package io.stopcast.adapt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptationTest {
  private static final List<Candidate> THREE =
      List.of(
          new Candidate("never", StopPolicy.NEVER), new Candidate("half", new FixedShare(0.5)), new Candidate("at once", new FixedShare(0.1)));
  private static final Adaptation BY_SOURCE = Adaptation.of(THREE, Grouping.by(Grouping.By.SOURCE), 0.1);

  static RunContext context(String source, int number) {
    return new RunContext(source, "task", "r" + number, Objective.maximize("em"), Horizon.ofPoints(8), "steps", Map.of("family", "cnn"));
  }

  static Run run(RunContext context, End end, double... curve) {
    List<Step> steps = new ArrayList<>();
    for (double value : curve) {
      steps.add(Step.of(steps.size() + 1, steps.size() + 1, "em", value));
    }
    return new Run(context, steps, end);
  }

  /** Rises to the end. */
  static Run riser(RunContext context) {
    return run(context, End.COMPLETED, 0, .1, .2, .3, .4, .5, .6, 1);
  }

  /** Has all that it comes to in its second point. */
  static Run flat(RunContext context) {
    return run(context, End.COMPLETED, 0, 1, 1, 1, 1, 1, 1, 1);
  }

  private static AdaptationState learned(Adaptation adaptation, AdaptationState state, String source, int runs, boolean rising) {
    for (int r = 0; r < runs; r++) {
      Run run = rising ? riser(context(source, r)) : flat(context(source, r));
      state = adaptation.learn(state, FullRun.of(run, 1));
    }
    return state;
  }

  @Test
  void learn_completeRun_tellsTheLossOfEveryCandidate() {
    AdaptationState rising = learned(BY_SOURCE, BY_SOURCE.start(), "lab", 1, true);
    assertArrayEquals(new double[] {.1, .7 + .05, 1 + .0125}, rising.meanLosses("lab"), 1e-12);
    AdaptationState flat = learned(BY_SOURCE, BY_SOURCE.start(), "lab", 1, false);
    assertArrayEquals(new double[] {.1, .05, 1 + .0125}, flat.meanLosses("lab"), 1e-12);
  }

  @Test
  void choose_nothingKnown_givesTheFirstCandidateToAllButTheLimit() {
    long first =
        IntStream.range(0, 4000).filter(r -> BY_SOURCE.choose(BY_SOURCE.start(), context("lab", r)).candidate() == 0).count();
    assertEquals(1 - BY_SOURCE.limit().share(), first / 4000.0, 0.02);
  }

  @Test
  void choose_manyRunsLearned_givesTheBestOfEachFamily() {
    AdaptationState state = learned(BY_SOURCE, BY_SOURCE.start(), "risers", 40, true);
    state = learned(BY_SOURCE, state, "flats", 100, false);
    assertEquals("never", leader(state, "risers"));
    assertEquals("half", leader(state, "flats"));
    assertEquals(List.of("flats", "risers"), state.families());
  }

  private static String leader(AdaptationState state, String source) {
    return THREE.get(BY_SOURCE.choose(state, context(source, 1)).leader()).name();
  }

  @Test
  void choose_newFamily_borrowsFromTheOthersUntilItKnowsBetter() {
    AdaptationState state = learned(BY_SOURCE, BY_SOURCE.start(), "flats", 40, false);
    assertEquals("half", leader(state, "new"));
    assertEquals("never", leader(learned(BY_SOURCE, state, "new", 6, true), "new"));
  }

  @Test
  void learn_familyThatChanges_followsWithinItsMemory() {
    Adaptation quick = new Adaptation(THREE, Grouping.by(Grouping.By.SOURCE), 0.1, BY_SOURCE.limit(), 20, 0, 1);
    Adaptation slow = new Adaptation(THREE, Grouping.by(Grouping.By.SOURCE), 0.1, BY_SOURCE.limit(), Double.POSITIVE_INFINITY, 0, 1);
    for (Adaptation each : List.of(quick, slow)) {
      AdaptationState state = learned(each, each.start(), "lab", 20, true); // never is better than half by .65
      state = learned(each, state, "lab", 200, false); // half is better than never by .05
      int leader = each.choose(state, context("lab", 1)).leader();
      assertEquals(each == quick ? "half" : "never", THREE.get(leader).name());
    }
  }

  @ParameterizedTest(name = "{0} others, {1} exempt")
  @CsvSource({"0.1, 0.05", "0.3, 0", "0, 0.2", "0, 0"})
  void choose_anyState_keepsTheLimitAndSaysHowProbableItWas(double others, double exempt) {
    Adaptation adaptation = BY_SOURCE.with(new ExplorationLimit(others, exempt));
    AdaptationState state = adaptation.start();
    Random random = new Random(3);
    for (int learned = 0; learned < 30; learned++) {
      int runs = 4000;
      int[] counts = new int[4];
      Choice choice = adaptation.choose(state, context("lab", 0));
      for (int r = 0; learned % 10 == 0 && r < runs; r++) {
        choice = adaptation.choose(state, context("lab", r));
        counts[choice.candidate() + 1]++;
      }
      assertEquals(1, Arrays.stream(choice.chances()).sum(), 1e-12);
      assertTrue(choice.chances()[choice.leader()] >= 1 - others - 1e-12);
      for (int k = 0; learned % 10 == 0 && k < 3; k++) {
        assertEquals((1 - exempt) * choice.chances()[k], counts[k + 1] / (double) runs, 0.025);
      }
      assertTrue(learned % 10 > 0 || runs - counts[choice.leader() + 1] <= runs * (adaptation.limit().share() + 0.025));
      double[] losses = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
      state = adaptation.learn(state, "lab", losses, 1);
    }
  }

  @Test
  void choose_sameStateAndRun_isTheSame_otherSeedDrawsOtherwise() {
    AdaptationState state = learned(BY_SOURCE, BY_SOURCE.start(), "lab", 1, false);
    Adaptation other = BY_SOURCE.withSeed(1);
    int alike = 0;
    for (int r = 0; r < 2000; r++) {
      Choice choice = BY_SOURCE.choose(state, context("lab", r));
      assertEquals(choice.candidate(), BY_SOURCE.choose(state, context("lab", r)).candidate());
      alike += choice.isExempt() == other.choose(state, context("lab", r)).isExempt() ? 1 : 0;
    }
    assertEquals(0.05 * 0.05 + 0.95 * 0.95, alike / 2000.0, 0.02);
  }

  /** What is learned live, of runs that were let go on, is on the average what would be learned of all; without weights it is not. */
  @Test
  void learn_stoppedRunsHidden_isWithoutBias() {
    List<Candidate> candidates = List.of(THREE.get(0), THREE.get(1), new Candidate("still", new Patience(2)));
    Adaptation adaptation =
        new Adaptation(candidates, BY_SOURCE.grouping(), 0.1, new ExplorationLimit(0.2, 0.1), Double.POSITIVE_INFINITY, 5, 11);
    AdaptationState live = adaptation.start();
    AdaptationState unweighted = adaptation.start();
    AdaptationState all = adaptation.start();
    Random random = new Random(5);
    for (int r = 0; r < 6000; r++) {
      Run run = random.nextInt(4) == 0 ? riser(context("lab", r)) : flat(context("lab", r));
      FullRun full = FullRun.of(run, 1);
      Choice choice = adaptation.choose(live, run.context());
      boolean stops = !choice.isExempt() && Losses.of(adaptation, full).stops()[choice.candidate()];
      live = stops ? live.withHidden() : adaptation.learn(live, full, choice);
      unweighted = stops ? unweighted : adaptation.learn(unweighted, full);
      all = adaptation.learn(all, full);
    }
    assertTrue(live.hidden() > 3000, live.toString()); // most runs that stand still are stopped, and no others
    assertArrayEquals(all.meanLosses("lab"), live.meanLosses("lab"), 0.02);
    assertEquals(0.25 * 0.75 + 0.75 * 0.05, all.meanLosses("lab")[1], 0.02);
    assertTrue(unweighted.meanLosses("lab")[1] > 0.3, "shown runs are mostly risers, on which stopping at half is bad");
  }

  @Test
  void learn_runThatItsCandidateStops_isRefused() {
    Run run = flat(context("lab", 1));
    Choice half = new Choice("lab", 1, 1, new double[] {0, 1, 0}, 0.05);
    var e =
        assertThrows(IllegalArgumentException.class, () -> BY_SOURCE.learn(BY_SOURCE.start(), FullRun.of(run, 1), half));
    assertEquals(
        "run 'r1' of task 'task' came to its own end, but 'half', which it was given, stops it before; where runs are watched and not"
            + " stopped, learn from them without a choice",
        e.getMessage());
  }

  @Test
  void learn_choiceWithoutExemptRuns_isRefused() {
    Adaptation blind = BY_SOURCE.with(new ExplorationLimit(0.1, 0));
    Choice choice = blind.choose(blind.start(), context("lab", 1));
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> blind.learn(blind.start(), FullRun.of(riser(context("lab", 1)), 1), choice));
    assertEquals(
        "no run is exempt, so that what is stopped is never seen: give a limit with exempt runs, or let runs come to their end and learn"
            + " from them without a choice",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock = """
          EARLY_STOPPED | it ended 'early_stopped', and only a run that ended by itself shows what stopping would have lost | 0 1 1
          COMPLETED     | with 1 points there is nothing to decide | 1
          COMPLETED     | its objective is never finite | NaN NaN
          """)
  void fullRun_thatShowsNothing_saysWhy(End end, String why, String curve) {
    Run run = run(context("lab", 7), end, Arrays.stream(curve.split(" ")).mapToDouble(Double::parseDouble).toArray());
    assertEquals(
        "nothing can be learned from run 'r7' of task 'task': " + why,
        assertThrows(IllegalArgumentException.class, () -> FullRun.of(run, 1)).getMessage());
    assertEquals(false, FullRun.isShownBy(run));
  }

  @Test
  void fullRun_withoutAScale_takesWhatTheRunHasGained() {
    Run run = run(context("lab", 1), End.COMPLETED, 10, 12, 14, 20);
    assertEquals(.8 + .05, FullRun.of(run, Double.NaN).of(new FixedShare(.25), .1).loss(), 1e-12);
    assertEquals(.08 + .05, FullRun.of(run, 100).of(new FixedShare(.25), .1).loss(), 1e-12);
  }

  @Test
  void grouping_tellsTheFamily() {
    RunContext run = context("lab", 1);
    List<Grouping> all =
        List.of(
            Grouping.by(Grouping.By.NOTHING),
            Grouping.by(Grouping.By.SOURCE),
            Grouping.by(Grouping.By.TASK),
            Grouping.by(Grouping.By.METRIC),
            Grouping.byParameter("family"),
            Grouping.byParameter("depth"));
    assertEquals(List.of("all", "lab", "task", "em", "cnn", "without depth"), all.stream().map(g -> g.family(run)).toList());
    assertEquals(
        List.of("by nothing", "by source", "by task", "by metric", "by parameter family", "by parameter depth"),
        all.stream().map(Grouping::toString).toList());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void new_noPrice_isRefused(double price) {
    assertEquals(
        "the price must be positive, such as 0.1, but was " + price,
        assertThrows(IllegalArgumentException.class, () -> Adaptation.of(THREE, BY_SOURCE.grouping(), price)).getMessage());
  }

  @Test
  void new_nonsense_saysWhatWouldBeRight() {
    List<Candidate> twice = List.of(THREE.get(0), new Candidate("never", new Patience(1)));
    assertEquals(
        "there must be at least 2 candidates, of different names, but they are [never, never]",
        message(() -> Adaptation.of(twice, BY_SOURCE.grouping(), 0.1)));
    assertEquals(
        "the shares of runs that are given another policy, and of those that are exempt, must be at least 0 and together below 1, but"
            + " were 0.5 and 0.5",
        message(() -> new ExplorationLimit(0.5, 0.5)));
    assertEquals(
        "the memory must be longer than 1 run, but was 1.0",
        message(() -> new Adaptation(THREE, BY_SOURCE.grouping(), 0.1, BY_SOURCE.limit(), 1, 5, 0)));
    assertEquals(
        "a family borrows 0 runs or more, but was to borrow -1.0",
        message(() -> new Adaptation(THREE, BY_SOURCE.grouping(), 0.1, BY_SOURCE.limit(), 50, -1, 0)));
    assertEquals(
        "a candidate needs a name of 1 to 200 characters, but ' ' has 1", message(() -> new Candidate(" ", StopPolicy.NEVER)));
    assertEquals(
        "families by parameter need its name, and others none, but they were by parameter of ''", message(() -> Grouping.byParameter("")));
    assertEquals(
        "there must be one finite loss for each of 3 candidates, but they were [0.1, NaN, 0.2]",
        message(() -> BY_SOURCE.learn(BY_SOURCE.start(), "lab", new double[] {.1, Double.NaN, .2}, 1)));
    assertEquals(
        "a run is shown with a probability above 0 and at most 1, but it was 0.0",
        message(() -> BY_SOURCE.learn(BY_SOURCE.start(), "lab", new double[] {.1, .1, .2}, 0)));
    Adaptation dearer = Adaptation.of(THREE, BY_SOURCE.grouping(), 0.3);
    assertEquals(
        "the state is one of [never, half, at once] of price 0.1, families by source, but the adaptation has [never, half, at once] of price"
            + " 0.3, families by source; start anew and learn again from recorded runs",
        message(() -> dearer.choose(BY_SOURCE.start(), context("lab", 1))));
  }

  private static String message(org.junit.jupiter.api.function.Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
