package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets, divergence, values that are not finite, limits on other signals, plateaus. */
class LimitsTest {
  private static final RunContext LOSS = RunContext.of(Objective.minimize("em"));

  @Test
  void target_reachedOrBeyond_differAtTheLevel() {
    assertEquals(2, Watching.stopOf(Target.reached(0.5), 0.25, 0.5, 0.75));
    assertEquals(3, Watching.stopOf(Target.beyond(0.5), 0.25, 0.5, 0.75));
    assertEquals(2, Watching.stopOf(Target.reached(0.5), LOSS, 0.75, 0.5, 0.25));
    assertEquals(3, Watching.stopOf(Target.beyond(0.5), LOSS, 0.75, 0.5, 0.25));
    assertEquals(3, Watching.stopOf(Target.reached(0.5), Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
    assertEquals(1, Watching.stopOf(Target.reached(0), LOSS, -0.0));
  }

  @Test
  void divergence_stopsAtWhatIsWorse() {
    assertEquals(3, Watching.stopOf(new Divergence(0.5), 0.75, 0.5, 0.25));
    assertEquals(3, Watching.stopOf(new Divergence(0.5), LOSS, 0.25, 0.5, 0.75));
    assertEquals(2, Watching.stopOf(new Divergence(10), LOSS, Double.NaN, Double.POSITIVE_INFINITY));
    assertEquals(0, Watching.stopOf(new Divergence(10), LOSS, Double.NaN, Double.NEGATIVE_INFINITY));
  }

  @ParameterizedTest(name = "{0} -> stops at {2} after {1}")
  @CsvSource(delimiter = '|', textBlock = """
      1 NaN NaN NaN              | 1 | 0
      1 NaN 1                    | 1 | 3
      1 NaN NaN 1                | 2 | 4
      1 NaN 1 NaN 1              | 2 | 0
      1 Infinity 1               | 1 | 2
      1 NaN -Infinity            | 2 | 3
      1 Infinity NaN 1           | 2 | 4
      1 NaN NaN NaN -Infinity    | 2 | 5
      1 NaN Infinity 1           | 3 | 0
      """)
  void nonFinite_stopsAtTheNextPointThatIsNotNaN(String curve, int points, int expected) {
    assertEquals(expected, Watching.stopOf(new NonFinite(points), Watching.curve(curve)));
  }

  @Test
  void nonFinite_stop_saysHowLongTheRowWas() {
    double nan = Double.NaN;
    assertEquals(
        new Decision.Stop("non-finite(2 in a row)", "3 points in a row up to point 4 are not finite"),
        Watching.firstStop(new NonFinite(2), Watching.RUN, 1, nan, nan, nan, 1));
    assertEquals(
        "2 points in a row up to point 3 are not finite",
        Watching.firstStop(new NonFinite(2), Watching.RUN, 1, nan, Double.POSITIVE_INFINITY).reason());
  }

  @Test
  void nonFinite_goesOnAfterTheStop() {
    List<Decision> decisions =
        Watching.decisions(new NonFinite(1), Watching.RUN, Watching.steps(1, Double.NaN, 1, 1, Double.NaN, 1));
    assertEquals(
        List.of(false, false, true, false, false, true), decisions.stream().map(Decision::isStop).toList());
  }

  @Test
  void signalLimit_looksAtPointsOnly() {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.of(1, 1, Map.of("em", 0.5, "seconds", 90.0)));
    steps.add(Step.of(2, 2, Map.of("seconds", 100.0)));
    steps.add(Step.of(3, 3, Map.of("em", 0.5, "seconds", Double.NaN)));
    steps.add(Step.of(4, 4, Map.of("em", 0.5)));
    steps.add(Step.of(5, 5, Map.of("em", 0.5, "seconds", 100.0)));
    SignalLimit policy = new SignalLimit("seconds", 100);
    assertEquals(5, Watching.stopOf(policy, Watching.RUN, steps));
    assertEquals("limit(seconds 100.0): seconds has come to 100.000 at point 4",
        Watching.decisions(policy, Watching.RUN, steps).get(4).toString());
  }

  @Test
  void outOfReach_stopsWhereTheRateIsTooLow() {
    OutOfReach policy = new OutOfReach(10, 2);
    double[] curve = {0, 1, 2, 3, 3.5, 4};
    // One a point at first, and 12 points are planned: 3 + 8 * 1 is enough, 3.5 + 7 * 0.75 is not.
    assertEquals(5, Watching.stopOf(policy, Watching.planned(12), curve));
    assertEquals(3, Watching.stopOf(policy, Watching.planned(10), curve)); // 2 + 7 * 1
    assertEquals(0, Watching.stopOf(policy, Watching.planned(12), 0, 1, 2, 3, 4));
    assertEquals(5, Watching.stopOf(policy, Watching.RUN.withHorizon(Horizon.ofCost(12)), curve));
    assertEquals(0, Watching.stopOf(policy, Watching.RUN, curve));
    assertEquals(3, Watching.stopOf(policy, Watching.planned(2), 1, 2, 9.5)); // beyond the plan
    assertEquals(0, Watching.stopOf(policy, Watching.planned(2), 1, 2, 10));
    assertEquals(0, Watching.stopOf(policy, Watching.planned(9), Double.NaN, Double.NaN, 1, 1));
    assertEquals(
        new Decision.Stop(
            "out-of-reach(1.0, rate over 1 points)", "the best, 6.000, would come to 4.000 by the end of the plan"),
        Watching.firstStop(new OutOfReach(1, 1), LOSS.withHorizon(Horizon.ofPoints(4)), 7, 6));
  }

  @Test
  void plateau_deviatesByTheStandardDeviationOfTheLastPoints() {
    // 0, 2, 0, 2 deviate by 1 from their mean.
    assertEquals(0, Watching.stopOf(new Plateau(4, 1), 0, 2, 0, 2));
    assertEquals(4, Watching.stopOf(new Plateau(4, 1.001), 0, 2, 0, 2));
    assertEquals(6, Watching.stopOf(new Plateau(2, 0.1), 0, 1, 2, Double.NaN, 2, 2));
    assertEquals(4, Watching.stopOf(new Plateau(2, MinDelta.relative(0.01)), 1, 2, 100, 101));
    assertEquals(4, Watching.stopOf(new Plateau(2, MinDelta.ofSpan(0.01)), 0, 50, 100, 101));
    assertEquals(
        new Decision.Stop(
            "plateau(3 points, deviation below 0.5)", "the last 3 points deviate by 0.000 from their mean, 2.000"),
        Watching.firstStop(new Plateau(3, 0.5), LOSS, 8, 2, 2, 2));
  }

  @Test
  void normalTail_isThatOfTables() {
    assertEquals(1, NormalTail.twoSided(0), 0);
    assertEquals(0.31731050786291415, NormalTail.twoSided(1), 1e-14);
    assertEquals(0.04999579029644087, NormalTail.twoSided(-1.96), 1e-14);
    assertEquals(0.004677734981047266, NormalTail.twoSided(2.8284271247461903), 1e-15);
    assertEquals(6.334248366623995e-5, NormalTail.twoSided(4), 1e-17);
    assertEquals(1.5239706048321052e-23, NormalTail.twoSided(10), 1e-35);
    assertEquals(0, NormalTail.twoSided(Double.POSITIVE_INFINITY), 0);
    for (double z = 2.8; z < 2.86; z += 0.001) { // the two formulas meet within
      double slope = NormalTail.twoSided(z) - NormalTail.twoSided(z + 0.001);
      assertEquals(1.45e-5, slope, 0.3e-5, "at " + z);
    }
  }

  @Test
  void wilcoxon_fallsOnly_stopsAtTheFifth() {
    double[] curve = {1, 5, 4, 3.5, 3.2, 3.1, 3.05, 3};
    assertEquals(7, Watching.stopOf(new Wilcoxon(0.05, 1), curve)); // p of five falls is 0.043
    assertEquals(8, Watching.stopOf(new Wilcoxon(0.05, 6), curve));
    assertEquals(0, Watching.stopOf(new Wilcoxon(0.01, 1), curve));
    assertEquals(0, Watching.stopOf(new Wilcoxon(0.05, 1), 5, 4, 4.25, 3.9, 4.3, 4, 4.4, 3.8));
    assertEquals(0, Watching.stopOf(new Wilcoxon(0.5, 1), 5, 5, 5, 5));
    assertEquals(2, Watching.stopOf(new Wilcoxon(0.51, 1), 5, 5, 5, 5));
    assertEquals(
        new Decision.Stop(
            "wilcoxon(p 0.05, wait 1)",
            "p is 0.0431 that the 5 steps since the best, 5.000, go both ways; the value is 3.050"),
        Watching.firstStop(new Wilcoxon(0.05, 1), Watching.RUN, curve));
  }

  /** After 511 differences the oldest are forgotten, zeros and ties among them. */
  @Test
  void wilcoxon_longPlateau_testsTheLastDifferences() {
    Random random = new Random(3);
    double[] curve = new double[2000];
    curve[0] = 100;
    for (int i = 1; i < curve.length; i++) {
      curve[i] = random.nextInt(5) + (i > 1400 ? -0.5 * (i - 1400) : 0);
    }
    List<Decision> decisions = Watching.decisions(new Wilcoxon(1e-9, 1), Watching.RUN, Watching.steps(curve));
    int first = decisions.stream().map(Decision::isStop).toList().indexOf(true);
    assertEquals(firstByDefinition(curve, 1e-9), first);
  }

  private static int firstByDefinition(double[] curve, double p) {
    for (int now = 1; now < curve.length; now++) {
      List<Double> falls = new ArrayList<>();
      for (int i = Math.max(1, now - 510); i <= now; i++) {
        if (curve[i - 1] != curve[i]) {
          falls.add(curve[i - 1] - curve[i]);
        }
      }
      falls.sort((a, b) -> Double.compare(Math.abs(a), Math.abs(b)));
      double n = falls.size();
      double variance = n * (n + 1) * (2 * n + 1);
      double w = 0;
      for (int from = 0; from < n; ) {
        int to = from;
        while (to < n && falls.get(to).equals(falls.get(from))) {
          to++;
        }
        double block = to - from;
        w += falls.get(from) > 0 ? block * (from + to + 1) / 2.0 : 0;
        variance -= block * (block - 1) * (block + 1) / 2;
        from = to;
      }
      if (n > 0 && NormalTail.twoSided((w - n * (n + 1) / 4) / Math.sqrt(variance / 24)) < p) {
        return now;
      }
    }
    return -1;
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    assertEquals(
        "the target must be a finite value of the metric, but was NaN", messageOf(() -> Target.reached(Double.NaN)));
    assertEquals(
        "the level of divergence must be a finite value of the metric, but was Infinity",
        messageOf(() -> new Divergence(Double.POSITIVE_INFINITY)));
    assertEquals(
        "a row of values that are not finite must have at least 1 point, but was to have 0", messageOf(() -> new NonFinite(0)));
    assertEquals("a limit needs the name of a signal, but it was empty", messageOf(() -> new SignalLimit("", 1)));
    assertEquals("the limit of 'seconds' must be finite, but was NaN", messageOf(() -> new SignalLimit("seconds", Double.NaN)));
    assertEquals(
        "the level to be reached must be a finite value of the metric, but was NaN",
        messageOf(() -> new OutOfReach(Double.NaN, 3)));
    assertEquals(
        "the rate must be taken over 1 to 1000 points, but was to be over 0", messageOf(() -> new OutOfReach(1, 0)));
    assertEquals("a plateau needs 2 to 1000 points, but was to have 1", messageOf(() -> new Plateau(1, 0.1)));
    assertEquals("no deviation is below 0: the limit must be above it", messageOf(() -> new Plateau(4, 0)));
    assertEquals("the p-value must be above 0 and below 1, but was 1.0", messageOf(() -> new Wilcoxon(1, 1)));
    assertEquals("the wait must be at least 1 point, but was 0", messageOf(() -> new Wilcoxon(0.1, 0)));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
