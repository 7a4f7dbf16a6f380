package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Objective;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All hand-made rules and combinators keep the contract, and, but for named exceptions, know no unit. */
class RulesContractTest extends StopPolicyContract {
  /** Each policy that names a level of the metric, and the one that names its mirror image. */
  private static final Map<StopPolicy, StopPolicy> LEVELS =
      Map.of(
          new OutOfFront(front(1), Reach.beyondBest(0.0625), Reach.spent()),
          new OutOfFront(front(-1), Reach.beyondBest(0.0625), Reach.spent()),
          Target.reached(0.9), Target.reached(-0.9),
          Target.beyond(0.9375), Target.beyond(-0.9375),
          new Divergence(0.1875), new Divergence(-0.1875),
          new OutOfReach(0.9, 3), new OutOfReach(-0.9, 3),
          new KerasEarlyStopping(3, 0.01, 0.75, 4), new KerasEarlyStopping(3, 0.01, -0.75, 4),
          new Patience(3).unlessBelow(0.8), new Patience(3).unlessBelow(-0.8));

  private static ParetoFront front(int sign) {
    Objective em = sign > 0 ? Objective.maximize("em") : Objective.minimize("em");
    return ParetoFront.of(em, Objective.minimize("cost")).with(sign * 0.875, 20).with(sign * 1, 50);
  }

  @Override
  Stream<StopPolicy> policies() {
    return Stream.of(unitFree(), inUnits(), LEVELS.keySet().stream().sorted(Comparator.comparing(StopPolicy::toString)))
        .flatMap(policies -> policies);
  }

  @Override
  StopPolicy mirrored(StopPolicy policy) {
    return LEVELS.getOrDefault(policy, policy);
  }

  static Stream<StopPolicy> inUnits() {
    return Stream.of(
        new Patience(5, 0.01),
        new Patience(5, MinDelta.relative(0.01)),
        new MovingAverage(3, 0.001),
        new KerasEarlyStopping(5, 0.001),
        new LightningEarlyStopping(3, 0.01),
        new TransformersEarlyStopping(5, 0.001),
        new BoostingEarlyStopping(5, 0.01),
        new Dl4jScoreImprovement(5, 0.01),
        new Plateau(4, 0.003),
        new ReductionThreshold(Drop.absolute(0.05), 2),
        new ReductionThreshold(Drop.relative(0.1).tightening(0.5), 2),
        new SignalLimit("train_loss", 0.5));
  }

  static Stream<StopPolicy> unitFree() {
    return Stream.of(
        new FixedShare(0.5),
        new Patience(3),
        new Patience(10, MinDelta.ofSpan(0.01)),
        new PatienceShare(0.1, MinDelta.ofSpan(0.003)),
        new RelativeDrop(0.1, 3),
        new GeneralizationLoss(20),
        new ProgressQuotient(1, 5),
        new SuccessiveIncreases(2, 3),
        new IncToDec(0.7, 10),
        new PowerLaw(0.02),
        new Patience(5).or(new FixedShare(0.7)),
        new Patience(20).or(Budget.ofCost(60)),
        Budget.ofPoints(40),
        new FixedShare(0.6).and(new Patience(2)),
        new GeneralizationLoss(10).notBefore(10),
        new ReductionThreshold(Drop.ofNoise(4), 2),
        new ReductionThreshold(Drop.ofSpan(0.2).tightening(0.25), 3),
        new Wilcoxon(0.3, 3),
        new NonFinite(1),
        new Plateau(5, MinDelta.ofSpan(0.02)),
        new Patience(2).notBeforeShare(0.5),
        new Patience(3).notBeforeCost(30),
        new Patience(3).withProbability(0.9, 1),
        Stochastic.eachStep(new Patience(3), 0.25, 1),
        new ByContext(List.of(new Case(List.of(new Condition.Within("planned", 0, 40)), new FixedShare(0.5))), new Patience(4)),
        new Selection(
            List.of(
                new Case(List.of(new Condition.Within("curve.noise.span", 0.02, 9)), new GeneralizationLoss(20)),
                new Case(
                    List.of(new Condition.OneOf("metric", List.of("e*")), new Condition.Within("curve.bests.all", 0.9, 1)),
                    new RelativeDrop(0.1, 2))),
            new Patience(6),
            8,
            0.1));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_randomRuns_stopsSomeAndNotOthers(StopPolicy policy) {
    long stopped = IntStream.range(0, SEEDS).filter(seed -> Sample.of(seed).stops(policy).contains(true)).count();
    assertTrue(stopped > 10 && stopped < SEEDS - 5, policy + " stopped " + stopped);
  }

  @ParameterizedTest
  @MethodSource("unitFree")
  void observe_otherUnitAndOffset_decidesTheSame(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      Sample other = one.map(Objective.maximize("em"), value -> 1024 * value - 300);
      assertEquals(one.stops(policy), other.stops(policy), "seed " + seed);
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

  @ParameterizedTest
  @MethodSource("policies")
  void and_never_neverStops(StopPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      assertFalse(Sample.of(seed).stops(StopPolicy.NEVER.and(policy)).contains(true), "seed " + seed);
    }
  }
}
