package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ArbiterTest {
  private static final Advice SLOWER = new Advice.ReduceLearningRate(0.5);
  private static final Advice LARGER = new Advice.ScaleBatch(2);
  private static final StopPolicy ALWAYS = Budget.ofPoints(1);

  /** What the trainer is to do, a letter a point: {@code .} go on, {@code S} stop, {@code r} reduce, {@code b} batch, {@code f} freeze. */
  private static String deeds(StopPolicy policy, RunContext run, List<Step> steps) {
    StringBuilder deeds = new StringBuilder();
    for (Decision decision : Watching.decisions(policy, run, steps)) {
      String advised = decision.advice().map(advice -> advice.word().substring(0, 1).replace('s', 'b')).orElse(".");
      deeds.append(decision.isStop() ? "S" : advised);
    }
    return deeds.toString();
  }

  private static String deeds(StopPolicy policy, int points) {
    return deeds(policy, Watching.RUN, Watching.steps(new double[points]));
  }

  private static RunContext with(Map<String, Object> parameters) {
    return new RunContext("lab", "t", "r1", Objective.maximize("em"), Horizon.UNKNOWN, "steps", parameters);
  }

  @Test
  void observe_stopWhileAChangeIsTried_isHeldBack() {
    StopPolicy slower = Budget.ofPoints(2).advising(SLOWER);
    Arbiter arbiter = Budget.ofPoints(3).advised(slower).trying(4, 4).within(Bounds.of(1));
    assertEquals(".r....SSS", deeds(arbiter, 9));
    assertEquals(".r...r....SSS", deeds(arbiter.trying(4, 3).within(Bounds.of(2)), 13));
    assertEquals(".rSSS", deeds(arbiter.trying(0, 9), 5), "nothing is held");
  }

  @Test
  void observe_budgetOutside_isNotHeldBack() {
    StopPolicy slower = Budget.ofPoints(2).advising(SLOWER);
    assertEquals(".r.S", deeds(Budget.ofPoints(3).advised(slower).or(Budget.ofPoints(4)), 4));
    assertEquals(".rSS", deeds(StopPolicy.NEVER.advised(slower).or(Budget.ofPoints(3)), 4));
  }

  @Test
  void observe_severalAdvisers_grantsTheFirstThatMayBe() {
    StopPolicy both = StopPolicy.NEVER.advised(ALWAYS.advising(SLOWER), ALWAYS.advising(LARGER)).trying(2, 2).within(Bounds.of(2));
    assertEquals("r..r..b..b.....", deeds(both, 15));
  }

  @Test
  void observe_thePolicysOwnAdvice_comesLast() {
    StopPolicy own = ALWAYS.advising(LARGER).advised(Budget.ofPoints(3).advising(SLOWER)).trying(1, 1).within(Bounds.of(1));
    assertEquals("b.r...", deeds(own, 6));
  }

  @Test
  void observe_stopThatIsNotCertain_becomesAChangeFirst() {
    StopPolicy sure = new Scored(0.9);
    StopPolicy unsure = new Scored(0.7);
    assertEquals("r...SS", deeds(unsure.advised().unlessCertain(0.8, SLOWER).trying(3, 3).within(Bounds.of(1)), 6));
    assertEquals("SSS", deeds(sure.advised().unlessCertain(0.8, SLOWER), 3));
    assertEquals("SSS", deeds(ALWAYS.advised().unlessCertain(0.8, SLOWER), 3), "no probability");
    Decision.Continue first =
        (Decision.Continue) Watching.decisions(unsure.advised().unlessCertain(0.8, SLOWER), Watching.RUN, Watching.steps(1)).get(0);
    assertEquals(SLOWER, first.advice().orElseThrow());
    assertEquals("a stop is right with a probability of 0.700 only, below 0.8: no more", first.reason());
  }

  @Test
  void observe_stopAfterChanges_saysHowManyWereTried() {
    Arbiter arbiter = Budget.ofPoints(3).advised(Budget.ofPoints(2).advising(SLOWER)).trying(1, 0).within(Bounds.of(2));
    assertEquals(".rr.S", deeds(arbiter, 5));
    List<Decision> decisions = Watching.decisions(arbiter, Watching.RUN, Watching.steps(0, 0, 0, 0, 0));
    assertEquals(
        new Decision.Stop("budget(3 points)", "the budget is spent: cost 5.00000 at point 5; 2 changes were tried, the last at point 3"),
        decisions.get(4));
    assertEquals("budget(2 points) advising to multiply the learning rate by 0.5", ((Decision.Continue) decisions.get(1)).policy());
    assertEquals("the budget is spent: cost 2.00000 at point 2", ((Decision.Continue) decisions.get(1)).reason());
  }

  @Test
  void observe_leastRate_goesDownToIt() {
    StopPolicy policy = StopPolicy.NEVER.advised(ALWAYS.advising(SLOWER)).trying(0, 0).within(Bounds.of(9).withLeastRate(0.03));
    assertEquals(List.of(0.5, 0.6), factors(policy, with(Map.of("learning_rate", 0.1))).toList());
    assertEquals(List.of(), factors(policy, Watching.RUN).toList(), "a rate that nobody knows has no bound to keep");
    List<Step> reported = new ArrayList<>();
    for (double rate : new double[] {1, 0.04, 0.03, 0.001}) {
      reported.add(Step.of(reported.size(), 1, List.of("em", "learning_rate"), 0, rate));
    }
    assertEquals("rr..", deeds(policy, with(Map.of("learning_rate", 0.1)), reported));
  }

  private static Stream<Double> factors(StopPolicy policy, RunContext run) {
    return Watching.decisions(policy, run, Watching.steps(new double[20])).stream()
        .flatMap(decision -> decision.advice().stream())
        .map(Advice::amount)
        .map(factor -> Math.rint(factor * 1e9) / 1e9);
  }

  @Test
  void observe_batch_staysWithinItsBounds() {
    StopPolicy policy = StopPolicy.NEVER.advised(ALWAYS.advising(LARGER)).trying(0, 0).within(Bounds.of(9).withBatch(16, 96));
    assertEquals(List.of(2.0, 1.5), factors(policy, with(Map.of("batch_size", 32L))).toList());
    StopPolicy smaller = StopPolicy.NEVER.advised(ALWAYS.advising(new Advice.ScaleBatch(0.25))).within(Bounds.of(9).withBatch(16, 96));
    assertEquals(List.of(0.5), factors(smaller, with(Map.of("batch_size", 32L))).toList());
  }

  @Test
  void observe_layers_areFrozenOnceAndOnlySoMany() {
    StopPolicy layers = new StillLayers(List.of("change_1", "change_2", "change_3"), 0.5, 1);
    List<String> names = List.of("em", "change_1", "change_2", "change_3");
    List<Step> steps =
        List.of(
            Step.of(1, 1, names, 0, 1, 1, 1),
            Step.of(2, 2, names, 0, 0.4, 1, 0.1),
            Step.of(3, 3, "em", 0),
            Step.of(4, 4, names, 0, Double.NaN, 0.2, 0.1),
            Step.of(5, 5, names, 0, 0.9, 0.2, 0.1));
    Arbiter free = StopPolicy.NEVER.advised(layers).trying(0, 0);
    assertEquals(".f.f.", deeds(free, Watching.RUN, steps));
    assertEquals(
        List.of(1.0, 3.0), Watching.decisions(free, Watching.RUN, steps).stream().flatMap(d -> d.advice().stream()).map(Advice::amount).toList());
    assertEquals(".f...", deeds(free.within(Bounds.of(9).withLayers(1)), Watching.RUN, steps));
  }

  @Test
  void watch_runBeyondTheBounds_saysSo() {
    assertEquals(
        "the least learning rate, 0.5, is above that of run 'r1', 0.1; choose one below it",
        messageOf(() -> StopPolicy.NEVER.advised().within(Bounds.of(1).withLeastRate(0.5)).watch(with(Map.of("learning_rate", 0.1)))));
    assertEquals(
        "the batch size is to stay within 64.0 to 128.0, but that of run 'r1' is 32.0",
        messageOf(() -> StopPolicy.NEVER.advised().within(Bounds.of(1).withBatch(64, 128)).watch(with(Map.of("batch_size", 32L)))));
  }

  @Test
  void requireReported_unknownSignal_saysWhatThereIs() {
    StopPolicy policy =
        new Patience(3).or(new SignalLimit("seconds", 9)).advised(new StillLayers(List.of("em", "change_1"), 0.1, 1)).notBefore(2);
    assertEquals(List.of("seconds", "em", "change_1"), Signals.of(policy));
    assertEquals(
        policy + " looks at [seconds, change_1], which the run does not report; it reports [em]",
        messageOf(() -> Signals.requireReported(policy, Step.of(1, 1, "em", 0))));
    Signals.requireReported(policy, Step.of(1, 1, List.of("em", "change_1", "seconds"), 0, 0, 0));
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    assertEquals(
        "a learning rate is reduced by a factor above 0 and below 1, but was to be by 1.0", messageOf(() -> new Advice.ReduceLearningRate(1)));
    assertEquals(
        "a learning rate is reduced by a factor above 0 and below 1, but was to be by 2.0", messageOf(() -> new ReduceOnPlateau(2, 3)));
    assertEquals(
        "a batch is scaled by a positive and finite factor other than 1, but was to be by 1.0", messageOf(() -> new Advice.ScaleBatch(1)));
    assertEquals("an advice is about at least 1 layer, but was to be about 0", messageOf(() -> new Advice.FreezeLayers(0)));
    assertEquals("an advice is about at least 1 layer, but was to be about -1", messageOf(() -> new Advice.ShrinkModel(-1)));
    assertEquals("the cool-down must be at least 0 points, but was -1", messageOf(() -> new ReduceOnPlateau(0.5, 3, MinDelta.NONE, -1)));
    assertEquals("patience must be at least 0, but was -1", messageOf(() -> new ReduceOnPlateau(0.5, -1)));
    assertEquals("a block needs 2 to 1000 points, but was to have 1", messageOf(() -> new BatchByNoise(1, 0, 1, 2)));
    assertEquals(
        "a batch is raised below a number of deviations and lowered above a larger one, but was to be at 2.0 and 1.0",
        messageOf(() -> new BatchByNoise(5, 2, 1, 2)));
    assertEquals("a batch is raised by a finite factor above 1, but was to be by 0.5", messageOf(() -> new BatchByNoise(5, 1, 2, 0.5)));
    assertEquals(
        "layers need 1 to 64 signals, each with a name of its own, but were to have [a, a]",
        messageOf(() -> new StillLayers(List.of("a", "a"), 0.1, 1)));
    assertEquals(
        "a layer is still below a share of its largest change above 0 and below 1, but was to be below 1.0",
        messageOf(() -> new StillLayers(List.of("a"), 1, 1)));
    assertEquals("a layer must be still for at least 1 point, but was to be for 0", messageOf(() -> new StillLayers(List.of("a"), 0.1, 0)));
    Arbiter arbiter = StopPolicy.NEVER.advised();
    assertEquals("a certainty must be a probability above 0 and at most 1, but was 1.5", messageOf(() -> arbiter.unlessCertain(1.5, SLOWER)));
    assertEquals(
        "a change is tried, and followed by no other, for at least 0 points, but was to be for -1 and 2", messageOf(() -> arbiter.trying(-1, 2)));
    assertEquals("an arbiter must grant at least 1 change of a kind, but was to grant 0", messageOf(() -> Bounds.of(0)));
    assertEquals("the least learning rate must be at least 0 and finite, but was NaN", messageOf(() -> Bounds.of(1).withLeastRate(Double.NaN)));
    assertEquals(
        "the batch size must be bounded by 0 or more and by something above that, but was by 8.0 and 4.0", messageOf(() -> Bounds.of(1).withBatch(8, 4)));
    assertEquals("0 or more layers may be frozen, but were to be -1", messageOf(() -> Bounds.of(1).withLayers(-1)));
  }

  @Test
  void toString_namesTheConfiguration() {
    assertEquals(
        "(patience(3 steps)) advised by [reduce-on-plateau(factor 0.5, patience 5, min-delta 1.0E-4 of the value)], to multiply the learning rate"
            + " by 0.5 below certainty 0.8, tried for 10 points, next after 10, at most 2 of a kind, learning rate from 1.0E-5, batch size 8.0 to"
            + " 64.0, 3 layers",
        new Patience(3)
            .advised(new ReduceOnPlateau(0.5, 5))
            .unlessCertain(0.8, SLOWER)
            .within(Bounds.of(2).withLeastRate(1e-5).withBatch(8, 64).withLayers(3))
            .toString());
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }

  /** Always stops, as sure as it is told to be. */
  private record Scored(double probability) implements StopPolicy {
    @Override
    public Watch watch(RunContext run) {
      return new Watch() {
        @Override
        public Decision observe(Step step) {
          return new Decision.Stop("scored", "no more");
        }

        @Override
        public double score() {
          return probability;
        }
      };
    }
  }
}
