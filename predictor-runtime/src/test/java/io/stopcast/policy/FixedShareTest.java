package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.RunContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedShareTest {
  @ParameterizedTest(name = "{0} of {1} -> {2}")
  @CsvSource({"0.05,100,5", "0.3,10,3", "0.1,10,1", "0.25,10,3", "0.001,10,1", "1,10,10", "0.5,1000,0"})
  void observe_plannedPoints_stopsAtTheShare(double share, long planned, int expected) {
    assertEquals(expected, Watching.stopOf(new FixedShare(share), Watching.planned(planned), new double[200]));
  }

  @Test
  void observe_plannedCost_stopsAtTheShareOfTheCost() {
    RunContext byCost = Watching.RUN.withHorizon(Horizon.ofCost(40));
    assertEquals(10, Watching.stopOf(new FixedShare(0.25), byCost, new double[20]));
  }

  @Test
  void observe_unknownHorizon_neverStops() {
    assertEquals(0, Watching.stopOf(new FixedShare(0.01), new double[200]));
  }

  @Test
  void observe_stop_saysHowMuchIsDone() {
    assertEquals(
        new Decision.Stop("fixed-share(0.3 of plan)", "0.3000 of the plan is done at point 3"),
        Watching.firstStop(new FixedShare(0.3), Watching.planned(10), new double[10]));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void new_shareOutside_namesIt(double share) {
    var e = assertThrows(IllegalArgumentException.class, () -> new FixedShare(share));
    assertEquals("the share of the plan must be above 0 and at most 1, but was " + share, e.getMessage());
  }
}
