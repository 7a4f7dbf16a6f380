package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.model.Outlook;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CombinatorsTest {
  private static final double[] CURVE = {0.1, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3};

  @Test
  void or_stopsAtTheEarlierOne_inItsWords() {
    var run = Watching.planned(8);
    StopPolicy both = new Patience(3).or(new FixedShare(0.5));
    assertEquals(Watching.firstStop(new FixedShare(0.5), run, CURVE), Watching.firstStop(both, run, CURVE));
    assertEquals("(patience(3 steps) or fixed-share(0.5 of plan))", both.toString());
  }

  @Test
  void wrappers_advice_passesUnlessTheRunIsStopped() {
    StopPolicy slower = Budget.ofPoints(2).advising(new Advice.ReduceLearningRate(0.5));
    StopPolicy larger = Budget.ofPoints(1).advising(new Advice.ScaleBatch(2));
    StopPolicy stops = Budget.ofPoints(3);
    assertEquals(". r S", deeds(slower.or(stops)));
    assertEquals("s r S", deeds(slower.or(larger).or(stops)), "the first one's goes first");
    assertEquals("s s S", deeds(larger.or(slower).or(stops)));
    assertEquals("s r r", deeds(slower.and(stops).or(larger)), "no stop of both, so the advice of one");
    assertEquals(". . .", deeds(stops.and(StopPolicy.NEVER)));
    assertEquals("s s S", deeds(larger.or(stops).notBefore(2)));
    assertEquals("s . S", deeds(larger.or(Budget.ofPoints(2)).notBefore(3)), "a stop that is held back leaves no room for advice");
    assertEquals(". r .", deeds(slower.or(stops).notBefore(4)));
    assertEquals(". r r", deeds(slower.notBeforeCost(9)));
    assertEquals(". . .", deeds(stops.notBeforeShare(0.5)));
    assertEquals(". r r", deeds(slower.unlessBelow(9)));
    assertEquals(". r r", deeds(slower.withProbability(1e-9, 1)), "exempt from stopping, not from advice");
    assertEquals(". r r", deeds(slower.advising(new Advice.ScaleBatch(2))));
  }

  private static String deeds(StopPolicy policy) {
    return Watching.decisions(policy, Watching.RUN, Watching.steps(0, 0, 0)).stream()
        .map(decision -> decision.isStop() ? "S" : decision.advice().map(advice -> advice.word().substring(0, 1)).orElse("."))
        .collect(Collectors.joining(" "));
  }

  @Test
  void or_bothStop_saysTheFirst() {
    StopPolicy both = new Patience(2).or(new Patience(1));
    Decision atFour = Watching.decisions(both, Watching.RUN, Watching.steps(CURVE)).get(3);
    assertEquals(
        new Decision.Stop("patience(2 steps)", "the last improvement, to 0.2000 at point 2, is 2 points old"), atFour);
  }

  @Test
  void and_stopsWhereBothDo_withBothReasons() {
    StopPolicy both = new Patience(1).and(new FixedShare(0.75));
    assertEquals(
        new Decision.Stop(
            "(patience(1 steps) and fixed-share(0.75 of plan))",
            "the last improvement, to 0.3000 at point 6, is 1 points old; and 0.8750 of the plan is done at point 7"),
        Watching.firstStop(both, Watching.planned(8), CURVE));
  }

  @Test
  void notBefore_countsPointsAndLetsThePolicySeeThemAll() {
    StopPolicy policy = new Patience(1).notBefore(4);
    List<Step> steps = new ArrayList<>(List.of(Step.of(-1, 0, "lr", 1), Step.of(0, 0, "lr", 1)));
    steps.addAll(Watching.steps(CURVE));
    assertEquals(6, Watching.stopOf(policy, Watching.RUN, steps));
    assertEquals(
        "the last improvement, to 0.2000 at point 2, is 2 points old",
        Watching.firstStop(policy, Watching.RUN, CURVE).reason());
    assertEquals("patience(1 steps) not before point 4", policy.toString());
  }

  @Test
  void notBefore_zero_saysTheLeast() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Patience(1).notBefore(0));
    assertEquals("the first point that may stop must be at least 1, but was 0", e.getMessage());
  }

  @Test
  void notBeforeShare_waitsForTheShareOfThePlan() {
    StopPolicy policy = new Patience(1).notBeforeShare(0.5);
    assertEquals(4, Watching.stopOf(policy, Watching.planned(8), CURVE));
    assertEquals(5, Watching.stopOf(policy, Watching.planned(10), CURVE));
    assertEquals(4, Watching.stopOf(policy, Watching.RUN.withHorizon(Horizon.ofCost(8)), CURVE));
    assertEquals(0, Watching.stopOf(policy, Watching.RUN, CURVE));
    assertEquals("patience(1 steps) not before 0.5 of plan", policy.toString());
  }

  @Test
  void notBeforeCost_waitsForTheCost() {
    StopPolicy policy = new Patience(1).notBeforeCost(4.5);
    assertEquals(5, Watching.stopOf(policy, CURVE));
    List<Step> unknown = new ArrayList<>(Watching.steps(CURVE));
    unknown.set(4, unknown.get(4).withCost(Double.NaN));
    assertEquals(7, Watching.stopOf(policy, Watching.RUN, unknown)); // the sixth is better
    assertEquals("patience(1 steps) not before cost 4.5", policy.toString());
  }

  @Test
  void unlessBelow_waitsForTheBest() {
    StopPolicy policy = new Patience(1).unlessBelow(0.3);
    assertEquals(7, Watching.stopOf(policy, CURVE));
    assertEquals(0, Watching.stopOf(new Patience(1).unlessBelow(0.31), CURVE));
    assertEquals(5, Watching.stopOf(policy, 0.1, 0.3, 0.35, 0.4, 0.2)); // the best counts, not the last
    RunContext loss = RunContext.of(Objective.minimize("em"));
    assertEquals(3, Watching.stopOf(policy, loss, 0.4, 0.25, 0.5));
    assertEquals(0, Watching.stopOf(policy, loss, 0.4, 0.35, 0.5));
    assertEquals("patience(1 steps) unless below 0.3", policy.toString());
  }

  @Test
  void unlessBelow_hopeless_stops() {
    assertEquals(3, Watching.stopOf(withOutlook(new Patience(1), 0.05).unlessBelow(0.31), CURVE));
    assertEquals(7, Watching.stopOf(withOutlook(new Patience(1), 0.1).unlessBelow(0.31), 0.1, 0.22, 0.22, 0.3, 0.3, 0.31, 0.1));
    assertEquals(0, Watching.stopOf(withOutlook(new Patience(1), 0.2).unlessBelow(0.31), CURVE));
    assertEquals(0, Watching.stopOf(withOutlook(new Patience(1), Double.NaN).unlessBelow(0.31), CURVE));
    assertEquals(
        0, Watching.stopOf(withOutlook(new Patience(1), 0).unlessBelow(0.31), Double.NaN, Double.NEGATIVE_INFINITY));
    RunContext loss = RunContext.of(Objective.minimize("em"));
    assertEquals(3, Watching.stopOf(withOutlook(new Patience(1), 0.1).unlessBelow(0.2), loss, 0.4, 0.35, 0.5));
    assertEquals(0, Watching.stopOf(withOutlook(new Patience(1), 0.2).unlessBelow(0.2), loss, 0.4, 0.35, 0.5));
  }

  /** A policy that always expects the run to gain no more than this, in nine of ten runs. */
  private static StopPolicy withOutlook(StopPolicy policy, double gain) {
    return run -> {
      StopPolicy.Watch inner = policy.watch(run);
      return new StopPolicy.Watch() {
        @Override
        public Decision observe(Step step) {
          return inner.observe(step);
        }

        @Override
        public Optional<Outlook> outlook() {
          return Optional.of(new Outlook(0.5, gain, gain, gain, 3));
        }
      };
    };
  }

  @Test
  void conditions_nonsense_saySo() {
    StopPolicy policy = new Patience(1);
    assertEquals(
        "the share of the plan before which nothing stops must be above 0 and at most 1, but was 1.5",
        assertThrows(IllegalArgumentException.class, () -> policy.notBeforeShare(1.5)).getMessage());
    assertEquals(
        "the cost before which nothing stops must be positive and finite, but was NaN",
        assertThrows(IllegalArgumentException.class, () -> policy.notBeforeCost(Double.NaN)).getMessage());
    assertEquals(
        "the floor must be a finite value of the metric, but was NaN",
        assertThrows(IllegalArgumentException.class, () -> policy.unlessBelow(Double.NaN)).getMessage());
  }
}
