package io.stopcast.label;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HindsightTest {
  private static Run run(double... values) {
    List<Step> steps = new ArrayList<>();
    for (int t = 0; t < values.length; t++) {
      steps.add(Step.of(t, t + 1, "m", values[t]));
    }
    return new Run(RunContext.of(Objective.maximize("m")), steps, End.COMPLETED);
  }

  private static double scale(Run... runs) {
    return TaskScales.of(List.of(runs)).of(TaskId.of(runs[0]));
  }

  @Test
  void taskScale_isBestMinusMedianFirst() {
    assertEquals(0.8, scale(run(0.1, 0.9), run(0.0, 0.5), run(0.3, 0.2)), 1e-12);
  }

  @Test
  void taskScale_ignoresWhatIsNotFinite() {
    assertEquals(0.5, scale(run(Double.NaN, 0.5, 1.0), run(Double.NaN, Double.NaN)), 1e-12);
  }

  @Test
  void of_regretIsWhatLaterPointsStillGain() {
    Hindsight hindsight = Hindsight.of(Curve.of(run(0.0, 0.5, 0.4, 1.0)), 1.0);
    assertArrayEquals(new double[] {1, 0.5, 0.5, 0}, hindsight.regret(), 1e-12);
    assertArrayEquals(new double[] {0.25, 0.5, 0.75, 1}, hindsight.share(), 1e-12);
  }

  @Test
  void of_beforeTheFirstValue_allIsLost() {
    assertArrayEquals(
        new double[] {1, 0.5, 0}, Hindsight.of(Curve.of(run(Double.NaN, 0.5, 1.0)), 1.0).regret(), 1e-12);
  }

  @Test
  void of_regretIsClippedToOne() {
    assertEquals(1, Hindsight.of(Curve.of(run(-100, 0, 1)), 1.0).regret()[0]);
  }

  @Test
  void of_constantTask_nothingCanBeLost() {
    Hindsight hindsight = Hindsight.of(Curve.of(run(0.3, 0.3, 0.3)), 0);
    assertArrayEquals(new double[] {0, 0, 0}, hindsight.regret());
    assertEquals(0, hindsight.oracle(0.1));
  }

  @Test
  void oracle_dependsOnThePrice() {
    Hindsight hindsight = Hindsight.of(Curve.of(run(0.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.0)), 1.0);
    assertEquals(9, hindsight.oracle(0.03));
    assertEquals(1, hindsight.oracle(0.3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.03, 0.1, 0.3})
  void advantage_isPositiveExactlyWhereNoLaterPointIsBetter(double price) {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] values = random.doubles(2 + random.nextInt(40)).toArray();
      Hindsight hindsight = Hindsight.of(Curve.of(run(values)), 0.7);
      double[] advantage = hindsight.advantage(price);
      for (int t = 0; t < values.length - 1; t++) {
        double best = Double.POSITIVE_INFINITY;
        for (int u = t + 1; u < values.length; u++) {
          best = Math.min(best, hindsight.loss(u, price));
        }
        assertEquals(best - hindsight.loss(t, price), advantage[t], 1e-12);
      }
      assertEquals(0, advantage[values.length - 1]);
    }
  }

  @Test
  void sureAdvantage_isNegativeOnlyWhereALaterShownPointIsBetterByMoreThanItsCost() {
    // Ten points, a tenth of the cost each; the value leaps at the fourth, by .6, and creeps by .02 at the fifth.
    Hindsight full = Hindsight.of(Curve.of(run(.05, .1, .1, .7, .72, .72, .72, .72, .72, 1)), 1.0);
    // Price .5: a point costs .05. The leap repays waiting for it, the creep does not; the last leap is not shown.
    assertArrayEquals(new double[] {-.5, -.5, -.55, 0, 0, 0, 0, 0, 0, 0}, full.sureAdvantage(.5, 6), 1e-12);
    assertArrayEquals(new double[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, full.sureAdvantage(.5, 1), 1e-12);
  }

  @Test
  void sureAdvantage_ofTheStoppedRun_isThatOfTheWholeOne_andNeverMoreThanTheTruth() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 50; i++) {
      double[] values = random.doubles(20, 0, .9).toArray();
      Hindsight full = Hindsight.of(Curve.of(run(values)), 1.0);
      Hindsight shown = Hindsight.of(Curve.of(run(Arrays.copyOf(values, 8))), 1.0, 8 / 20.0);
      double[] sure = full.sureAdvantage(.1, 8);
      assertArrayEquals(Arrays.copyOf(sure, 8), shown.sureAdvantage(.1, 8), 1e-12);
      double[] truth = full.advantage(.1);
      for (int t = 0; t < 20; t++) {
        assertTrue(sure[t] == 0 || truth[t] <= sure[t] + 1e-12, "certain of what is not so at " + t);
      }
    }
  }

  @Test
  void sureAdvantage_beforeTheFirstValue_isUnknown() {
    assertArrayEquals(new double[] {0, -.4, 0}, Hindsight.of(Curve.of(run(Double.NaN, 0, .5)), 1.0).sureAdvantage(.3, 3), 1e-12);
  }
}
