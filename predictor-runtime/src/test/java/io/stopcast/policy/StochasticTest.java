package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StochasticTest {
  private static final double[] CURVE = {0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2};
  private static final StopPolicy RULE = new Patience(1);

  private static RunContext run(String task, int number) {
    return new RunContext("lab", task, "r" + number, Objective.maximize("em"), Watching.RUN.horizon(), "steps", Map.of());
  }

  private static List<Integer> stops(StopPolicy policy, String task) {
    return IntStream.range(0, 2000).map(r -> Watching.stopOf(policy, run(task, r), CURVE)).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 0.9})
  void withProbability_manyRuns_stopsThatShareWhereThePolicyDoes(double probability) {
    List<Integer> stops = stops(RULE.withProbability(probability, 7), "task");
    assertEquals(probability, stops.stream().filter(stop -> stop == 3).count() / 2000.0, 0.035); // 3 standard deviations
    assertEquals(2000, stops.stream().filter(stop -> stop == 3 || stop == 0).count());
  }

  @Test
  void withProbability_otherSeedOrTask_exemptsOtherRuns() {
    List<Integer> stops = stops(RULE.withProbability(0.5, 7), "task");
    for (List<Integer> others : List.of(stops(RULE.withProbability(0.5, 8), "task"), stops(RULE.withProbability(0.5, 7), "tasl"))) {
      long alike = IntStream.range(0, 2000).filter(r -> stops.get(r).equals(others.get(r))).count();
      assertEquals(0.5, alike / 2000.0, 0.035);
      long shifted = IntStream.range(1, 2000).filter(r -> stops.get(r - 1).equals(others.get(r))).count();
      assertEquals(0.5, shifted / 1999.0, 0.035);
    }
  }

  @Test
  void withProbability_one_stopsAsThePolicyDoes() {
    List<Integer> stops = stops(RULE.withProbability(1, 7), "task");
    assertEquals(List.of(3), stops.stream().distinct().toList());
  }

  @Test
  void eachStep_stopsOneStepAfterAnother() {
    List<Integer> stops = stops(Stochastic.eachStep(RULE, 0.5, 7), "task");
    for (int i = 0; i < 5; i++) {
      int stop = 3 + i;
      double expected = Math.pow(0.5, i + 1);
      assertEquals(expected, stops.stream().filter(s -> s == stop).count() / 2000.0, 0.035);
    }
  }

  @Test
  void propensity_run_isThatOfTheOneDraw() {
    Stochastic policy = RULE.withProbability(0.75, 7);
    RunContext exempt = IntStream.range(0, 99).mapToObj(r -> run("t", r)).filter(policy::isExempt).findFirst().orElseThrow();
    RunContext other = IntStream.range(0, 99).mapToObj(r -> run("t", r)).filter(r -> !policy.isExempt(r)).findFirst().orElseThrow();
    assertEquals(List.of(1.0, 1.0, 0.25, 0.25, 0.25, 0.25, 0.25), propensities(policy, exempt));
    assertEquals(List.of(1.0, 1.0, 0.75, 0.75, 0.75, 0.75, 0.75), propensities(policy, other));
    assertEquals(
        "the last improvement, to 0.2000 at point 2, is 1 points old; carried out with probability 0.75",
        Watching.firstStop(policy, other, CURVE).reason());
  }

  @Test
  void propensity_eachStep_isTheProductOfTheDraws() {
    Stochastic policy = Stochastic.eachStep(RULE, 0.75, 7);
    RunContext run =
        IntStream.range(0, 99).mapToObj(r -> run("t", r)).filter(r -> Watching.stopOf(policy, r, CURVE) == 5).findFirst().orElseThrow();
    assertEquals(List.of(1.0, 1.0, 0.25, 0.0625, 0.046875), propensities(policy, run).subList(0, 5));
    assertEquals(false, policy.isExempt(run));
  }

  private static List<Double> propensities(Stochastic policy, RunContext run) {
    Stochastic.Exploration watch = policy.watch(run);
    List<Double> propensities = new ArrayList<>();
    for (Step step : Watching.steps(CURVE)) {
      watch.observe(step);
      propensities.add(watch.propensity());
    }
    return propensities;
  }

  @Test
  void restore_knowsThePropensity() throws IOException {
    Stochastic policy = Stochastic.eachStep(RULE, 0.25, 7);
    Stochastic.Exploration watch = policy.watch(run("t", 1));
    for (Step step : Watching.steps(CURVE)) {
      watch.observe(step);
      ByteArrayOutputStream saved = new ByteArrayOutputStream();
      watch.save(new DataOutputStream(saved));
      Stochastic.Exploration restored = policy.watch(run("t", 1));
      restored.restore(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
      assertEquals(watch.propensity(), restored.propensity());
    }
    assertNotEquals(1, watch.propensity());
  }

  @Test
  void toString_namesTheConfiguration() {
    assertEquals("patience(1 steps) with probability 0.5 of runs (seed 7)", RULE.withProbability(0.5, 7).toString());
    assertEquals(
        "patience(1 steps) with probability 0.5 at each step (seed 7)", Stochastic.eachStep(RULE, 0.5, 7).toString());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.5, Double.NaN})
  void new_noProbability_saysTheRange(double wrong) {
    var e = assertThrows(IllegalArgumentException.class, () -> RULE.withProbability(wrong, 7));
    assertEquals(
        "the probability of carrying out a stop must be above 0 and at most 1, but was " + wrong, e.getMessage());
  }
}
