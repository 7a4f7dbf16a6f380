package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncToDecTest {
  @ParameterizedTest(name = "{0} -> stops at {3} with p {1}, wait {2}")
  @CsvSource(delimiter = '|', textBlock = """
      0 1 1 1 1             | 0.5  | 1 | 0
      0 1 -1                | 0.5  | 1 | 3
      0 1 -1                | 0.3  | 1 | 0
      0 1 -1 -1             | 0.5  | 2 | 4
      1 1 1                 | 0.01 | 2 | 3
      3 2 1                 | 0.01 | 1 | 2
      NaN NaN NaN           | 0.5  | 1 | 0
      0 1 -1 NaN            | 0.5  | 2 | 0
      0 1 -1 NaN -1         | 0.5  | 2 | 5
      0 1 -1 2 2 2          | 0.5  | 2 | 0
      """)
  void observe_weighsTheLossAgainstRises(String curve, double p, int wait, int expected) {
    // 0 1 -1: the expected rise has faded to 0.98, the loss is 2, p = exp(-0.5 * 2 / 0.98) = 0.36
    assertEquals(expected, Watching.stopOf(new IncToDec(p, wait), Watching.curve(curve)));
  }

  @Test
  void observe_randomRuns_decidesAsTheDefinitionOverTheWholeCurve() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      double p = 0.1 + 0.8 * random.nextDouble();
      int wait = 1 + random.nextInt(20);
      double[] curve = new double[500];
      double drift = random.nextInt(3) * 0.3;
      for (int i = 1; i < curve.length; i++) {
        curve[i] = curve[i - 1] + random.nextGaussian() + (i < 200 ? drift : -drift);
      }
      assertEquals(stopByDefinition(curve, p, wait), Watching.stopOf(new IncToDec(p, wait), curve), "seed " + seed);
    }
  }

  private static int stopByDefinition(double[] curve, double p, int wait) {
    int best = 0;
    double expected = 0;
    for (int t = 0; t < curve.length; t++) {
      best = curve[t] > curve[best] ? t : best;
      expected *= 0.99;
      for (int i = 0; i <= t; i++) {
        expected = Math.max(expected, Math.pow(0.99, i) * (curve[t] - curve[t - i]));
      }
      double rises = Math.max(expected / Math.max(curve[best] - curve[t], 1e-10), 1e-10);
      if (t - best >= wait && Math.exp(-0.5 / rises) < p) {
        return t + 1;
      }
    }
    return 0;
  }

  @Test
  void observe_stop_saysTheNumbers() {
    assertEquals(
        new Decision.Stop(
            "inc-to-dec(p 0.5, wait 1)",
            "p is 0.360: 1 points after the best, 1.000, the value is -1.000, and rises of 0.9801 are to be expected"),
        Watching.firstStop(new IncToDec(0.5, 1), Watching.RUN, 0, 1, -1));
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    var p = assertThrows(IllegalArgumentException.class, () -> new IncToDec(1, 1));
    assertEquals("the p-value must be above 0 and below 1, but was 1.0", p.getMessage());
    var wait = assertThrows(IllegalArgumentException.class, () -> new IncToDec(0.5, 0));
    assertEquals("the wait must be at least 1 point, but was 0", wait.getMessage());
  }
}
