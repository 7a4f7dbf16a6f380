package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies that ask for changes keep the contract as those that stop do, and, but for named exceptions, know no unit. */
class AdviceContractTest extends StopPolicyContract {
  private static final Advice SLOWER = new Advice.ReduceLearningRate(0.5);

  /** Each that names the objective's direction, and the one for the mirror image. */
  private static final StopPolicy TOKENS = againstTokens(Objective.maximize("em"));
  private static final StopPolicy MIRRORED_TOKENS = againstTokens(Objective.minimize("em"));

  private static StopPolicy againstTokens(Objective em) {
    return new BatchByNoise(4, 1, 6, 2).on(HybridObjective.minusLogCost(em, 0.0625));
  }

  /** They never stop. */
  static Stream<StopPolicy> advisers() {
    return Stream.of(
        new ReductionThreshold(Drop.relative(0.05), 2).advising(SLOWER),
        new ReduceOnPlateau(0.5, 3),
        new ReduceOnPlateau(0.1, 2, MinDelta.relative(0.01), 4),
        new StillLayers(List.of("train_loss"), 0.3, 2),
        new StillLayers(List.of("train_loss", "nobody_reports_this"), 0.5, 1, StillLayers.Then.SHRINK),
        TOKENS,
        new Patience(3).advising(SLOWER).and(new Patience(6)),
        new Patience(3).advising(SLOWER).withProbability(0.5, 3));
  }

  static Stream<StopPolicy> unitFree() {
    return Stream.of(
        new Patience(3).advising(SLOWER),
        new ReduceOnPlateau(0.5, 2, MinDelta.ofSpan(0.01), 1),
        new BatchByNoise(3, 0.5, 8, 2),
        new BatchByNoise(3, 0.5, 8, 2).or(new Patience(6)),
        new Patience(2).notBefore(20).advised(new ReduceOnPlateau(0.5, 3, MinDelta.NONE, 0)),
        new Patience(3).advised(new Patience(2).advising(SLOWER)).trying(5, 2).within(Bounds.of(2)),
        new LearnedPolicy(new HandMadeModel(), 0.1, 0.6).advised().unlessCertain(0.95, SLOWER).trying(3, 3),
        new FixedShare(0.6)
            .or(new Patience(4))
            .advised(new BatchByNoise(3, 0.5, 8, 2), new StillLayers(List.of("train_loss"), 0.3, 2))
            .within(Bounds.of(2).withLayers(1))
            .or(Budget.ofPoints(60)));
  }

  @Override
  Stream<StopPolicy> policies() {
    return Stream.concat(advisers(), unitFree());
  }

  @Override
  StopPolicy mirrored(StopPolicy policy) {
    return policy == TOKENS ? MIRRORED_TOKENS : policy;
  }

  /** What asks for a change makes it, and a hybrid metric makes a step with one metric more. */
  @Override
  long mostBytesAStep() {
    return 500;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_randomRuns_changesSomeAndNotOthers(StopPolicy policy) {
    long changed =
        IntStream.range(0, SEEDS)
            .filter(seed -> Sample.of(seed).decisions(policy).stream().anyMatch(decision -> decision.advice().isPresent()))
            .count();
    assertTrue(changed > 10 && changed < SEEDS - 5, policy + " changed " + changed);
  }

  @ParameterizedTest
  @MethodSource("advisers")
  void observe_adviser_neverStops(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      assertFalse(Sample.of(seed).stops(policy).contains(true), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("unitFree")
  void observe_otherUnitAndOffset_decidesTheSame(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      Sample other = one.map(Objective.maximize("em"), value -> 1024 * value - 300);
      assertEquals(one.deeds(policy), other.deeds(policy), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void or_never_decidesTheSame(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      assertEquals(one.decisions(policy), one.decisions(StopPolicy.NEVER.or(policy)), "seed " + seed);
    }
  }

  /** Whatever is put off, and however often: within four kinds times the changes times the trial. */
  @ParameterizedTest
  @MethodSource("policies")
  void advised_stopsThatTheTrialHolds_arePutOffForABoundedNumberOfPoints(StopPolicy adviser) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      List<Boolean> held = one.stops(Budget.ofPoints(5).advised(adviser).trying(4, 1).within(Bounds.of(2)));
      long off = held.stream().skip(4).filter(stop -> !stop).count();
      long nan = one.steps().stream().filter(step -> Double.isNaN(step.value("em"))).count();
      assertFalse(off > 4 * 2 * 4 + nan, off + " points, seed " + seed);
    }
  }
}
