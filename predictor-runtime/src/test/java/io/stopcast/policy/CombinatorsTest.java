package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
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
}
