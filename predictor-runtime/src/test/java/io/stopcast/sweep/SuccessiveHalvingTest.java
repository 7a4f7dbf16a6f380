package io.stopcast.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuccessiveHalvingTest {
  @ParameterizedTest(name = "eta {0}: of {1} pass {2}")
  @CsvSource(delimiter = '|', textBlock = """
      2 | 1 2 3 4          | 1 1 1 1
      2 | 4 3 2 1          | 1 0 0 0
      2 | 1 0.5 2 1.5 2 2  | 1 0 1 1 1 1
      3 | 1 0.5 2 1.5 2 1  | 1 0 1 0 1 0
      3 | 1 1 1 0 0 1 1    | 1 1 1 0 0 1 1
      4 | 3 2 1 2 2 2 2 3  | 1 0 0 0 0 0 0 1
      """)
  void observe_atARung_theBestOneInEtaPass(int eta, String values, String passed) {
    for (RunContext run : new RunContext[] {Played.MAX, Played.MIN}) {
      Sweep sweep = new SuccessiveHalving(eta, 1, 0, Progress.POINTS).sweep();
      StringBuilder answers = new StringBuilder();
      for (double value : Played.curve(values)) {
        Decision decision = sweep.watch(run).observe(Played.step(1, run.objective().gain(value)));
        answers.append(decision.isStop() ? " 0" : " 1");
      }
      assertEquals(passed, answers.toString().trim(), run.objective().toString());
    }
  }

  // The first run shows 5 at each of its rungs 2, 4, 8.
  @ParameterizedTest(name = "{0} -> stops at {1}")
  @CsvSource(delimiter = '|', textBlock = """
      1 5 1 5 1 1 1 1   | 8
      9 1 9 9           | 2
      1 5 9 4 9         | 4
      5 NaN 4           | 3
      5 NaN 6 NaN 4     | 5
      5 Infinity 5 5    | 0
      5 5               | 0
      """)
  void observe_betweenRungs_goesOn(String curve, int expected) {
    Sweep sweep = new SuccessiveHalving(2, 1, 1, Progress.POINTS).sweep();
    Played.complete(sweep, Played.MAX, 0, 5, 0, 5, 0, 0, 0, 5);
    assertEquals(expected, Played.stopOf(sweep.watch(Played.MAX), Played.curve(curve)));
  }

  @Test
  void observe_rareReports_passSeveralRungsAtOnce() {
    Sweep sweep = new SuccessiveHalving(2, 1, 0, Progress.INDEX).sweep();
    assertEquals(Decision.CONTINUE, sweep.watch(Played.MAX).observe(Played.step(4, 5)));
    assertEquals(
        new Decision.Stop(
            "successive halving(eta 2, from 1 steps)",
            "the value 4 is worse than 5, which 1 of 2 reached of the 2 runs that came to rung 1 steps"),
        sweep.watch(Played.MAX).observe(Played.step(1, 4)));
    Sweep.Watch third = sweep.watch(Played.MAX);
    assertEquals(Decision.CONTINUE, third.observe(Played.step(1, 6)));
    assertEquals(Decision.CONTINUE, third.observe(Played.step(3, 5)));
    assertTrue(third.observe(Played.step(4, 4)).isStop());
  }

  @Test
  void observe_sharesOfUnequalPlans_areComparedAtTheSameShare() {
    Sweep sweep = new SuccessiveHalving(2, 0.25, 0, Progress.SHARE).sweep();
    Played.complete(sweep, Played.planned(4), 5, 5, 5, 5);
    assertEquals(3, Played.stopOf(sweep.watch(Played.planned(12)), 0, 0, 4));
    assertEquals(6, Played.stopOf(sweep.watch(Played.planned(12)), 0, 0, 6, 0, 0, 4));
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 0, 0, 0), "no plan");
  }

  @Test
  void observe_unknownCost_goesOn() {
    Sweep sweep = new SuccessiveHalving(2, 1, 0, Progress.COST).sweep();
    Played.complete(sweep, Played.MAX, 5);
    Sweep.Watch watch = sweep.watch(Played.MAX);
    assertEquals(Decision.CONTINUE, watch.observe(Step.of(1, Double.NaN, "em", 1)));
    assertTrue(watch.observe(Played.step(2, 1)).isStop());
  }

  @Test
  void hyperband_runsGoToBracketsByShare() {
    Hyperband policy = new Hyperband(3, 1, 9, Progress.POINTS);
    assertEquals(3, policy.brackets());
    Sweep sweep = policy.sweep();
    // Each run is worse than those before: of a bracket with a rung only the first passes, and where there is none all do.
    int[] stops = new int[10];
    for (int run = 0; run < 17; run++) {
      double[] values = new double[8];
      Arrays.fill(values, -run);
      stops[Played.stopOf(sweep.watch(Played.MAX), values)]++;
    }
    assertEquals(8, stops[1], "9 runs that may stop from 1 on");
    assertEquals(4, stops[3], "5 from 3 on");
    assertEquals(5, stops[0], "3 not before 9, and the first of either");
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 1, 1", "3, 1, 2.9, 1", "3, 1, 81, 5", "4, 1, 64, 4", "2, 0.0625, 1, 5", "3, 0.1111111111111111, 1, 3"})
  void hyperband_bracketsAreThoseOfThePaper(int eta, double least, double most, int expected) {
    assertEquals(expected, new Hyperband(eta, least, most, Progress.COST).brackets());
  }

  @Test
  void new_nonsense_saysWhatWouldBeRight() {
    assertEquals(
        "eta must be at least 2, for one of eta runs goes on, but was 1",
        messageOf(() -> new SuccessiveHalving(1, 1, 0, Progress.POINTS)));
    assertEquals(
        "the progress of the lowest rung must be positive and finite, but was 0.0 points",
        messageOf(() -> new SuccessiveHalving(2, 0, 0, Progress.POINTS)));
    assertEquals("0 or more rungs are skipped, but were to be -1", messageOf(() -> new SuccessiveHalving(2, 1, -1, Progress.COST)));
    assertEquals(
        "the largest progress must be at least the least, 2.0, but was 1.0",
        messageOf(() -> new Hyperband(2, 2, 1, Progress.POINTS)));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
