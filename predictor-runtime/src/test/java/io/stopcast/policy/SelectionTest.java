package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.run.RunContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private static Case when(Condition condition, StopPolicy policy) {
    return new Case(List.of(condition), policy);
  }

  /** On a curve that stands still from the second point on, a patience of 3 stops at the fourth point after the best, one of 5 at the sixth. */
  @ParameterizedTest(name = "after {0} points and {1} of {2}: stops at {3}")
  @CsvSource({
    "1, 0,   0,  7", // chosen at once
    "4, 0,   0,  7", // the chosen one has seen the points before
    "5, 0,   0,  7", // and decides at the point of the choice
    "6, 0,   0,  5", // until then the other decides
    "1, 0.3, 10, 7",
    "1, 0.6, 10, 5",
    "1, 0.6, 0,  7", // without a plan points alone count
  })
  void observe_oneWhoseBestIsOld_isChosenOnce(long points, double share, long planned, int stop) {
    Condition always = new Condition.Within("curve.time.log_points", 0, INF);
    StopPolicy policy = new Selection(List.of(when(always, new Patience(5))), new Patience(3), points, share);
    RunContext run = planned > 0 ? Watching.planned(planned) : Watching.RUN;
    assertEquals(stop, Watching.stopOf(policy, run, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1));
  }

  @Test
  void observe_featureThatIsNaN_fitsNoCase() {
    Condition ofPlan = new Condition.Within("curve.time.done", 0, INF);
    StopPolicy policy = new Selection(List.of(when(ofPlan, new Patience(5))), new Patience(3), 1, 0);
    assertEquals(5, Watching.stopOf(policy, 0, 1, 1, 1, 1, 1, 1, 1));
    assertEquals(7, Watching.stopOf(policy, Watching.planned(20), 0, 1, 1, 1, 1, 1, 1, 1));
  }

  @Test
  void observe_shapeOfTheCurve_decides() {
    StopPolicy policy =
        new Selection(
            List.of(
                new Case(
                    List.of(new Condition.OneOf("metric", List.of("em")), new Condition.Within("curve.bests.all", .9, 1)), StopPolicy.NEVER)),
            new Patience(2), 3, 0);
    assertEquals(0, Watching.stopOf(policy, 0, 1, 2, 3, 3, 3, 3, 3));
    assertEquals(6, Watching.stopOf(policy, 0, 1, 0, 3, 3, 3, 3, 3));
  }

  /** The condition sees what the extractor says at that very point. */
  @Test
  void observe_range_isOfTheFeatureAtThatPoint() {
    double[] curve = {.1, .5, .3, .6, .2, .65, .6, .61, .62, .6};
    FeatureExtractor extractor = new FeatureExtractor(Watching.RUN);
    for (int i = 0; i < 6; i++) {
      extractor.observe(Watching.steps(curve).get(i));
    }
    double noise = extractor.features()[FeatureExtractor.schema().indexOf("noise.span")];
    for (int above = 0; above < 2; above++) {
      Condition range = new Condition.Within("curve.noise.span", noise + above * 1e-6, INF);
      StopPolicy policy = new Selection(List.of(when(range, new Patience(4))), new Patience(3), 6, 0);
      assertEquals(above == 0 ? 10 : 9, Watching.stopOf(policy, curve));
    }
  }

  @Test
  void new_nonsense_saysWhy() {
    Condition task = new Condition.OneOf("task", List.of("a"));
    List<Case> none = List.of();
    List<Case> one = List.of(when(task, StopPolicy.NEVER));
    List<Case> ofCurve = List.of(when(new Condition.Within("curve.noise.span", 0, 1), StopPolicy.NEVER));
    assertEquals(
        "a selection needs at least one case; without any, 'never' will do", message(() -> new Selection(none, StopPolicy.NEVER, 5, 0)));
    assertEquals(
        "a choice by context needs at least one case; without any, 'never' will do", message(() -> new ByContext(none, StopPolicy.NEVER)));
    assertEquals(
        "'curve.noise.span: 0..1' is not known when a run starts; a choice by the curve needs a Selection, after some points",
        message(() -> new ByContext(ofCurve, StopPolicy.NEVER)));
    assertEquals("a policy is chosen after at least 1 point, but was to be after 0", message(() -> new Selection(one, StopPolicy.NEVER, 0, 0)));
    assertEquals(
        "a policy is chosen after a share of the plan within 0..1, but was to be after NaN",
        message(() -> new Selection(one, StopPolicy.NEVER, 1, Double.NaN)));
    assertEquals(
        "a case needs a condition, or no case after it is ever looked at", message(() -> new Case(List.of(), StopPolicy.NEVER)));
    String unknown = message(() -> new Condition.Within("curve.noise", 0, 1));
    assertEquals("a curve has no feature 'curve.noise'; it has, each after 'curve.', [time.done", unknown.substring(0, 77));
    assertEquals(
        "a curve has no feature 'curve.price'", message(() -> new Condition.Within("curve.price", 0, 1)).substring(0, 36));
    assertEquals("'a' cannot lie within NaN..1.0: the lower end comes first", message(() -> new Condition.Within("a", Double.NaN, 1)));
    assertEquals("'a' needs at least one value", message(() -> new Condition.OneOf("a", List.of())));
  }

  private static String message(Executable nonsense) {
    return assertThrows(IllegalArgumentException.class, nonsense).getMessage();
  }
}
