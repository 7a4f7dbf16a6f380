package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvisersTest {
  /** The points, from 1, at which a policy asks for a change. */
  private static List<Integer> asked(StopPolicy policy, RunContext run, double... curve) {
    List<Integer> points = new ArrayList<>();
    List<Decision> decisions = Watching.decisions(policy, run, Watching.steps(curve));
    for (int i = 0; i < decisions.size(); i++) {
      if (decisions.get(i).advice().isPresent()) {
        points.add(i + 1);
      }
    }
    return points;
  }

  /** {@code ReduceLROnPlateau.step}, line by line. */
  private static List<Integer> asPyTorch(double[] curve, boolean min, boolean relative, double threshold, int patience, int coolDown) {
    List<Integer> reduced = new ArrayList<>();
    double best = min ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    int bad = 0;
    int cooling = 0;
    for (int i = 0; i < curve.length; i++) {
      double current = curve[i];
      boolean better =
          min
              ? relative ? current < best * (1.0 - threshold) : current < best - threshold
              : relative ? current > best * (threshold + 1.0) : current > best + threshold;
      if (better) {
        best = current;
        bad = 0;
      } else {
        bad += 1;
      }
      if (cooling > 0) {
        cooling -= 1;
        bad = 0;
      }
      if (bad > patience) {
        reduced.add(i + 1);
        cooling = coolDown;
        bad = 0;
      }
    }
    return reduced;
  }

  @Test
  void reduceOnPlateau_randomCurves_asksWherePyTorchReduces() {
    int reductions = 0;
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      double[] curve = new double[80];
      for (int i = 0; i < curve.length; i++) {
        curve[i] = 0.1 + Math.exp(-i / 10.0) + 0.02 * random.nextDouble();
      }
      boolean min = random.nextBoolean();
      boolean relative = random.nextBoolean();
      double threshold = random.nextInt(3) * 0.013;
      int patience = random.nextInt(5);
      int coolDown = random.nextInt(5);
      MinDelta minDelta = relative ? MinDelta.relative(threshold) : MinDelta.absolute(threshold);
      RunContext run = RunContext.of(min ? Objective.minimize("em") : Objective.maximize("em"));
      List<Integer> expected = asPyTorch(curve, min, relative, threshold, patience, coolDown);
      assertEquals(expected, asked(new ReduceOnPlateau(0.1, patience, minDelta, coolDown), run, curve), "seed " + seed);
      reductions += expected.size();
    }
    assertTrue(reductions > 1000, reductions + " reductions");
  }

  @Test
  void reduceOnPlateau_nan_waitsForTheNextPointThatIsNoBetter() {
    StopPolicy policy = new ReduceOnPlateau(0.1, 1);
    assertEquals(List.of(4), asked(policy, Watching.RUN, 1, 1, Double.NaN, 1, 1));
    assertEquals(List.of(), asked(policy, Watching.RUN, 1, 1, Double.NaN, 2));
  }

  @Test
  void advising_drop_asksBelow95PercentOfTheBestForThreeReports() {
    StopPolicy policy = new ReductionThreshold(Drop.relative(0.05), 3).advising(new Advice.ReduceLearningRate(0.5));
    assertEquals(List.of(6, 7), asked(policy, Watching.RUN, 0.5, 0.8, 0.79, 0.75, 0.75, 0.7, 0.7, 0.78));
    assertEquals("reduction(0.05 of best, 3 in a row) advising to multiply the learning rate by 0.5", policy.toString());
  }

  @Test
  void batchByNoise_noiseDrownsTheGain_asksForALargerBatch() {
    Random random = new Random(1);
    double[] curve = new double[60];
    for (int i = 0; i < curve.length; i++) {
      curve[i] = (i < 30 ? 0.2 * i : 6) + 0.1 * random.nextGaussian();
    }
    StopPolicy policy = new BatchByNoise(5, 1, 6, 2);
    List<Decision> decisions = Watching.decisions(policy, Watching.RUN, Watching.steps(curve));
    assertEquals(new Advice.ScaleBatch(0.5), decisions.get(9).advice().orElseThrow(), "it rises");
    assertEquals(new Advice.ScaleBatch(0.5), decisions.get(29).advice().orElseThrow());
    for (int i = 0; i < 60; i++) {
      int point = i;
      decisions.get(i).advice().ifPresent(advice -> assertEquals(point < 35 ? 0.5 : 2, advice.amount(), "point " + point));
    }
    assertTrue(decisions.stream().skip(35).filter(d -> d.advice().isPresent()).count() >= 3);
    double[] steady = new double[30];
    for (int i = 0; i < steady.length; i++) {
      steady[i] = i; // no noise at all
    }
    assertEquals(List.of(), asked(policy, Watching.RUN, steady));
  }

  /** Still rising, but by less than its tokens cost. */
  @Test
  void batchByNoise_onMetricAgainstTokens_asksWhereTheGainIsNotWorthThem() {
    Random random = new Random(2);
    double[] curve = new double[100];
    for (int i = 0; i < curve.length; i++) {
      curve[i] = 0.001 * i + 0.002 * random.nextGaussian();
    }
    StopPolicy alone = new BatchByNoise(10, 0, 100, 2);
    StopPolicy against = alone.on(HybridObjective.minusLogCost(Objective.maximize("em"), 0.2));
    assertEquals(List.of(), asked(alone, Watching.RUN, curve));
    assertTrue(asked(against, Watching.RUN, curve).contains(20));
  }

  @ParameterizedTest(name = "{0} -> asks for {1} layers at its end")
  @CsvSource(delimiter = '|', textBlock = """
      9 9, 4 9, 4 9     | 1
      9 9, 4 4, 4 4     | 2
      9 9, 9 4, 9 4     | 0
      9 9, 4 4, 5 4     | 0
      9 9, 4 4, NaN 4   | 0
      9 9, 4 4, 4 4, NaN 4, Infinity 4 | 2
      0 0, 0 0, 0 0     | 0
      """)
  void stillLayers_changes_asksFromTheLowestUp(String changes, int expected) {
    StopPolicy policy = new StillLayers(List.of("one", "two"), 0.5, 2, StillLayers.Then.SHRINK);
    List<Step> steps = new ArrayList<>();
    for (String pair : changes.split(",")) {
      double[] both = Watching.curve(pair);
      steps.add(Step.of(steps.size(), 1, List.of("em", "one", "two"), 0.5, both[0], both[1]));
    }
    Decision last = Watching.decisions(policy, Watching.RUN, steps).get(steps.size() - 1);
    assertEquals(expected, last.advice().map(Advice::amount).orElse(0.0));
    if (expected > 0) {
      assertEquals("shrink_model", last.advice().orElseThrow().word());
    }
  }

  @Test
  void decision_continue_isEqualToOneThatSaysTheSame() {
    Advice slower = new Advice.ReduceLearningRate(0.5);
    assertEquals(Decision.CONTINUE, new Decision.Continue());
    assertEquals(new Decision.Continue(slower, "p", () -> "r"), new Decision.Continue(slower, "p", () -> "r"));
    assertEquals("p: multiply the learning rate by 0.5: r", new Decision.Continue(slower, "p", () -> "r").toString());
    assertEquals("go on", Decision.CONTINUE.toString());
  }
}
