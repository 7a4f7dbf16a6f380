package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Outlook;
import io.stopcast.model.OutlookCurve;
import io.stopcast.model.Outlooks;
import io.stopcast.model.Priors;
import io.stopcast.model.StopModel;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnedPolicyTest extends StopPolicyContract {
  @Override
  Stream<StopPolicy> policies() {
    return Stream.of(new LearnedPolicy(new HandMadeModel(), 0.1, 0.6), new LearnedPolicy(new HandMadeModel(), 0.3, 0.9), WITH_OUTLOOK, SELECTED);
  }

  @Test
  void observe_score_isTheModelsProbabilityAndStopsAtTheThreshold() {
    StopPolicy.Watch watch =
        new LearnedPolicy(new HandMadeModel(), 0.1, 0.6)
            .watch(RunContext.of(Objective.maximize("m")).withHorizon(Horizon.ofPoints(60)));
    assertTrue(Double.isNaN(watch.score()));
    int stops = 0;
    for (int t = 0; t < 60; t++) {
      Decision decision = watch.observe(Step.of(t, t, "m", Math.sin(t * t)));
      assertEquals(watch.score() >= 0.6, decision.isStop());
      stops += decision.isStop() ? 1 : 0;
    }
    assertTrue(stops > 0 && stops < 60, stops + " of 60");
  }

  /** A model for noisy curves, a rule for others. */
  private static final StopPolicy SELECTED =
      new Selection(
          List.of(
              new Case(List.of(new Condition.Within("curve.noise.span", 0.02, 9)), new LearnedPolicy(new HandMadeModel(), 0.1, 0.6))),
          new Patience(4), 6, 0.1);

  /** Says of a score what it says itself, and that as much is to come as there was. */
  private static final Outlooks OUTLOOKS =
      new Outlooks(
          new TreeMap<>(
              Map.of(
                  .1,
                  new OutlookCurve(
                      new double[] {0, 1},
                      new double[] {0, 1},
                      new double[] {.5, .5},
                      new double[] {.25, .25},
                      new double[] {.75, .75},
                      new double[] {.5, .5}))),
          new TreeMap<>());

  private static final StopPolicy WITH_OUTLOOK =
      new LearnedPolicy(new HandMadeModel(), Priors.NONE, OUTLOOKS, .1, .6, .6);

  @Test
  void outlook_beforeTheFirstPointOrWithoutCurves_isEmpty() {
    RunContext run = RunContext.of(Objective.maximize("m"));
    StopPolicy.Watch watch = WITH_OUTLOOK.watch(run);
    assertEquals(Optional.empty(), watch.outlook());
    watch.observe(Step.of(0, 0, "other", 1));
    assertEquals(Optional.empty(), watch.outlook());
    StopPolicy.Watch without = new LearnedPolicy(new HandMadeModel(), .1, .6).watch(run);
    without.observe(Step.of(0, 0, "m", 1));
    assertEquals(Optional.empty(), without.outlook());
    assertEquals(Optional.empty(), without.attribution());
  }

  @Test
  void outlook_points_areInTheMetricsUnitAndTheRunsPoints() {
    StopPolicy.Watch watch =
        WITH_OUTLOOK.watch(RunContext.of(Objective.minimize("loss")).withHorizon(Horizon.ofPoints(5)));
    watch.observe(Step.of(0, 0, "loss", 9));
    watch.observe(Step.of(1, 1, "loss", 5));
    assertEquals(Optional.empty(), watch.outlook(), "warm-up");
    watch.observe(Step.of(2, 2, "loss", 6));
    Outlook third = watch.outlook().orElseThrow();
    assertEquals(watch.score(), third.probability(), 1e-7);
    assertEquals(4, third.gain());
    assertEquals(4 / 3.0, third.gainMedian());
    assertEquals(12, third.gainHigh());
    assertEquals(2, third.pointsToGain(), 1e-9, "as many as are planned still");
  }

  @Test
  void observe_curveThatStandsStill_isNotJudged() {
    StopPolicy.Watch watch = new LearnedPolicy(new HandMadeModel(), 0.1, 0).watch(RunContext.of(Objective.minimize("loss")));
    for (int t = 0; t < 30; t++) {
      assertEquals(Decision.CONTINUE, watch.observe(Step.of(t, t, "loss", 9)));
    }
    assertTrue(watch.observe(Step.of(30, 30, "loss", 9.5)).isStop());
  }

  @ParameterizedTest(name = "{0} points planned: judged from point {1} on")
  @CsvSource({"0, 3", "10, 3", "60, 3", "61, 4", "200, 10"})
  void observe_warmUp_isThreePointsAndATwentiethOfThePlan(int planned, int first) {
    RunContext run = RunContext.of(Objective.maximize("m"));
    StopPolicy.Watch watch =
        new LearnedPolicy(new HandMadeModel(), 0.1, 0)
            .watch(planned == 0 ? run : run.withHorizon(Horizon.ofPoints(planned)));
    for (int point = 1; point < first; point++) {
      assertEquals(Decision.CONTINUE, watch.observe(Step.of(point, point, "m", point)));
      assertTrue(Double.isNaN(watch.score()));
    }
    assertTrue(watch.observe(Step.of(first, first, "m", first)).isStop());
  }

  @Test
  void stop_reasonReadLater_isThatOfItsPoint() {
    StopPolicy.Watch watch =
        new LearnedPolicy(new HandMadeModel(), Priors.NONE, OUTLOOKS, .1, 0, 0)
            .watch(RunContext.of(Objective.maximize("m")));
    Decision.Stop stop = null;
    String reason = null;
    for (int t = 0; t < 20; t++) {
      if (watch.observe(Step.of(t, t, "m", Math.sqrt(t))) instanceof Decision.Stop now && stop == null) {
        stop = now;
        reason = now.reason();
      }
    }
    assertEquals(reason, stop.reason());
  }

  @Test
  void outlook_throughWrappers_isTheLearnedPolicys() {
    for (StopPolicy policy :
        List.of(
            WITH_OUTLOOK.notBefore(3),
            WITH_OUTLOOK.or(new Patience(3, 0)),
            new Patience(3, 0).or(WITH_OUTLOOK),
            new Patience(3, 0).and(WITH_OUTLOOK))) {
      StopPolicy.Watch watch = policy.watch(RunContext.of(Objective.maximize("m")));
      for (int t = 0; t < 3; t++) {
        watch.observe(Step.of(t, t, "m", t));
      }
      assertTrue(watch.outlook().isPresent(), policy.toString());
    }
  }

  @Test
  void outlook_anyPoint_dependsOnThePastOnly() {
    RunContext run = RunContext.of(Objective.maximize("m")).withHorizon(Horizon.ofPoints(40));
    for (int cut = 1; cut < 30; cut += 7) {
      StopPolicy.Watch one = WITH_OUTLOOK.watch(run);
      StopPolicy.Watch other = WITH_OUTLOOK.watch(run);
      List<Optional<Outlook>> seen = new ArrayList<>();
      for (int t = 0; t < 40; t++) {
        one.observe(Step.of(t, t, "m", Math.sin(t)));
        seen.add(one.outlook());
      }
      for (int t = 0; t < 40; t++) {
        other.observe(Step.of(t, t, "m", t < cut ? Math.sin(t) : 100 * t));
        if (t < cut) {
          assertEquals(seen.get(t), other.outlook());
        }
      }
    }
  }

  @Test
  void constructor_modelForOtherFeatures_namesTheFirstDifference() {
    StopModel other =
        new StopModel() {
          @Override
          public FeatureSchema schema() {
            return new FeatureSchema(1, List.of("em.last"));
          }

          @Override
          public float margin(float[] features) {
            return 0;
          }

          @Override
          public void close() {}
        };
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new LearnedPolicy(other, 0.1, 0.5));
    assertTrue(e.getMessage().contains("first difference at position 0: expected 'em.last', found '"), e.getMessage());
  }

  @ParameterizedTest(name = "price {0}, threshold {1}")
  @CsvSource({
    "-1, 0.5, 'the price must be positive, such as 0.1, but was -1.0'",
    "NaN, 0.5, 'the price must be positive, such as 0.1, but was NaN'",
    "0.1, 2, 'the threshold must be a probability within 0..1, but was 2.0'"
  })
  void constructor_nonsense_saysWhatWouldBeRight(double price, double threshold, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> new LearnedPolicy(new HandMadeModel(), price, threshold))
            .getMessage());
  }
}
