package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every policy keeps, over 100 seeded curves. */
class StopPolicyContractTest {
  private static final int SEEDS = 100;
  private static final Horizon HORIZON = new Horizon(60, 60);

  static Stream<StopPolicy> policies() {
    return Stream.of(
        StopPolicy.NEVER,
        new FixedShare(0.3),
        new Patience(5, 0.01),
        new Patience(new Patience.Points(4), new Patience.ShareOfSpan(0.01)),
        new Patience(new Patience.ShareOfHorizon(0.1), new Patience.ShareOfSpan(0)),
        new MovingAverage(4, 0.01),
        new RelativeDrop(0.2, 2),
        new SuccessiveIncreases(2, 3),
        new ProgressQuotient(1, 5),
        new IncToDec(0.01, 0.9, 3),
        new PowerLaw(0.05),
        new LearnedPolicy(new HandMadeModel(), 0.1, 0.6),
        new Patience(3, 0).or(new FixedShare(0.5)),
        new Patience(3, 0).and(new RelativeDrop(0.1, 1)),
        new Patience(2, 0).notBefore(10));
  }

  /** A curve that rises, turns and shakes, with a value missing now and then; values lie on a grid, exact under a mirror. */
  static double[] curve(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[60];
    double rate = 0.02 + 0.4 * random.nextDouble();
    double decay = random.nextInt(2) * 0.02 * random.nextDouble();
    double noise = 0.1 * random.nextDouble();
    for (int t = 0; t < values.length; t++) {
      double value = 1 - Math.exp(-rate * t) - decay * t + noise * (random.nextDouble() - 0.5);
      values[t] = random.nextInt(20) == 0 ? Double.NaN : Math.rint(value * (1 << 20)) / (1 << 20);
    }
    return values;
  }

  static RunContext context(Objective objective) {
    return RunContext.of(objective).withHorizon(HORIZON);
  }

  /** Returns at which points the watch says stop, asked on after each. */
  static List<Integer> stops(StopPolicy policy, Objective objective, double[] values, int points) {
    StopPolicy.Watch watch = policy.watch(context(objective));
    List<Integer> stops = new ArrayList<>();
    for (int t = 0; t < points; t++) {
      if (watch.observe(Step.of(t, t + 1, "m", values[t])).isStop()) {
        stops.add(t);
      }
    }
    return stops;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_future_doesNotMatter(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      double[] values = curve(seed);
      double[] other = values.clone();
      for (int t = 30; t < other.length; t++) {
        other[t] = 100 - t;
      }
      assertEquals(
          stops(policy, Objective.maximize("m"), values, 30), stops(policy, Objective.maximize("m"), other, 30));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_mirrorImage_decidesTheSame(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      double[] values = curve(seed);
      double[] mirrored = values.clone();
      for (int t = 0; t < mirrored.length; t++) {
        mirrored[t] = -mirrored[t];
      }
      assertEquals(
          stops(policy, Objective.maximize("m"), values, 60), stops(policy, Objective.minimize("m"), mirrored, 60));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void watch_others_areNotSeen(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      double[] values = curve(seed);
      double[] disturbing = curve(seed + 1000);
      StopPolicy.Watch one = policy.watch(context(Objective.maximize("m")));
      StopPolicy.Watch other = policy.watch(context(Objective.maximize("m")));
      List<Integer> stops = new ArrayList<>();
      for (int t = 0; t < values.length; t++) {
        other.observe(Step.of(t, t, "m", disturbing[t]));
        if (one.observe(Step.of(t, t + 1, "m", values[t])).isStop()) {
          stops.add(t);
        }
      }
      assertEquals(stops(policy, Objective.maximize("m"), values, 60), stops);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_stepsWithoutTheObjective_changeNothing(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      double[] values = curve(seed);
      StopPolicy.Watch watch = policy.watch(context(Objective.maximize("m")));
      List<Integer> stops = new ArrayList<>();
      for (int t = 0; t < values.length; t++) {
        assertFalse(watch.observe(Step.of(2 * t, t + 1, "other", 5)).isStop());
        if (watch.observe(Step.of(2 * t + 1, t + 1, "m", values[t])).isStop()) {
          stops.add(t);
        }
      }
      assertEquals(stops(policy, Objective.maximize("m"), values, 60), stops);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_constantNanAndSingleStep_doNotFail(StopPolicy policy) {
    double[] nan = new double[60];
    Arrays.fill(nan, Double.NaN);
    stops(policy, Objective.maximize("m"), nan, 60);
    stops(policy, Objective.maximize("m"), new double[60], 60);
    stops(policy, Objective.maximize("m"), new double[] {1}, 1);
    StopPolicy.Watch watch = policy.watch(RunContext.of(Objective.maximize("m")));
    for (int t = 0; t < 100; t++) {
      watch.observe(Step.of(t, Double.NaN, "m", Double.POSITIVE_INFINITY));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_stop_namesThePolicyAndOneLineOfReason(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      StopPolicy.Watch watch = policy.watch(context(Objective.maximize("m")));
      double[] values = curve(seed);
      for (int t = 0; t < values.length; t++) {
        if (watch.observe(Step.of(t, t + 1, "m", values[t])) instanceof Decision.Stop stop) {
          assertFalse(stop.policy().isBlank() || stop.reason().isBlank() || stop.reason().contains("\n"), stop.toString());
          assertTrue(stop.reason().matches(".*\\d.*"), stop.reason());
        }
      }
    }
  }
}
