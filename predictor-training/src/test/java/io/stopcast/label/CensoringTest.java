package io.stopcast.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CensoringTest {
  @ParameterizedTest(name = "propensity {0}, clip {1} -> stands for {2}")
  @CsvSource({"0.5, 50, 2", "0.03, 50, 33.333333333333336", "0.03, 20, 20", "0.01, 50, 50", "0.9, 1, 1"})
  void exempt_standsForOneByPropensity_clipped(double propensity, double clip, double expected) {
    Censoring censoring = Censoring.exempt(7, propensity, clip);
    assertEquals(expected, censoring.weight(), 1e-12);
    assertEquals(8, censoring.sure());
  }

  @ParameterizedTest(name = "sure {0} of {1}")
  @CsvSource({"0, 0.4", "-0.1, -0.3", "0.2, -0.5"})
  void counted_onAverageOverDraws_isTheFull(double sure, double full) {
    double propensity = 0.05;
    double stopped = Censoring.stopped(8, 0.3).counted(sure, Double.NaN);
    double exempt = Censoring.exempt(7, propensity, 100).counted(sure, full);
    assertEquals(full, propensity * exempt + (1 - propensity) * stopped, 1e-12);
    assertEquals(full, Censoring.NONE.counted(sure, full));
  }

  @Test
  void isStopped_isOfStoppedRunsAlone() {
    assertTrue(Censoring.stopped(3, 1).isStopped());
    assertTrue(!Censoring.exempt(3, 0.1, 50).isStopped() && !Censoring.NONE.isStopped());
  }

  @Test
  void exempt_impossibleNumbers_areRefused() {
    assertEquals(
        "an exempt run must have gone on with a probability above 0 and below 1 and may stand for at least 1 run, but these are 0.0 and 50.0",
        assertThrows(IllegalArgumentException.class, () -> Censoring.exempt(3, 0, 50)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> Censoring.exempt(3, 0.1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> Censoring.stopped(3, 0));
  }
}
