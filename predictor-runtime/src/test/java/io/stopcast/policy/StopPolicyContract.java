package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every policy keeps, whatever it decides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StopPolicyContract {
  static final int SEEDS = 100;
  private static final List<String> NAMES = List.of("em", "train_loss");

  /** The policies to be tested, each of which stops some of the random runs and not others. */
  abstract Stream<StopPolicy> policies();

  /** What is to decide on a run's mirror image as a policy does on the run: the policy itself, unless it names a level of the metric. */
  StopPolicy mirrored(StopPolicy policy) {
    return policy;
  }

  /** How many bytes a step may allocate, for a policy that does more than decide. */
  long mostBytesAStep() {
    return 0;
  }

  /** A random run and how it is planned. */
  record Sample(RunContext run, List<Step> steps) {
    static Sample of(int seed) {
      Random random = new Random(seed);
      int length = 1 + random.nextInt(80);
      Horizon horizon =
          switch (seed % 3) {
            case 0 -> Horizon.ofPoints(length + random.nextInt(length));
            case 1 -> Horizon.ofCost(2.0 * length);
            default -> Horizon.UNKNOWN;
          };
      return new Sample(Watching.RUN.withHorizon(horizon), curve(random, length));
    }

    private static List<Step> curve(Random random, int length) {
      double noise = random.nextInt(4) * 0.03;
      double speed = 1 + random.nextInt(20);
      double turn = random.nextBoolean() ? random.nextInt(length) : length;
      double nans = random.nextInt(3) * 0.05;
      boolean trains = random.nextBoolean();
      List<Step> steps = new ArrayList<>();
      for (int i = 1; i <= length; i++) {
        double rise = 1 - Math.exp(-i / speed) - Math.max(0, i - turn) / length;
        // Few bits, so that scaling and shifting are exact.
        double value = Math.rint((rise + noise * random.nextGaussian()) * 4096) / 4096;
        double reported = random.nextDouble() < nans ? Double.NaN : value;
        steps.add(
            trains
                ? Step.of(3L * i, 1.5 * i, NAMES, reported, Math.rint(4096 * Math.exp(-i / speed)) / 4096)
                : Step.of(3L * i, 1.5 * i, "em", reported));
      }
      return steps;
    }

    /** The same run with its objective replaced, step by step. */
    Sample map(Objective objective, DoubleUnaryOperator change) {
      List<Step> mapped =
          steps.stream()
              .map(
                  step -> {
                    double value = change.applyAsDouble(step.value("em"));
                    return step.reports("train_loss")
                        ? Step.of(step.index(), step.cost(), NAMES, value, step.value("train_loss"))
                        : Step.of(step.index(), step.cost(), "em", value);
                  })
              .toList();
      return new Sample(run.withObjective(objective), mapped);
    }

    List<Decision> decisions(StopPolicy policy) {
      return Watching.decisions(policy, run, steps);
    }

    List<Boolean> stops(StopPolicy policy) {
      return decisions(policy).stream().map(Decision::isStop).toList();
    }

    /** What the trainer is to do at each step, without the words, in which values have a sign. */
    List<String> deeds(StopPolicy policy) {
      return decisions(policy).stream()
          .map(decision -> decision.isStop() ? "stop" : decision.advice().map(Advice::toString).orElse("go on"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_otherFuture_decidesTheSameUntilThen(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      int now = new Random(seed).nextInt(one.steps().size() + 1);
      List<Step> past = one.steps().subList(0, now);
      List<Step> other = new ArrayList<>(past);
      one.steps().subList(now, one.steps().size())
          .forEach(step -> other.add(Step.of(step.index(), step.cost(), "em", -step.value("em"))));

      List<Decision> expected = Watching.decisions(policy, one.run(), past);
      assertEquals(expected, one.decisions(policy).subList(0, now), "seed " + seed);
      assertEquals(expected, Watching.decisions(policy, one.run(), other).subList(0, now), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_minimisedMirrorImage_decidesTheSame(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      Sample mirrored = one.map(Objective.minimize("em"), value -> -value);
      assertEquals(one.deeds(policy), mirrored.deeds(mirrored(policy)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_otherRunsInBetween_decidesTheSame(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      Sample other = Sample.of(seed + SEEDS);
      List<Decision> expected = one.decisions(policy);
      StopPolicy.Watch watch = policy.watch(one.run());
      StopPolicy.Watch otherWatch = policy.watch(other.run());
      for (int i = 0; i < expected.size(); i++) {
        if (i < other.steps().size()) {
          otherWatch.observe(other.steps().get(i));
        }
        assertEquals(expected.get(i), watch.observe(one.steps().get(i)), "seed " + seed + ", step " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_stepsWithoutTheObjective_goOnAndLeaveTheCurveAlone(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      List<Decision> expected = one.decisions(policy);
      StopPolicy.Watch watch = policy.watch(one.run());
      for (int i = 0; i < expected.size(); i++) {
        Step step = one.steps().get(i);
        Step other = Step.of(step.index() - 1, step.cost() - 0.5, "lr", i);
        assertEquals(Decision.CONTINUE, watch.observe(other), "seed " + seed + ", step " + i);
        assertEquals(expected.get(i), watch.observe(step), "seed " + seed + ", step " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_pointsWithNaN_goOn(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      int from = new Random(seed).nextInt(one.steps().size());
      List<Step> broken = new ArrayList<>(one.steps());
      broken.replaceAll(step -> step.index() < 3L * from ? step : Step.of(step.index(), step.cost(), "em", Double.NaN));
      List<Decision> decisions = Watching.decisions(policy, one.run(), broken);
      for (int i = from; i < broken.size(); i++) {
        boolean isNaN = Double.isNaN(broken.get(i).value("em"));
        assertFalse(isNaN && !decisions.get(i).equals(Decision.CONTINUE), "seed " + seed + ", step " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_oddCurves_answersInOneLine(StopPolicy policy) {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    double max = Double.MAX_VALUE;
    double[][] curves = {
      {}, {0.5}, {nan}, {inf}, {-inf}, new double[40], {nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan},
      {0, inf, 1, -inf, nan, 2, 2, 2, 2, 1, 0, -1}, {-inf, -inf, inf, inf, 1, 1, 1, 0, 0, 0},
      {-max, max, -max, max, 0, 0, 0, 0, 0}, {Double.MIN_VALUE, 0, -Double.MIN_VALUE, -0.0, 0, 0, 0, 0}
    };
    for (RunContext run : List.of(Watching.RUN, Watching.planned(10))) {
      for (double[] curve : curves) {
        for (Decision decision : Watching.decisions(policy, run, Watching.steps(curve))) {
          assertNotNull(decision);
          if (decision instanceof Decision.Stop stop) {
            assertFalse(stop.reason().isBlank() || stop.reason().contains("\n"), stop.reason());
            assertFalse(stop.policy().contains("@"), stop.policy());
          } else if (decision instanceof Decision.Continue go && go.advice().isPresent()) {
            assertFalse(go.reason().isBlank() || go.reason().contains("\n"), go.reason());
            assertFalse(go.policy().contains("@"), go.policy());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_untilItStops_allocatesNothing(StopPolicy policy) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] rising = new double[2000];
    for (int i = 0; i < rising.length; i++) {
      rising[i] = 1 - 1 / Math.sqrt(i + 1);
    }
    // Planned so long that rules on the share of the plan do not come into play within a combination.
    RunContext run = Watching.planned(4L * rising.length);
    List<Step> steps = Watching.steps(rising);
    int stop = Watching.stopOf(policy, run, steps); // the first pass also links what is linked once
    int last = stop == 0 ? steps.size() : stop - 1;

    long least = Long.MAX_VALUE;
    for (int pass = 0; pass < 3; pass++) { // on a busy machine the virtual machine now and then links or notes something late
      StopPolicy.Watch watch = policy.watch(run);
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < last; i++) {
        watch.observe(steps.get(i));
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least <= last * mostBytesAStep(), least + " bytes in " + last + " steps");
  }

  @ParameterizedTest
  @MethodSource("policies")
  void restore_savedAnywhere_decidesAsOneNeverInterrupted(StopPolicy policy) throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      List<Decision> expected = one.decisions(policy);
      StopPolicy.Watch never = policy.watch(one.run());
      StopPolicy.Watch watch = policy.watch(one.run());
      Random random = new Random(seed);
      for (int i = 0; i < expected.size(); i++) {
        if (random.nextInt(5) == 0) {
          watch = restored(policy, one.run(), watch);
        }
        assertEquals(expected.get(i), watch.observe(one.steps().get(i)), "seed " + seed + ", step " + i);
        never.observe(one.steps().get(i));
        assertEquals(Double.doubleToLongBits(never.score()), Double.doubleToLongBits(watch.score()));
        assertEquals(never.outlook(), restored(policy, one.run(), watch).outlook());
      }
    }
  }

  private static StopPolicy.Watch restored(StopPolicy policy, RunContext run, StopPolicy.Watch watch) throws IOException {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    watch.save(new DataOutputStream(saved));
    StopPolicy.Watch restored = policy.watch(run);
    ByteArrayInputStream in = new ByteArrayInputStream(saved.toByteArray());
    restored.restore(new DataInputStream(in));
    assertEquals(0, in.available(), "bytes that nobody read");
    return restored;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void toString_equalPolicies_saysTheSameInOneLine(StopPolicy policy) {
    assertFalse(policy.toString().contains("@") || policy.toString().contains("\n"), policy.toString());
  }
}
