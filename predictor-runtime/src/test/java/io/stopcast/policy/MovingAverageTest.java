package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MovingAverageTest {
  @ParameterizedTest(name = "{0} -> stops at {3} with {1} rounds, tolerance {2}")
  @CsvSource(delimiter = '|', textBlock = """
      1 1 1                   | 1 | 0    | 3
      1 2 3 4 5 6             | 1 | 0    | 0
      1 2 3 4 4 4             | 1 | 0    | 5
      1 2 2 2 2 2 2           | 2 | 0    | 5
      1 2 4 4.4 4.4           | 1 | 0.1  | 5
      1 1 1 1 1               | 3 | 0    | 0
      1 1 1 1 1 1 1           | 3 | 0    | 7
      1 NaN 1 1 1             | 1 | 0    | 4
      0 0 0 0                 | 1 | 0    | 0
      1 1 -1 1                | 1 | 0    | 0
      -4 -4 -2 -2             | 1 | 0    | 4
      """)
  void observe_stopsWhenNoAverageIsBetter(String curve, int rounds, double tolerance, int expected) {
    assertEquals(expected, Watching.stopOf(new MovingAverage(rounds, tolerance), Watching.curve(curve)));
  }

  @Test
  void observe_positiveValues_decidesAsTheRatiosOfH2o() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int rounds = 1 + random.nextInt(6);
      double tolerance = random.nextInt(3) * 0.01;
      boolean more = random.nextBoolean();
      double[] curve = new double[60];
      for (int i = 0; i < curve.length; i++) {
        double level = more ? 1 - Math.exp(-i / 10.0) : Math.exp(-i / 10.0);
        curve[i] = 0.1 + level + 0.05 * random.nextDouble();
      }
      RunContext run = RunContext.of(more ? Objective.maximize("em") : Objective.minimize("em"));
      assertEquals(
          stopByRatio(curve, rounds, tolerance, more),
          Watching.stopOf(new MovingAverage(rounds, tolerance), run, curve),
          "seed " + seed);
    }
  }

  /** The definition in H2O's documentation, computed from the whole curve: best average over reference average. */
  private static int stopByRatio(double[] curve, int rounds, double tolerance, boolean more) {
    for (int points = 2 * rounds + 1; points <= curve.length; points++) {
      double reference = mean(curve, points - rounds, rounds);
      double best = more ? 0 : Double.MAX_VALUE;
      for (int end = points - rounds + 1; end <= points; end++) {
        double average = mean(curve, end, rounds);
        best = more ? Math.max(best, average) : Math.min(best, average);
      }
      double ratio = best / reference;
      if (more ? ratio <= 1 + tolerance : ratio >= 1 - tolerance) {
        return points;
      }
    }
    return 0;
  }

  private static double mean(double[] curve, int end, int length) {
    double sum = 0;
    for (int i = end - length; i < end; i++) {
      sum += curve[i];
    }
    return sum / length;
  }

  @Test
  void observe_stop_saysBothAverages() {
    assertEquals(
        new Decision.Stop(
            "moving-average(1 rounds, tolerance 0.001)",
            "the best of the last 1 moving averages, 0.4000, is no better than the one before, 0.4000"),
        Watching.firstStop(
            new MovingAverage(1, 0.001), RunContext.of(Objective.minimize("em")), 0.6, 0.4, 0.4));
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    var none = assertThrows(IllegalArgumentException.class, () -> new MovingAverage(0, 0));
    assertEquals("rounds must be within 1..1000, but were 0", none.getMessage());
    var negative = assertThrows(IllegalArgumentException.class, () -> new MovingAverage(1, -1));
    assertEquals("tolerance must be at least 0 and finite, but was -1.0", negative.getMessage());
  }
}
