package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.History;
import io.stopcast.history.TaskId;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Patience;
import io.stopcast.policy.Stochastic;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told from a log in which runs were stopped, against what the same runs tell in full. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OffPolicyTest {
  private static final TaskId A = new TaskId("s", "a");
  private static final TaskId B = new TaskId("s", "b");
  private static final double PRICE = 0.1;
  private static final int SEEDS = 12;
  private static final StopPolicy RULE = new Patience(4);

  private List<Run> complete;

  @BeforeAll
  void readShippedRuns() throws IOException {
    List<Path> files = List.of(Path.of("..", "datasets", "linear.jsonl.gz"));
    complete =
        History.read(files, History.Options.STRICT).runs().stream()
            .filter(run -> run.end().isScored())
            .map(OffPolicyTest::withoutOtherSignals)
            .toList();
  }

  /** The rules look at nothing else, and find it sooner. */
  private static Run withoutOtherSignals(Run run) {
    String metric = run.context().objective().metric();
    return new Run(run.context(), run.steps().stream().map(step -> step.only(metric)).toList(), run.end());
  }

  /** What is left of the runs where a policy watches them. */
  private static List<Run> logged(Stochastic policy, List<Run> runs) {
    return runs.stream().map(run -> logged(policy, run)).toList();
  }

  private static Run logged(Stochastic policy, Run run) {
    Stop stop = Replay.of(policy, run);
    if (!stop.stopped()) {
      return run;
    }
    Objective objective = run.context().objective();
    List<Step> shown = new ArrayList<>();
    int points = 0;
    for (Step step : run.steps()) {
      points += objective.isReportedBy(step) ? 1 : 0;
      if (points > stop.point() + 1) {
        break;
      }
      shown.add(step);
    }
    return new Run(run.context(), shown, End.EARLY_STOPPED);
  }

  private double truth(StopPolicy target) {
    Map<TaskId, List<Double>> losses = new TreeMap<>();
    for (ScoredRun run : ScoredRun.of(complete)) {
      double loss = run.hindsight().loss(Replay.of(target, run.run()).point(), PRICE);
      losses.computeIfAbsent(run.task(), t -> new ArrayList<>()).add(loss);
    }
    return mean(losses.values().stream().map(OffPolicyTest::mean).toList());
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static Stream<StopPolicy> targets() {
    return Stream.of(new Patience(8), new FixedShare(0.5));
  }

  private List<OffPolicy> estimates(StopPolicy target, double probability, double clip) {
    List<OffPolicy> estimates = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Stochastic logging = RULE.withProbability(probability, seed);
      estimates.add(OffPolicy.of(LoggedRun.of(target, logging, logged(logging, complete), PRICE), clip, seed));
    }
    return estimates;
  }

  private static double meanOf(List<OffPolicy> estimates, ToDoubleFunction<OffPolicy> of) {
    return estimates.stream().mapToDouble(of).average().orElseThrow();
  }

  private static double error(List<OffPolicy> estimates, double truth, ToDoubleFunction<OffPolicy> of) {
    return Math.sqrt(meanOf(estimates, one -> Math.pow(of.applyAsDouble(one) - truth, 2)));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void of_shippedRuns_comesNearTheTruthAndNearerWithMoreExploration(StopPolicy target) {
    double truth = truth(target);
    List<OffPolicy> few = estimates(target, 0.8, 100);
    List<OffPolicy> many = estimates(target, 0.5, 100);
    for (List<OffPolicy> estimates : List.of(few, many)) {
      assertEquals(truth, meanOf(estimates, one -> one.clipped().mean()), 0.015);
      assertEquals(truth, meanOf(estimates, one -> one.selfNormalised().mean()), 0.015);
      assertEquals(truth, meanOf(estimates, one -> one.doublyRobust().mean()), 0.015);
      for (Function<OffPolicy, OffPolicy.Estimate> of :
          List.<Function<OffPolicy, OffPolicy.Estimate>>of(
              OffPolicy::clipped, OffPolicy::selfNormalised, OffPolicy::doublyRobust)) {
        long covered = estimates.stream().filter(one -> of.apply(one).covers(truth)).count();
        assertTrue(covered >= 0.8 * SEEDS, target + ": " + covered + " of " + SEEDS);
      }
    }
    assertTrue(
        error(many, truth, one -> one.doublyRobust().mean()) < error(few, truth, one -> one.doublyRobust().mean()));
    assertTrue(error(many, truth, one -> one.clipped().mean()) < error(few, truth, one -> one.clipped().mean()));
    assertTrue(meanOf(many, OffPolicy::effective) > 2 * meanOf(few, OffPolicy::effective));
  }

  @Test
  void of_differences_tellTwoTargetsApart() {
    StopPolicy hasty = new Patience(1);
    Stochastic logging = RULE.withProbability(0.5, 3);
    List<Run> history = logged(logging, complete);
    List<LoggedRun> ones = LoggedRun.of(hasty, logging, history, PRICE);
    List<LoggedRun> others = LoggedRun.of(new Patience(8), logging, history, PRICE);
    OffPolicy difference = OffPolicy.of(LoggedRun.differences(ones, others), 100, 1);
    assertTrue(difference.doublyRobust().low() > 0, difference.toString());
    assertTrue(difference.doublyRobust().covers(truth(hasty) - truth(new Patience(8))), difference.toString());
    assertEquals(
        OffPolicy.of(ones, 100, 1).doublyRobust().mean() - OffPolicy.of(others, 100, 1).doublyRobust().mean(),
        difference.doublyRobust().mean(),
        1e-12);
    var e = assertThrows(IllegalArgumentException.class, () -> LoggedRun.differences(ones, others.subList(1, others.size())));
    assertEquals(
        "two targets can be compared on one log only, but these are of two: take both from the same history", e.getMessage());
    List<LoggedRun> turned = new ArrayList<>(others);
    Collections.reverse(turned);
    assertThrows(IllegalArgumentException.class, () -> LoggedRun.differences(ones, turned));
  }

  /** Most runs that are left are those that no rule wanted to stop: of late risers a short patience loses most. */
  @Test
  void of_shownRunsUnweighted_isFarFromTheTruth() {
    StopPolicy target = new Patience(2);
    double truth = truth(target);
    List<Double> means = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Stochastic logging = RULE.withProbability(0.9, seed);
      List<LoggedRun> shown =
          LoggedRun.of(target, logging, logged(logging, complete), PRICE).stream()
              .filter(LoggedRun::isShown)
              .map(run -> new LoggedRun(run.task(), 1, run.loss(), run.loss()))
              .toList();
      means.add(OffPolicy.of(shown, 1, seed).doublyRobust().mean());
    }
    assertTrue(Math.abs(mean(means) - truth) > 0.05, mean(means) + " for " + truth);
  }

  @Test
  void of_clipped_isBiasedTheLessTheMoreIsExplored() {
    StopPolicy target = new Patience(2);
    double truth = truth(target);
    double few = meanOf(estimates(target, 0.9, 2), one -> one.clipped().mean()) - truth;
    double many = meanOf(estimates(target, 0.5, 2), one -> one.clipped().mean()) - truth; // 2 is what is needed there
    assertTrue(few < -0.1 && Math.abs(many) < 0.02, few + " " + many);
  }

  /** All that can be drawn, each as probable as it is. */
  @Test
  void of_allDraws_haveNoBiasOnAverage() {
    TaskId[] tasks = {A, A, A, B, B, B, B};
    double[] losses = {0.1, 0.5, 0.3, 0.9, 0.2, 0.4, 0.7};
    double[] propensities = {0.25, 0.25, 1, 0.25, 0.5, 1, 0.25};
    double truth = ((0.1 + 0.5 + 0.3) / 3 + (0.9 + 0.2 + 0.4 + 0.7) / 4) / 2;
    double clipped = 0;
    double robust = 0;
    for (int draw = 0; draw < 1 << losses.length; draw++) {
      double probability = 1;
      List<LoggedRun.Seen> seen = new ArrayList<>();
      for (int r = 0; r < losses.length; r++) {
        boolean isShown = (draw >> r & 1) == 1;
        probability *= isShown ? propensities[r] : 1 - propensities[r];
        seen.add(new LoggedRun.Seen(tasks[r], propensities[r], isShown ? losses[r] : Double.NaN, r % 2 == 0));
      }
      if (probability > 0) {
        OffPolicy estimate = OffPolicy.of(LoggedRun.expecting(seen), Double.POSITIVE_INFINITY, 1);
        clipped += probability * estimate.clipped().mean();
        robust += probability * estimate.doublyRobust().mean();
      }
    }
    assertEquals(truth, clipped, 1e-12);
    assertEquals(truth, robust, 1e-12);
  }

  @Test
  void of_byHand_weighsByPropensity() {
    List<LoggedRun> runs =
        List.of(
            new LoggedRun(A, 0.25, 0.8, 0.6),
            new LoggedRun(A, 0.25, Double.NaN, 0.6),
            new LoggedRun(A, 1, 0.2, 0.2),
            new LoggedRun(A, 1, 0.4, 0.4),
            new LoggedRun(B, 0.5, 0.6, 0.5),
            new LoggedRun(B, 0.5, Double.NaN, 0.5));
    OffPolicy estimate = OffPolicy.of(runs, 3, 1);
    assertEquals(6, estimate.runs());
    assertEquals(4, estimate.shown());
    assertEquals(7.0 * 7 / 15, estimate.effective(), 1e-12);
    assertEquals(((3 * 0.8 + 0.2 + 0.4) / 4 + 2 * 0.6 / 2) / 2, estimate.clipped().mean(), 1e-12);
    assertEquals((3.0 / 4 + 1.2 / 2) / (5.0 / 4 + 2.0 / 2), estimate.selfNormalised().mean(), 1e-12);
    assertEquals((((0.6 + 3 * 0.2) + 0.6 + 0.2 + 0.4) / 4 + ((0.5 + 2 * 0.1) + 0.5) / 2) / 2, estimate.doublyRobust().mean(), 1e-12);
    assertEquals(estimate, OffPolicy.of(runs, 3, 1));
  }

  @Test
  void expecting_knowsOtherRunsOnly() {
    List<LoggedRun> runs =
        LoggedRun.expecting(
            List.of(
                new LoggedRun.Seen(A, 0.5, 0.8, false),
                new LoggedRun.Seen(A, 0.5, Double.NaN, false),
                new LoggedRun.Seen(B, 1, 0.1, false)));
    assertEquals(List.of(0.0, 0.8, 0.1), runs.stream().map(run -> Math.rint(run.expected() * 1e9) / 1e9).toList());
  }

  @Test
  void ofRuns_notAsThePolicySays_saysWhichRun() {
    Run flat = RecordedRuns.of("t", "r", 1, 1, 1, 1, 1, 1, 1, 1);
    Stochastic stops = logging(flat, false);
    Stochastic goesOn = logging(flat, true);
    Run stopped = logged(stops, flat);
    assertEquals(
        "run 'r' of task 't' ended by itself, but " + stops + " stops it at point 5 of 8; give the policy that watched it, and its seed",
        messageOf(stops, flat));
    assertEquals(
        "run 'r' of task 't' was stopped, but " + goesOn
            + " does not stop it at its last point; give the policy that watched it, and its seed",
        messageOf(goesOn, stopped));
    Run later = new Run(flat.context(), flat.steps().subList(0, 7), End.EARLY_STOPPED);
    assertTrue(messageOf(stops, later).startsWith("run 'r' of task 't' was stopped, but "));
  }

  @Test
  void ofRuns_stoppedAtTheEndOfThePlan_isShownInFull() {
    Run run = RecordedRuns.of("t", "r", 1, 1, 1, 1, 1); // stops at the fifth point of five
    Run stopped = new Run(run.context(), run.steps(), End.EARLY_STOPPED);
    for (boolean isExempt : new boolean[] {true, false}) {
      List<LoggedRun> logged = LoggedRun.of(StopPolicy.NEVER, logging(run, isExempt), List.of(stopped), PRICE);
      assertEquals(List.of(new LoggedRun(new TaskId("test", "t"), 1, PRICE, PRICE)), logged);
    }
  }

  private static Stochastic logging(Run run, boolean isExempt) {
    return IntStream.range(0, 99)
        .mapToObj(seed -> RULE.withProbability(0.5, seed))
        .filter(policy -> policy.isExempt(run.context()) == isExempt)
        .findFirst()
        .orElseThrow();
  }

  private static String messageOf(Stochastic logging, Run run) {
    return assertThrows(
            IllegalArgumentException.class, () -> LoggedRun.of(StopPolicy.NEVER, logging, List.of(run), PRICE))
        .getMessage();
  }

  @Test
  void of_nonsense_saysSo() {
    List<LoggedRun> stopped = List.of(new LoggedRun(A, 0.5, Double.NaN, 0));
    assertEquals(
        "none of 1 runs was shown in full, so that nothing is known of any loss; log with a smaller probability of stopping",
        assertThrows(IllegalArgumentException.class, () -> OffPolicy.of(stopped, 10, 1)).getMessage());
    assertEquals(
        "a run must be allowed to stand for at least 1 run, but the clip was 0.5",
        assertThrows(IllegalArgumentException.class, () -> OffPolicy.of(stopped, 0.5, 1)).getMessage());
    assertEquals(
        "a run of task 'a' must have been shown in full with a probability above 0 and at most 1, but it was 0.0",
        assertThrows(IllegalArgumentException.class, () -> new LoggedRun(A, 0, 1, 1)).getMessage());
    assertEquals(
        "a run of task 'a' must have a finite loss, or NaN for a stopped one, and a finite expected one, but has 1.0 and NaN",
        assertThrows(IllegalArgumentException.class, () -> new LoggedRun(A, 1, 1, Double.NaN)).getMessage());
    assertEquals(
        "patience(4 steps) with probability 1.0 of runs (seed 1) stops for certain, so that nothing shows what its stops lose; "
            + "log with a probability below 1",
        messageOf(RULE.withProbability(1, 1), RecordedRuns.of("t", "r", 1, 2, 3)));
  }

  @Test
  void ofRuns_drawnAtEachStep_countsEachStop() {
    Run flat = RecordedRuns.of("t", "r", 1, 1, 1, 1, 1, 1, 1, 2);
    for (int seed = 0; seed < 99; seed++) {
      Stochastic logging = Stochastic.eachStep(RULE, 0.25, seed);
      if (!Replay.of(logging, flat).stopped()) { // wants to stop at three points before the last
        assertEquals(
            Math.pow(0.75, 3), LoggedRun.of(StopPolicy.NEVER, logging, List.of(flat), PRICE).get(0).propensity(), 1e-12);
      }
    }
  }

  private static OffPolicy shown(StopPolicy learned, StopPolicy target, List<Run> history, long seed) {
    // from here
    Stochastic policy = learned.withProbability(0.9, seed);   // the draw is in the run's name: give your runs names
    List<LoggedRun> log = LoggedRun.of(target, policy, history, 0.1);
    OffPolicy estimate = OffPolicy.of(log, 100, 1);           // estimate.doublyRobust().mean(), .low(), .high()
    // to here
    return estimate;
  }

  @Test
  void guide_runs_andIsTheOneInTheDocs() throws IOException {
    OffPolicy estimate = shown(RULE, new Patience(8), logged(RULE.withProbability(0.9, 3), complete), 3);
    assertTrue(estimate.doublyRobust().low() <= estimate.doublyRobust().mean(), estimate.toString());

    List<String> source = Files.readAllLines(Path.of("src/test/java/io/stopcast/replay/OffPolicyTest.java"));
    String snippet =
        String.join(
            "\n",
            source.subList(source.indexOf("    // from here") + 1, source.indexOf("    // to here")).stream().map(line -> line.substring(4)).toList());
    assertTrue(Files.readString(Path.of("..", "docs", "java.md")).contains("```java\n" + snippet + "\n```"), snippet);
  }
}
