package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceShareTest {
  @ParameterizedTest(name = "improves until {2}, {0} of {1} -> {3}")
  @CsvSource({"0.3,10,4,7", "0.1,10,1,2", "0.25,10,2,5", "0.001,10,3,4", "1,10,1,11", "0.5,100,1,0"})
  void observe_plannedPoints_waitsForTheShare(double share, long planned, int best, int expected) {
    double[] curve = new double[20];
    for (int i = 0; i < curve.length; i++) {
      curve[i] = Math.min(i + 1, best);
    }
    assertEquals(expected, Watching.stopOf(new PatienceShare(share, MinDelta.NONE), Watching.planned(planned), curve));
  }

  @Test
  void observe_likePatience_whereThePlanIsKnown() {
    for (int seed = 0; seed < StopPolicyContract.SEEDS; seed++) {
      var sample = StopPolicyContract.Sample.of(seed);
      var run = Watching.planned(40);
      MinDelta minDelta = MinDelta.ofSpan(0.01);
      assertEquals(
          Watching.stopOf(new Patience(12, minDelta), run, sample.steps()),
          Watching.stopOf(new PatienceShare(0.3, minDelta), run, sample.steps()),
          "seed " + seed);
    }
  }

  @Test
  void observe_plannedCost_agesByCost() {
    var run = Watching.RUN.withHorizon(Horizon.ofCost(100));
    List<Step> steps =
        List.of(
            Step.of(1, 10, "em", 0.5),
            Step.of(2, 20, "em", 0.6),
            Step.of(3, 49, "em", 0.6),
            Step.of(4, Double.NaN, "em", 0.6),
            Step.of(5, 50, "em", 0.6));
    assertEquals(5, Watching.stopOf(new PatienceShare(0.3, MinDelta.NONE), run, steps));
  }

  @Test
  void observe_unknownHorizon_neverStops() {
    assertEquals(0, Watching.stopOf(new PatienceShare(0.01, MinDelta.NONE), new double[200]));
  }

  @Test
  void observe_stop_saysHowOldTheBestIs() {
    assertEquals(
        new Decision.Stop(
            "patience(0.2 of plan, min-delta 0.01 of span)",
            "the last improvement, to 0.5000 at point 1, is 0.2000 of the plan old"),
        Watching.firstStop(new PatienceShare(0.2, MinDelta.ofSpan(0.01)), Watching.planned(10), 0.5, 0.4, 0.3));
    assertEquals(
        "no finite value in 0.2000 of the plan",
        Watching.firstStop(new PatienceShare(0.2, MinDelta.NONE), Watching.planned(5), Double.NEGATIVE_INFINITY).reason());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void new_shareOutside_namesIt(double share) {
    var e = assertThrows(IllegalArgumentException.class, () -> new PatienceShare(share, MinDelta.NONE));
    assertEquals("patience must be a share of the plan above 0 and at most 1, but was " + share, e.getMessage());
  }
}
