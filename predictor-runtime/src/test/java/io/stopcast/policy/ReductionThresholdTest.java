package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReductionThresholdTest {
  @ParameterizedTest(name = "{0} -> stops at {3} below {1} of the best, {2} in a row")
  @CsvSource(delimiter = '|', textBlock = """
      40 80 73 71 70           | 0.125 | 1 | 0
      40 80 70 69 60           | 0.125 | 1 | 4
      40 80 69 70 69 69        | 0.125 | 2 | 6
      40 80 69 NaN 69          | 0.125 | 2 | 5
      40 80 69 Infinity 69     | 0.125 | 2 | 5
      40 80 -Infinity          | 0.125 | 1 | 3
      NaN -Infinity 80         | 0.125 | 1 | 0
      80 80 80                 | 0     | 1 | 0
      -80 -89 -91              | 0.125 | 1 | 3
      """)
  void observe_relative_stopsBelowAShareOfTheBest(String curve, double share, int points, int expected) {
    var policy = new ReductionThreshold(Drop.relative(share), points);
    assertEquals(expected, Watching.stopOf(policy, Watching.curve(curve)));
  }

  @Test
  void observe_absolute_stopsBeyondTheAmount() {
    var policy = new ReductionThreshold(Drop.absolute(0.25), 1);
    assertEquals(4, Watching.stopOf(policy, 0.5, 1, 0.75, 0.7));
    assertEquals(2, Watching.stopOf(new ReductionThreshold(Drop.absolute(0), 1), 1, 0.999));
  }

  @Test
  void observe_ofSpan_decidesAsRelativeDrop() {
    for (int seed = 0; seed < 100; seed++) {
      var sample = StopPolicyContract.Sample.of(seed);
      assertEquals(
          sample.stops(new RelativeDrop(0.25, 2)),
          sample.stops(new ReductionThreshold(Drop.ofSpan(0.25), 2)),
          "seed " + seed);
    }
  }

  @Test
  void observe_ofNoise_toleratesTheJitterAndNotTheFall() {
    Random random = new Random(1);
    double[] curve = new double[60];
    for (int i = 0; i < curve.length; i++) {
      curve[i] = i < 50 ? 0.02 * i + 0.1 * random.nextGaussian() : -1;
    }
    assertEquals(52, Watching.stopOf(new ReductionThreshold(Drop.ofNoise(6), 2), curve));
    assertEquals(52, Watching.stopOf(new ReductionThreshold(Drop.ofNoise(6), 2), scaled(curve, 1e-6)));
    assertEquals(0, Watching.stopOf(new ReductionThreshold(Drop.ofNoise(60), 2), curve));
  }

  private static double[] scaled(double[] curve, double factor) {
    return Arrays.stream(curve).map(value -> factor * value).toArray();
  }

  @Test
  void observe_ofNoise_goesOnBeforeThereIsAny() {
    var policy = new ReductionThreshold(Drop.ofNoise(0.1), 1);
    assertEquals(0, Watching.stopOf(policy, 1, 2, 0, 5, 0)); // four points before the last
    assertEquals(6, Watching.stopOf(policy, 1, 2, 0, 5, 0, 0));
    assertEquals(0, Watching.stopOf(policy, 1, 2, 3, 4, 5, 6, 3)); // a steady rise has no noise
  }

  @Test
  void observe_tightening_followsTheShareOfThePlan() {
    var policy = new ReductionThreshold(Drop.absolute(0.5).tightening(0.5), 1);
    double[] curve = {1, 0.5625, 1, 1, 1, 0.6875, 1, 0.6875, 1, 1};
    assertEquals(8, Watching.stopOf(policy, Watching.planned(8), curve)); // 0.25 + 0.25 / 8 of the way left
    assertEquals(0, Watching.stopOf(policy, Watching.planned(80), curve));
    assertEquals(0, Watching.stopOf(policy, Watching.RUN, curve));
    assertEquals(8, Watching.stopOf(policy, Watching.RUN.withHorizon(Horizon.ofCost(8)), curve));
    assertEquals(2, Watching.stopOf(policy, Watching.planned(1), 1, 0.7)); // beyond the plan as at its end
  }

  @Test
  void observe_minimised_saysTheMetricsOwnValues() {
    RunContext loss = RunContext.of(Objective.minimize("em"));
    assertEquals(
        new Decision.Stop(
            "reduction(0.125 of best, 2 in a row)",
            "2 points in a row are too far from the best, 0.5000; the last, 0.7500, by 0.2500, of which 0.06250 are tolerated"),
        Watching.firstStop(new ReductionThreshold(Drop.relative(0.125), 2), loss, 1, 0.5, 0.625, 0.75));
  }

  @Test
  void reason_askedAfterLaterPoints_isThatOfItsOwn() {
    List<Decision> decisions =
        Watching.decisions(new ReductionThreshold(Drop.relative(0.25), 2), Watching.RUN, Watching.steps(1, 0.5, 0.625, 0.375, 2, 0.5, 1));
    assertEquals(
        List.of(
            "2 points in a row are too far from the best, 1.000; the last, 0.6250, by 0.3750, of which 0.2500 are tolerated",
            "3 points in a row are too far from the best, 1.000; the last, 0.3750, by 0.6250, of which 0.2500 are tolerated",
            "2 points in a row are too far from the best, 2.000; the last, 1.000, by 1.000, of which 0.5000 are tolerated"),
        decisions.stream().filter(Decision::isStop).map(stop -> ((Decision.Stop) stop).reason()).toList());
  }

  @Test
  void noise_ofNormalNoiseOnARise_isItsDeviation() {
    Noise noise = new Noise();
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      noise.add(3 * i + 2 * random.nextGaussian());
      noise.add(Double.NaN);
    }
    assertEquals(2, noise.level(), 0.05);
  }

  @Test
  void toString_namesTheConfiguration() {
    assertEquals(
        "reduction(6.0 of noise, 0.5 of that at the end, 3 in a row)",
        new ReductionThreshold(Drop.ofNoise(6).tightening(0.5), 3).toString());
    assertEquals("reduction(0.05, 1 in a row)", new ReductionThreshold(Drop.absolute(0.05), 1).toString());
    assertEquals("reduction(0.1 of span, 1 in a row)", new ReductionThreshold(Drop.ofSpan(0.1), 1).toString());
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    assertEquals(
        "a drop must last at least 1 point, but was asked to last 0",
        messageOf(() -> new ReductionThreshold(Drop.absolute(1), 0)));
    assertEquals("a drop must be at least 0 and finite, but was -1.0", messageOf(() -> Drop.absolute(-1)));
    assertEquals(
        "a drop as a share of the best must be at least 0 and finite, but was NaN", messageOf(() -> Drop.relative(Double.NaN)));
    assertEquals(
        "a drop as a share of the span must be at least 0 and below 1, but was 1.0", messageOf(() -> Drop.ofSpan(1)));
    assertEquals(
        "a drop in units of the noise must be above 0 and finite, but was 0.0", messageOf(() -> Drop.ofNoise(0)));
    assertEquals(
        "what is left of a drop at the end must be a share within 0..1, but was 1.5",
        messageOf(() -> Drop.absolute(1).tightening(1.5)));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
