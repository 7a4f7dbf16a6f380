package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three rules of Prechelt, "Early Stopping - But When?", 1998. */
class PrecheltTest {
  @ParameterizedTest(name = "{0} -> stops at {2} with GL({1})")
  @CsvSource(delimiter = '|', textBlock = """
      0 4 3 2 1          | 25 | 4
      0 4 3 2 1          | 20 | 3
      5 5 5              | 0  | 0
      NaN NaN            | 0  | 0
      0 4 NaN Infinity 4 | 0  | 0
      0 4 -Infinity      | 99 | 3
      """)
  void generalizationLoss_stopsWhereTooMuchIsLost(String curve, double percent, int expected) {
    assertEquals(expected, Watching.stopOf(new GeneralizationLoss(percent), Watching.curve(curve)));
  }

  @Test
  void generalizationLoss_stop_saysHowMuchIsLost() {
    assertEquals(
        new Decision.Stop("prechelt-gl(20.0 %)", "3.000 is 25.00 % of the span from the best, 4.000"),
        Watching.firstStop(new GeneralizationLoss(20), Watching.RUN, 0, 4, 3));
  }

  @ParameterizedTest(name = "{0} | {1} -> stops at {3} with PQ({2}), strips of 2")
  @CsvSource(delimiter = '|', textBlock = """
      0 4 3 3 | 8 4 2 0     | 0.1  | 4
      0 4 3 3 | 8 4 2 0     | 0.3  | 0
      0 4 3 3 | 8 4 4 4     | 100  | 4
      0 4 3 3 | 8 4 NaN 4   | 100  | 4
      0 4 2 3 | 8 4 2 NaN   | 0.1  | 4
      0 4 2 3 | 8 4 2 NaN   | 0.3  | 0
      0 4 4 4 | 8 4 4 4     | 0    | 0
      0 4 3   | 8 4 4       | 0    | 0
      0 4 4 NaN | 8 4 4 4   | 0    | 0
      """)
  void progressQuotient_weighsLossAgainstProgress(String curve, String trainLoss, double quotient, int expected) {
    // Strip 2 of the first: a quarter of the span is lost, GL = 25, and the mean train loss is 1 above the best of 0,
    // an eighth of its span, P = 125.
    double[] values = Watching.curve(curve);
    double[] losses = Watching.curve(trainLoss);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      steps.add(Step.of(i, i, List.of("em", "train_loss"), values[i], losses[i]));
    }
    assertEquals(expected, Watching.stopOf(new ProgressQuotient(quotient, 2), Watching.RUN, steps));
  }

  @Test
  void progressQuotient_withoutTrainLoss_takesTheObjective() {
    assertEquals(4, Watching.stopOf(new ProgressQuotient(0.1, 2), 0, 4, 2, 3));
    assertEquals(0, Watching.stopOf(new ProgressQuotient(0.3, 2), 0, 4, 2, 3));
  }

  @Test
  void progressQuotient_stop_saysBoth() {
    assertEquals(
        new Decision.Stop(
            "prechelt-pq(0.1, strips of 2)",
            "lost 25.00 % of the span, while the last 2 points moved by 125.0 thousandths of theirs"),
        Watching.firstStop(new ProgressQuotient(0.1, 2), Watching.RUN, 0, 4, 2, 3));
  }

  @ParameterizedTest(name = "{0} -> stops at {3} with UP({1}), strips of {2}")
  @CsvSource(delimiter = '|', textBlock = """
      1 2 3 2 1           | 1 | 1 | 4
      1 2 3 2 1           | 2 | 1 | 5
      1 2 3 2 3 2         | 2 | 1 | 0
      1 9 0 8 0 7         | 2 | 2 | 6
      1 9 0 9 0 7         | 1 | 2 | 6
      3 NaN 2 NaN 1       | 1 | 1 | 3
      3 NaN 2 NaN 1       | 2 | 1 | 0
      1 9 8 NaN 7 NaN     | 2 | 2 | 0
      1 9 8 NaN 7 6       | 2 | 2 | 6
      1 1 1 1             | 1 | 1 | 0
      NaN NaN NaN         | 1 | 1 | 0
      """)
  void successiveIncreases_countsWorseStrips(String curve, int strips, int strip, int expected) {
    assertEquals(expected, Watching.stopOf(new SuccessiveIncreases(strips, strip), Watching.curve(curve)));
  }

  @Test
  void successiveIncreases_stop_saysTheLastStep() {
    assertEquals(
        new Decision.Stop(
            "prechelt-up(2 strips of 1)", "2 strips in a row got worse, the last from 0.2000 to 0.3000"),
        Watching.firstStop(
            new SuccessiveIncreases(2, 1), RunContext.of(Objective.minimize("em")), 0.5, 0.1, 0.2, 0.3));
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    assertEquals(
        "generalization loss must be at least 0 and below 100 percent of the span, but was 100.0",
        messageOf(() -> new GeneralizationLoss(100)));
    assertEquals(
        "the quotient must be at least 0 and finite, but was NaN",
        messageOf(() -> new ProgressQuotient(Double.NaN, 5)));
    assertEquals(
        "a strip must have at least 2 points to show progress, but had 1", messageOf(() -> new ProgressQuotient(1, 1)));
    assertEquals(
        "at least 1 strip must get worse, but asked was 0", messageOf(() -> new SuccessiveIncreases(0, 1)));
    assertEquals("a strip must have at least 1 point, but had 0", messageOf(() -> new SuccessiveIncreases(1, 0)));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
