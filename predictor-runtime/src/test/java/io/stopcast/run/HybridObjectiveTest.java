package io.stopcast.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class HybridObjectiveTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Objective EM = Objective.maximize("em");
  private static final Objective F1 = Objective.maximize("f1");
  private static final Objective LOSS = Objective.minimize("loss");

  private static Step step(double em, double loss) {
    return Step.of(1, 100, Map.of("em", em, "loss", loss, "lr", 0.1));
  }

  @Test
  void weightedSum_addsGains() {
    HybridObjective hybrid = HybridObjective.weightedSum(List.of(EM, LOSS), 0.75, 0.25);
    assertEquals(0.75 * 0.5 - 0.25 * 2, hybrid.value(step(0.5, 2)));
    assertEquals(-INF, hybrid.value(step(0.5, INF)));
    assertEquals("sum(0.75 em, 0.25 -loss)", hybrid.toString());
    assertEquals(Objective.maximize("sum(0.75 em, 0.25 -loss)"), hybrid.objective());
  }

  @Test
  void weightedSum_weightOfZero_isNotReckonedWithButMustBeThere() {
    HybridObjective hybrid = HybridObjective.weightedSum(List.of(EM, LOSS), 1, 0);
    assertEquals(0.5, hybrid.value(step(0.5, INF)));
    assertEquals(NAN, hybrid.value(step(0.5, NAN)));
  }

  @Test
  void geometricMean_takesReciprocalsOfWhatIsToBeSmall() {
    HybridObjective hybrid = HybridObjective.geometricMean(List.of(EM, LOSS), 3, 1);
    assertEquals(Math.pow(0.5, 0.75) * Math.pow(2, -0.25), hybrid.value(step(0.5, 2)), 1e-15);
    assertEquals(0, hybrid.value(step(0, 2)));
    assertEquals(INF, hybrid.value(step(0.5, 0)));
    assertEquals(NAN, hybrid.value(step(-0.5, 2)));
    assertEquals(NAN, hybrid.value(step(0, 0)));
    assertEquals("geometric(0.75 em, 0.25 -loss)", hybrid.toString());
    assertEquals(hybrid, HybridObjective.geometricMean(List.of(EM, LOSS), 0.75, 0.25)); // their ratios matter
  }

  @Test
  void minusLogCost_weighsTheSpent() {
    HybridObjective hybrid = HybridObjective.minusLogCost(EM, 0.1);
    assertEquals(0.5 - 0.1 * Math.log(100), hybrid.value(step(0.5, 2)));
    assertEquals(-2 - 0.1 * Math.log(100), HybridObjective.minusLogCost(LOSS, 0.1).value(step(0.5, 2)));
    assertEquals(NAN, hybrid.value(step(0.5, 2).withCost(NAN)));
    assertEquals(NAN, hybrid.value(step(0.5, 2).withCost(0)));
    assertEquals(0.5, HybridObjective.minusLogCost(EM, 0).value(step(0.5, 2)));
    assertEquals("log-cost(em - 0.1 log cost)", hybrid.toString());
  }

  @Test
  void chebyshev_isTheWorstDistance() {
    HybridObjective hybrid =
        HybridObjective.chebyshev(List.of(EM, LOSS), new double[] {1, 0.25}, new double[] {1, 0.5});
    assertEquals(-0.5, hybrid.value(step(0.5, 2)));
    assertEquals(-0.625, hybrid.value(step(0.5, 3)));
    assertEquals(0.0625, hybrid.value(step(1.5, 0.25))); // beyond the ideal
    assertEquals("chebyshev(1.0 em to 1.0, 0.25 -loss to 0.5)", hybrid.toString());
  }

  /** On a front with a dent, (0, 1), (0.4, 0.4), (1, 0), no weights of a sum find the point in it. */
  @Test
  void chebyshev_dentInTheFront_findsThePointInIt() {
    HybridObjective distance = HybridObjective.chebyshev(List.of(EM, F1), new double[] {1, 1}, new double[] {1, 1});
    double[][] front = {{0, 1}, {0.4, 0.4}, {1, 0}};
    assertEquals(1, best(distance, front));
    for (int i = 0; i <= 100; i++) {
      assertNotEquals(1, best(HybridObjective.weightedSum(List.of(EM, F1), i, 100 - i), front), "weight " + i);
    }
  }

  private static int best(HybridObjective hybrid, double[][] front) {
    int best = 0;
    for (int i = 1; i < front.length; i++) {
      double one = hybrid.value(Step.of(1, 1, List.of("em", "f1"), front[i]));
      best = one > hybrid.value(Step.of(1, 1, List.of("em", "f1"), front[best])) ? i : best;
    }
    return best;
  }

  @Test
  void value_missingSignal_isNaN() {
    Step lacking = Step.of(1, 100, "em", 0.5);
    for (HybridObjective hybrid :
        List.of(
            HybridObjective.weightedSum(List.of(EM, LOSS), 1, 1),
            HybridObjective.geometricMean(List.of(EM, LOSS), 1, 1),
            HybridObjective.minusLogCost(LOSS, 1),
            HybridObjective.chebyshev(List.of(EM, LOSS), new double[] {1, 1}, new double[] {1, 0}))) {
      assertEquals(NAN, hybrid.value(lacking), hybrid.toString());
      assertEquals(NAN, hybrid.value(step(0.5, NAN)), hybrid.toString());
    }
  }

  @Test
  void applied_reportsOneMetricMore() {
    HybridObjective hybrid = HybridObjective.weightedSum(List.of(EM, LOSS), 1, 0.25);
    Step applied = hybrid.applied(step(0.5, 1));
    assertEquals(0.25, applied.value(hybrid.objective().metric()));
    assertEquals(List.of(0.5, 1.0, 0.1), List.of(applied.value("em"), applied.value("loss"), applied.value("lr")));
    assertEquals(1, applied.index());
    assertEquals(100, applied.cost());
    assertEquals(applied.toString(), hybrid.applied(applied).toString()); // once more changes nothing
    assertTrue(hybrid.applied(Step.of(1, 1, "lr", 1)).reports(hybrid.objective().metric()));
  }

  @Test
  void requireReportedBy_unknownSignal_saysWhatThereIs() {
    HybridObjective hybrid = HybridObjective.weightedSum(List.of(EM, F1), 1, 1);
    Run run = new Run(RunContext.of(EM), List.of(step(1, 2)), End.COMPLETED);
    assertEquals(
        "sum(1.0 em, 1.0 f1) needs the signal 'f1', which run 'unnamed' of task 'unnamed' never reports; it reports [em, loss, lr]",
        messageOf(() -> hybrid.requireReportedBy(run)));
    HybridObjective.weightedSum(List.of(EM, LOSS), 1, 1).requireReportedBy(run);
  }

  @Test
  void new_nonsense_saysSo() {
    assertEquals("a hybrid objective needs at least one signal, but has none", messageOf(() -> HybridObjective.weightedSum(List.of())));
    assertEquals(
        "each signal of a hybrid objective must be of another metric, but they are [em, em]",
        messageOf(() -> HybridObjective.geometricMean(List.of(EM, EM), 1, 1)));
    for (double[] wrong : new double[][] {{1}, {1, -1}, {0, 0}, {NAN, 1}, {INF, 1}, {1, 1, 1}, {1e308, 1e308}}) {
      assertTrue(
          messageOf(() -> HybridObjective.weightedSum(List.of(EM, LOSS), wrong))
              .startsWith("there must be one weight for each of [em, loss], at least 0 and finite, and not all 0, but they were ["));
    }
    double[] weights = {1, 1};
    assertEquals(
        "Chebyshev's distance needs an ideal point, with one value for each of [em, loss], but there was none",
        messageOf(() -> HybridObjective.chebyshev(List.of(EM, LOSS), weights, new double[0])));
    assertEquals(
        "Chebyshev's distance needs an ideal point, with one value for each of [em, loss], but there was none",
        messageOf(() -> HybridObjective.chebyshev(List.of(EM, LOSS), weights, null)));
    assertEquals(
        "the ideal point must have one finite value for each of [em, loss], but was [1.0]",
        messageOf(() -> HybridObjective.chebyshev(List.of(EM, LOSS), weights, new double[] {1})));
    assertEquals(
        "the ideal point must have one finite value for each of [em, loss], but was [1.0, NaN]",
        messageOf(() -> HybridObjective.chebyshev(List.of(EM, LOSS), weights, new double[] {1, NAN})));
    assertEquals(
        "what e times the cost is worth must be at least 0 and finite, in the unit of 'em', but was -1.0",
        messageOf(() -> HybridObjective.minusLogCost(EM, -1)));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }

  @Test
  void equals_sameFormula_only() {
    HybridObjective hybrid = HybridObjective.weightedSum(List.of(EM, LOSS), 1, 0.25);
    assertEquals(hybrid, HybridObjective.weightedSum(List.of(EM, LOSS), 1, 0.25));
    assertEquals(hybrid.hashCode(), HybridObjective.weightedSum(List.of(EM, LOSS), 1, 0.25).hashCode());
    assertNotEquals(hybrid, HybridObjective.weightedSum(List.of(EM, LOSS), 1, 0.5));
    assertNotEquals(hybrid, HybridObjective.geometricMean(List.of(EM, LOSS), 1, 0.25));
    assertFalse(hybrid.equals(null));
  }
}
