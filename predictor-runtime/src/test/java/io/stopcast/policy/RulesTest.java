package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule on small curves whose answer can be told by hand. */
class RulesTest {
  /** Returns the point, counted from 1, at which the policy first stops; 0 if it never does. */
  private static int stop(StopPolicy policy, String curve, Horizon horizon) {
    StopPolicy.Watch watch = policy.watch(RunContext.of(Objective.maximize("m")).withHorizon(horizon));
    int point = 0;
    for (String value : curve.split(" ")) {
      point++;
      if (watch.observe(Step.of(point, point, "m", Double.parseDouble(value))).isStop()) {
        return point;
      }
    }
    return 0;
  }

  @ParameterizedTest(name = "{0} -> stops at {2} with patience {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.1 0.2 0.3 0.4     | 2 | 0
          0.4 0.4 0.4         | 2 | 3
          NaN NaN             | 2 | 2
          0.4 0.3 0.5 0.4 0.4 | 2 | 5
          0.4 NaN 0.5 NaN 0.4 | 2 | 5
          """)
  void patience_stopsWhenTheBestIsOld(String curve, int points, int expected) {
    assertEquals(expected, stop(new Patience(points, 0), curve, Horizon.UNKNOWN));
  }

  @ParameterizedTest(name = "{0} with min-delta {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 1 1.05 1.09 1.5 | 0.1 | 4
          0 1 1.05 1.11 1.5 | 0.1 | 0
          """)
  void patience_minDelta_smallerGainsDoNotCount(String curve, double delta, int expected) {
    assertEquals(expected, stop(new Patience(2, delta), curve, Horizon.UNKNOWN));
  }

  @Test
  void patience_shareOfHorizon_needsOne() {
    StopPolicy policy = new Patience(new Patience.ShareOfHorizon(0.2), new Patience.ShareOfSpan(0));
    assertEquals(3, stop(policy, "1 1 1 1 1", Horizon.ofPoints(10)));
    assertEquals(0, stop(policy, "1 1 1 1 1", Horizon.UNKNOWN));
  }

  @Test
  void fixedShare_byPointsOrCost_neverWithoutAHorizon() {
    assertEquals(3, stop(new FixedShare(0.3), "1 2 3 4 5", Horizon.ofPoints(10)));
    assertEquals(4, stop(new FixedShare(0.4), "1 2 3 4 5", Horizon.ofCost(10)));
    assertEquals(0, stop(new FixedShare(0.3), "1 2 3 4 5", Horizon.UNKNOWN));
  }

  @Test
  void movingAverage_stopsOnceTheAverageNoLongerRises() {
    // Averages of two: .5 1.5 2.5 3 3 3: only then are the last two no better than the one before.
    assertEquals(7, stop(new MovingAverage(2, 0), "0 1 2 3 3 3 3", Horizon.UNKNOWN));
    assertEquals(0, stop(new MovingAverage(2, 0), "0 1 2 3 4 5 6 7 8", Horizon.UNKNOWN));
  }

  @Test
  void relativeDrop_measuresInSpans() {
    assertEquals(4, stop(new RelativeDrop(0.1, 1), "0 5 10 8.9 10", Horizon.UNKNOWN));
    assertEquals(0, stop(new RelativeDrop(0.1, 1), "0 5 10 9.1 10", Horizon.UNKNOWN));
    assertEquals(0, stop(new RelativeDrop(0.1, 2), "0 5 10 8 10 8 10", Horizon.UNKNOWN));
    assertEquals(5, stop(new RelativeDrop(0.1, 2), "0 5 10 8 8", Horizon.UNKNOWN));
  }

  @Test
  void successiveIncreases_countsStripsThatEndWorse() {
    // Ends of strips of two: 5 4 3.
    assertEquals(6, stop(new SuccessiveIncreases(2, 2), "9 5 9 4 9 3", Horizon.UNKNOWN));
    assertEquals(0, stop(new SuccessiveIncreases(2, 2), "9 5 9 4 9 4 9 5", Horizon.UNKNOWN));
  }

  @Test
  void incToDec_stopsOnlyAfterATurn() {
    assertEquals(0, stop(new IncToDec(0.01, 0.9, 2), "1 2 3 4 5 6 7 8", Horizon.UNKNOWN));
    assertEquals(7, stop(new IncToDec(0.01, 0.9, 2), "1 2 3 4 5 4 0", Horizon.UNKNOWN));
  }

