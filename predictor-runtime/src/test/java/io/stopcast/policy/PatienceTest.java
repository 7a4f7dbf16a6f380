package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
  @ParameterizedTest(name = "{0} -> stops at {2} with patience {1}")
  @CsvSource(delimiter = '|', textBlock = """
      0.1 0.2 0.3 0.4                  | 2 | 0
      0.4 0.4 0.4                      | 2 | 3
      NaN NaN                          | 2 | 0
      NaN NaN -Infinity                | 2 | 3
      0.5 0.4 NaN 0.4                  | 2 | 4
      NaN 0.1 NaN 0.2 NaN              | 2 | 0
      Infinity 0.1 0.2                 | 1 | 1
      0.1 0.2 Infinity -Infinity 0.3   | 3 | 0
      0.1 0.2 Infinity -Infinity 0.2   | 3 | 5
      0.5 0.4 0.6 0.5 0.5              | 2 | 5
      0.5                              | 1 | 0
      """)
  void observe_stopsWhenTheBestIsOld(String curve, int patience, int expected) {
    assertEquals(expected, Watching.stopOf(new Patience(patience), Watching.curve(curve)));
  }

  @ParameterizedTest(name = "{0} -> stops at {2} with {1}")
  @CsvSource(delimiter = '|', textBlock = """
      1 1.5 2 2.5 3                  | 0.5  | 0
      1 1.5 1.5 3                    | 0.5  | 3
      1 1.5 2 2.5 3                  | 0.4  | 0
      1 1.3 1.6 1.9 2.2              | 0.4  | 0
      1 1.1 1.2 1.3 1.4              | 0.35 | 3
      """)
  void observe_absoluteMinDelta_addsUpSmallGains(String curve, double minGain, int expected) {
    assertEquals(expected, Watching.stopOf(new Patience(2, minGain), Watching.curve(curve)));
  }

  @Test
  void observe_relativeMinDelta_comparesWithTheLastImprovement() {
    Patience policy = new Patience(1, MinDelta.relative(0.125));
    assertEquals(0, Watching.stopOf(policy, 8, 9.5, 11));
    assertEquals(2, Watching.stopOf(policy, 8, 9, 11));
    assertEquals(2, Watching.stopOf(policy, -8, -7, -6));
    assertEquals(0, Watching.stopOf(policy, -8, -6.5, -5.5));
  }

  @Test
  void observe_minDeltaOfSpan_comparesWithTheSpanBefore() {
    Patience policy = new Patience(1, MinDelta.ofSpan(0.5));
    assertEquals(0, Watching.stopOf(policy, 0, 1, 1.75, 3));
    assertEquals(3, Watching.stopOf(policy, 0, 1, 1.5, 3));
  }

  @Test
  void observe_minimised_saysTheMetricsOwnValues() {
    RunContext loss = RunContext.of(Objective.minimize("em"));
    assertEquals(
        new Decision.Stop("patience(2 steps)", "the last improvement, to 0.4000 at point 2, is 2 points old"),
        Watching.firstStop(new Patience(2), loss, 0.5, 0.4, 0.4, 0.6));
  }

  @Test
  void observe_nothingFinite_saysSo() {
    assertEquals(
        "no finite value in 2 points",
        Watching.firstStop(new Patience(2), Watching.RUN, Double.NaN, Double.NEGATIVE_INFINITY).reason());
  }

  @Test
  void toString_namesTheConfiguration() {
    assertEquals("patience(10 steps, min-delta 0.001)", new Patience(10, 0.001).toString());
    assertEquals("patience(3 steps)", new Patience(3, 0).toString());
    assertEquals("patience(3 steps, min-delta 0.01 of span)", new Patience(3, MinDelta.ofSpan(0.01)).toString());
    assertEquals("patience(3 steps, min-delta 0.01 of the value)", new Patience(3, MinDelta.relative(0.01)).toString());
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    assertEquals("patience must be at least 1 step, but was 0", messageOf(() -> new Patience(0)));
    assertEquals("min-delta must be at least 0 and finite, but was -0.1", messageOf(() -> new Patience(1, -0.1)));
    assertEquals(
        "min-delta must be at least 0 and finite, but was NaN", messageOf(() -> MinDelta.absolute(Double.NaN)));
    assertEquals(
        "relative min-delta must be at least 0 and finite, but was Infinity",
        messageOf(() -> MinDelta.relative(Double.POSITIVE_INFINITY)));
    assertEquals(
        "min-delta as a share of the span must be at least 0 and below 1, but was 1.0",
        messageOf(() -> MinDelta.ofSpan(1)));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
