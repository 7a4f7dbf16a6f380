package io.stopcast.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.run.RunContext;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentileStoppingTest {
  private static final double FOR_EVER = Double.POSITIVE_INFINITY;

  private static PercentileStopping rule(double percentile, int minCurves, double patience, int kept) {
    return new PercentileStopping(percentile, minCurves, 1, FOR_EVER, patience, kept, Progress.POINTS);
  }

  // The values of the last step in Ax's own tests, where lower is better, and what those expect of them.
  @ParameterizedTest(name = "percentile {0}, {1} curves, {2} kept: {3}")
  @CsvSource({
    "25, 4, 0, '0'",
    "50, 4, 0, '0 3'",
    "75, 4, 0, '0 1 3'",
    "75, 4, 3, '0 3'",
    "75, 4, 5, ''",
    "75, 5, 0, ''",
    "0, 4, 0, ''",
    "100, 4, 0, '0 1 3 4'"
  })
  void observe_asAxDecides(double percentile, int minCurves, int kept, String expected) {
    double[] values = {99.950007, 77.324501, 30.522333, 98.060315, 44.479018};
    StringBuilder stopped = new StringBuilder();
    for (int own = 0; own < values.length; own++) {
      Sweep sweep = rule(percentile, minCurves, 0, kept).sweep();
      for (int other = 0; other < values.length; other++) {
        if (other != own) {
          Played.complete(sweep, Played.MIN, values[other]);
        }
      }
      stopped.append(sweep.watch(Played.MIN).observe(Played.step(1, values[own])).isStop() ? " " + own : "");
    }
    assertEquals(expected, stopped.toString().trim());
  }

  // Beside two runs of 2 2 2 2 2 ..: the median is 2 wherever the run is no better.
  @ParameterizedTest(name = "{0} -> stops at {2} with patience {1}")
  @CsvSource(delimiter = '|', textBlock = """
      1 1 1 1        | 0 | 1
      2 2 2 2        | 0 | 0
      3 1 1 1        | 0 | 2
      3 1 1 1        | 1 | 3
      3 1 1 1        | 2 | 4
      3 1 2 1 1      | 1 | 5
      1 1 1 1        | 2 | 1
      NaN 1          | 0 | 2
      3 NaN 1        | 1 | 0
      3 NaN 1 1      | 1 | 4
      Infinity 1     | 0 | 2
      """)
  void observe_worseThanTheMedianThroughout_stops(String curve, double patience, int expected) {
    for (RunContext run : new RunContext[] {Played.MAX, Played.MIN}) {
      double sign = run == Played.MAX ? 1 : -1;
      Sweep sweep = rule(50, 2, patience, 0).sweep();
      double[] twos = {2 * sign, 2 * sign, 2 * sign, 2 * sign, 2 * sign};
      Played.complete(sweep, run, twos);
      Played.complete(sweep, run, twos);
      double[] values = Arrays.stream(Played.curve(curve)).map(v -> sign * v).toArray();
      assertEquals(expected, Played.stopOf(sweep.watch(run), values), run.objective().toString());
    }
  }

  @Test
  void observe_reportsAtOtherTimes_areInterpolated() {
    Sweep byIndex = new PercentileStopping(50, 2, 1, FOR_EVER, 0, 0, Progress.INDEX).sweep();
    for (int i = 0; i < 2; i++) {
      Sweep.Watch rare = byIndex.watch(Played.MAX);
      rare.observe(Played.step(2, 0));
      rare.observe(Played.step(6, 4));
      rare.end();
    }
    Sweep.Watch watch = byIndex.watch(Played.MAX);
    assertEquals(Decision.CONTINUE, watch.observe(Played.step(1, -9)), "nobody has begun");
    assertEquals(Decision.CONTINUE, watch.observe(Played.step(3, 1)), "as good as the line");
    assertTrue(watch.observe(Played.step(5, 2.5)).isStop(), "3 on the line");
    assertEquals(Decision.CONTINUE, watch.observe(Played.step(7, -9)), "nobody has come so far");
  }

  @Test
  void observe_shorterRuns_areNotComparedBeyondTheirEnd() {
    Sweep sweep = rule(50, 2, 0, 0).sweep();
    Played.complete(sweep, Played.MAX, 5, 5);
    Played.complete(sweep, Played.MAX, 5, 5, 5);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 5, 5, 5, 1), "alone");
    assertEquals(3, Played.stopOf(sweep.watch(Played.MAX), 5, 5, 1), "with two");
  }

  @Test
  void observe_runsThatGoOn_areComparedButNotCounted() {
    Sweep sweep = rule(50, 1, 0, 0).sweep();
    Played.stopOf(sweep.watch(Played.MAX), 5, 5, 5);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1, 1, 1), "none has completed");
    Played.complete(sweep, Played.MAX, 0, 0, 0);
    assertEquals(1, Played.stopOf(sweep.watch(Played.MAX), .5), "of 0 0.5 1 5");
  }

  @Test
  void observe_outsideTheRange_goesOn() {
    Sweep sweep = new PercentileStopping(50, 2, 0.25, 0.5, 0, 0, Progress.SHARE).sweep();
    Played.complete(sweep, Played.planned(8), 5, 5, 5, 5, 5, 5, 5, 5);
    Played.complete(sweep, Played.planned(4), 5, 5, 5, 5);
    assertEquals(0, Played.stopOf(sweep.watch(Played.planned(8)), 1, 5, 5, 5, 1, 1, 1, 1));
    assertEquals(2, Played.stopOf(sweep.watch(Played.planned(8)), 1, 1));
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1, 1, 1, 1, 1, 1), "no plan");
  }

  @Test
  void observe_equalValues_shareARank() {
    Sweep sweep = rule(100, 2, 0, 2).sweep();
    Played.complete(sweep, Played.MAX, 5);
    Played.complete(sweep, Played.MAX, 5);
    Played.complete(sweep, Played.MAX, 5);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 4), "second, behind three");
    assertEquals(1, Played.stopOf(sweep.watch(Played.MAX), 3), "third");
  }

  @Test
  void stop_saysTheMetricsOwnValues() {
    Sweep sweep = rule(50, 2, 0, 0).sweep();
    Played.complete(sweep, Played.MIN, 0.25);
    Played.complete(sweep, Played.MIN, 0.25);
    assertEquals(
        new Decision.Stop(
            "percentile(50, 2 curves, 1.. points, patience 0, best 0 kept)",
            "the value 0.5000 at 1 points is worse than 0.2500, percentile 50 of 3 runs"),
        sweep.watch(Played.MIN).observe(Played.step(1, 0.5)));
  }

  @Test
  void new_nonsense_saysWhatWouldBeRight() {
    assertEquals("a percentile lies within 0..100, but was 101.0", messageOf(101, 1, 1, 0));
    assertEquals(
        "at least 1 curve must be there to compare with, and 0 or more are kept, but were to be 0 and 0", messageOf(50, 0, 1, 0));
    assertEquals("the largest progress must be at least the least, 3.0, but was 2.0", messageOf(50, 1, 3, 0));
    assertEquals("patience must be at least 0 and finite, but was NaN", messageOf(50, 1, 1, Double.NaN));
  }

  private static String messageOf(double percentile, int minCurves, double least, double patience) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new PercentileStopping(percentile, minCurves, least, 2, patience, 0, Progress.POINTS))
        .getMessage();
  }
}
