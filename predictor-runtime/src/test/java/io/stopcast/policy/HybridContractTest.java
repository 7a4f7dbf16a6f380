package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies that watch several signals at once. */
class HybridContractTest extends StopPolicyContract {
  private static final Objective TRAIN = Objective.minimize("train_loss");
  private static final Map<StopPolicy, StopPolicy> MIRRORED = new HashMap<>();

  static {
    Objective up = Objective.maximize("em");
    Objective down = Objective.minimize("em");
    add(new Patience(3).on(sum(up)), new Patience(3).on(sum(down)));
    add(new Patience(2).on(HybridObjective.minusLogCost(up, 0.1)), new Patience(2).on(HybridObjective.minusLogCost(down, 0.1)));
    add(
        new GeneralizationLoss(20).or(new FixedShare(0.9)).on(chebyshev(up, 1)),
        new GeneralizationLoss(20).or(new FixedShare(0.9)).on(chebyshev(down, -1)));
    add(
        new Patience(4).on(HybridObjective.weightedSum(List.of(up, TRAIN), 1, 0)),
        new Patience(4).on(HybridObjective.weightedSum(List.of(down, TRAIN), 1, 0)));
  }

  private static void add(StopPolicy policy, StopPolicy mirrored) {
    MIRRORED.put(policy, mirrored);
  }

  private static HybridObjective sum(Objective em) {
    return HybridObjective.weightedSum(List.of(em, TRAIN), 0.75, 0.25);
  }

  private static HybridObjective chebyshev(Objective em, double ideal) {
    return HybridObjective.chebyshev(List.of(em, TRAIN), new double[] {1, 0.5}, new double[] {ideal, 0});
  }

  @Override
  Stream<StopPolicy> policies() {
    return MIRRORED.keySet().stream().sorted(Comparator.comparing(StopPolicy::toString));
  }

  @Override
  StopPolicy mirrored(StopPolicy policy) {
    return MIRRORED.get(policy);
  }

  /** A step with one metric more; and on that curve, which lacks a signal, the words of a patience that no NaN lets stop. */
  @Override
  long mostBytesAStep() {
    return 2000;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_randomRuns_stopsSomeAndNotOthers(StopPolicy policy) {
    long stopped = IntStream.range(0, SEEDS).filter(seed -> Sample.of(seed).stops(policy).contains(true)).count();
    assertTrue(stopped > 10 && stopped < SEEDS - 5, policy + " stopped " + stopped);
  }

  @Test
  void on_onlyTheObjective_decidesAsThePolicyAlone() {
    StopPolicy hybrid = new Patience(3).on(HybridObjective.weightedSum(List.of(Objective.maximize("em")), 1));
    for (int seed = 0; seed < SEEDS; seed++) {
      assertEquals(Sample.of(seed).stops(new Patience(3)), Sample.of(seed).stops(hybrid), "seed " + seed);
    }
  }

  @Test
  void on_otherSignalRises_goesOn() {
    StopPolicy policy = new Patience(1).on(HybridObjective.weightedSum(List.of(Objective.maximize("em"), TRAIN), 1, 1));
    List<Step> steps = new ArrayList<>();
    for (double loss : new double[] {5, 4, 3, 3, 2}) {
      int index = steps.size() + 1;
      steps.add(Step.of(index, index, List.of("em", "train_loss"), 0.5, loss));
    }
    assertEquals(4, Watching.stopOf(policy, Watching.RUN, steps));
    assertEquals("patience(1 steps) on sum(1.0 em, 1.0 -train_loss)", policy.toString());
  }

  /** 2 steps without a better value, of which the first has none. */
  @Test
  void on_missingSignal_isAPointWithNaN() {
    StopPolicy policy = new Patience(2).on(sum(Objective.maximize("em")));
    List<String> both = List.of("em", "train_loss");
    List<Step> steps =
        List.of(
            Step.of(1, 1, both, 0.5, 1), Step.of(2, 2, "train_loss", 9), Step.of(3, 3, "em", 0.5), Step.of(4, 4, "em", 0.5),
            Step.of(5, 5, both, 0.5, 1));
    assertEquals(5, Watching.stopOf(policy, Watching.RUN, steps));
  }

  @Test
  void on_objectiveThatIsNoSignal_mustBeNoNaN() {
    RunContext run = RunContext.of(Objective.maximize("other"));
    StopPolicy policy = new Patience(1).on(HybridObjective.weightedSum(List.of(Objective.maximize("em")), 1));
    List<String> both = List.of("em", "other");
    List<Step> steps =
        List.of(Step.of(1, 1, both, 1, 1), Step.of(2, 2, both, 1, Double.NaN), Step.of(3, 3, "em", 1), Step.of(4, 4, both, 1, 1));
    assertEquals(4, Watching.stopOf(policy, run, steps));
  }
}