  @Test
  void powerLaw_remainingGain_isThatOfAPowerLaw() {
    // On 1 - t^-1 the gain that remains at t is 1/t - 1/T, and what was gained 1 - 1/t.
    StringBuilder curve = new StringBuilder();
    for (int t = 1; t <= 64; t++) {
      curve.append(t == 1 ? "" : " ").append(1 - 1.0 / t);
    }
    assertEquals(0, stop(new PowerLaw(0.001), curve.toString(), Horizon.ofPoints(100_000)));
    // 1/t - 1/100000 falls below 0.067 * (1 - 1/t) at 16; values are kept at eighths of an octave, so one point is lost.
    assertEquals(15, stop(new PowerLaw(0.067), curve.toString(), Horizon.ofPoints(100_000)));
    assertEquals(0, stop(new PowerLaw(0.067), curve.toString(), Horizon.UNKNOWN));
  }

  @Test
  void progressQuotient_trainingThatStillGains_buysTime() {
    StopPolicy policy = new ProgressQuotient(1, 3);
    StopPolicy.Watch idle = policy.watch(RunContext.of(Objective.maximize("m")));
    StopPolicy.Watch busy = policy.watch(RunContext.of(Objective.maximize("m")));
    double[] values = {0, 10, 9, 8, 7, 6};
    int idleStop = 0;
    int busyStop = 0;
    for (int t = 0; t < values.length; t++) {
      List<String> names = List.of("m", "train_loss");
      if (idleStop == 0 && idle.observe(Step.of(t, t, names, values[t], t == 0 ? 1 : 0.5)).isStop()) {
        idleStop = t + 1;
      }
      if (busyStop == 0 && busy.observe(Step.of(t, t, names, values[t], 10 - t * t * 0.4)).isStop()) {
        busyStop = t + 1;
      }
    }
    assertEquals(4, idleStop);
    assertEquals(6, busyStop);
  }

  @Test
  void combinators_orAndNotBefore() {
    StopPolicy three = new FixedShare(0.3);
    StopPolicy five = new FixedShare(0.5);
    Horizon ten = Horizon.ofPoints(10);
    assertEquals(3, stop(three.or(five), "1 1 1 1 1 1", ten));
    assertEquals(5, stop(three.and(five), "1 1 1 1 1 1", ten));
    assertEquals(4, stop(three.notBefore(4), "1 1 1 1 1 1", ten));
    assertEquals(0, stop(StopPolicy.NEVER.and(three), "1 1 1 1 1 1", ten));
  }

  static Stream<Arguments> refused() {
    return Stream.<Arguments>of(
        nonsense(() -> new Patience(0, 0), "patience must be at least 1 point, but was 0"),
        nonsense(() -> new Patience(1, -1), "min-delta must be at least 0 and finite, but was -1.0"),
        nonsense(() -> new FixedShare(1.5), "the share of the horizon must lie within (0, 1], but was 1.5"),
        nonsense(() -> new MovingAverage(0, 0), "the window must be 1 to 1000 points, but was 0"),
        nonsense(() -> new RelativeDrop(0, 1), "the share of a drop must be positive and finite, but was 0.0"),
        nonsense(() -> new IncToDec(1, 0.5, 1), "threshold and decay must lie within (0, 1), but were 1.0 and 0.5"),
        nonsense(
            () -> StopPolicy.NEVER.notBefore(0), "the first point that may stop must be at least 1, but was 0"),
        nonsense(
            () -> new LearnedPolicy(new HandMadeModel(), -1, 0.5), "the price must be positive, such as 0.1, but was -1.0"),
        nonsense(
            () -> new LearnedPolicy(new HandMadeModel(), 0.1, 2),
            "the threshold must be a probability within 0..1, but was 2.0"));
  }

  private static Arguments nonsense(Executable make, String message) {
    return Arguments.of(make, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refused")
  void constructor_nonsense_saysWhatWouldBeRight(Executable make, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, make).getMessage());
  }

  @Test
  void toString_namesTheConfiguration() {
    assertEquals("patience(10 points, min-delta 0.001)", new Patience(10, 0.001).toString());
    assertEquals(
        "(never or fixed share(0.5)) not before point 3",
        StopPolicy.NEVER.or(new FixedShare(0.5)).notBefore(3).toString());
  }
}
