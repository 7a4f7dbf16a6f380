package io.stopcast.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.policy.Decision;
import io.stopcast.run.RunContext;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MedianStoppingTest {
  private static final MedianStopping PAPER = new MedianStopping(1, 1, Progress.POINTS);

  // Averages 1 1.5 2, 3 3 3 and 2 2 2: the median is 2 everywhere.
  @ParameterizedTest(name = "{0} -> stops at {1}")
  @CsvSource(delimiter = '|', textBlock = """
      1 5 5        | 1
      2 0 0 0      | 0
      2.5 1 1      | 0
      NaN 1.9      | 2
      NaN NaN NaN  | 0
      Infinity 1   | 2
      -Infinity 2  | 0
      1.999        | 1
      """)
  void observe_bestWorseThanTheMedianOfAverages_stops(String curve, int expected) {
    for (RunContext run : new RunContext[] {Played.MAX, Played.MIN}) {
      double sign = run == Played.MAX ? 1 : -1;
      Sweep sweep = PAPER.sweep();
      Played.complete(sweep, run, sign, 2 * sign, 3 * sign);
      Played.complete(sweep, run, 3 * sign, 3 * sign, 3 * sign);
      Played.complete(sweep, run, 2 * sign, 2 * sign, 2 * sign);
      double[] values = Arrays.stream(Played.curve(curve)).map(v -> sign * v).toArray();
      assertEquals(expected, Played.stopOf(sweep.watch(run), values), run.objective().toString());
    }
  }

  @Test
  void observe_evenNumber_takesTheMiddleOfTwo() {
    Sweep sweep = PAPER.sweep();
    Played.complete(sweep, Played.MAX, 1);
    Played.complete(sweep, Played.MAX, 2);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1.5));
    assertEquals(1, Played.stopOf(sweep.watch(Played.MAX), 1.25));
  }

  @Test
  void observe_shorterRuns_countWithAllTheirValues() {
    Sweep sweep = PAPER.sweep();
    Played.complete(sweep, Played.MAX, 4);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 4, Double.NaN, 1, 1));
    Played.complete(sweep, Played.MAX, 0, 0, 12); // averages 0 0 4
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 2, 2, 4));
    assertEquals(3, Played.stopOf(sweep.watch(Played.MAX), 2, 2, 3), "median of 4 and 4");
  }

  @Test
  void observe_runsThatGoOnOrWereStopped_doNotCount() {
    Sweep sweep = PAPER.sweep();
    Played.stopOf(sweep.watch(Played.MAX), 9, 9, 9);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1, 1, 1));
    sweep.watch(Played.MAX).end(); // without any value
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1, 1, 1));
  }

  @Test
  void observe_tooEarlyOrTooFew_goesOn() {
    Sweep sweep = new MedianStopping(2, 3, Progress.POINTS).sweep();
    Played.complete(sweep, Played.MAX, 9, 9, 9, 9);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1, 1, 1, 1));
    Played.complete(sweep, Played.MAX, 9, 9, 9, 9);
    assertEquals(3, Played.stopOf(sweep.watch(Played.MAX), 1, 1, 1, 1));
  }

  @Test
  void observe_shareOfUnknownPlan_neitherStopsNorCounts() {
    Sweep sweep = new MedianStopping(1, 0.5, Progress.SHARE).sweep();
    Played.complete(sweep, Played.MAX, 9, 9);
    assertEquals(0, Played.stopOf(sweep.watch(Played.planned(2)), 1, 1));
    Played.complete(sweep, Played.planned(4), 9, 9, 9, 9);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1, 1, 1, 1));
    assertEquals(5, Played.stopOf(sweep.watch(Played.planned(10)), 1, 1, 1, 1, 1), "half the plan");
  }

  @Test
  void observe_longRuns_areKeptInShort() {
    Sweep sweep = PAPER.sweep();
    double[] rising = new double[100_000];
    Arrays.setAll(rising, i -> i);
    Played.complete(sweep, Played.MAX, rising);
    Sweep.Watch watch = sweep.watch(Played.MAX);
    assertEquals(Decision.CONTINUE, watch.observe(Played.step(1, 0)));
    assertEquals(Decision.CONTINUE, watch.observe(Played.step(2, 1)));
  }

  @Test
  void stop_saysTheMetricsOwnValues() {
    Sweep sweep = PAPER.sweep();
    Played.complete(sweep, Played.MIN, 0.25);
    assertEquals(
        new Decision.Stop(
            "median(1 runs, not before 1 points)",
            "the best value 0.5000 at 1 points is worse than 0.2500, the median of the averages of 1 completed runs"),
        sweep.watch(Played.MIN).observe(Played.step(1, 0.5)));
  }

  @Test
  void new_nonsense_saysWhatWouldBeRight() {
    assertEquals(
        "a median needs at least 1 completed run, but was to be taken of 0",
        assertThrows(IllegalArgumentException.class, () -> new MedianStopping(0, 1, Progress.POINTS)).getMessage());
    assertEquals(
        "the progress before which no run is stopped must be positive and finite, but was NaN of the plan",
        assertThrows(IllegalArgumentException.class, () -> new MedianStopping(1, Double.NaN, Progress.SHARE)).getMessage());
  }

  @Test
  void watch_otherObjective_isRefused() {
    Sweep sweep = PAPER.sweep();
    sweep.watch(Played.MAX);
    assertEquals(
        "runs of a sweep are judged by one objective, but run 'unnamed' by MINIMIZE em and those before by MAXIMIZE em; start a"
            + " sweep for it",
        assertThrows(IllegalArgumentException.class, () -> sweep.watch(Played.MIN)).getMessage());
  }
}
