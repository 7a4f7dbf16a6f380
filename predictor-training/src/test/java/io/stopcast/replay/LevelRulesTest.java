package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.Target;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LevelRulesTest {
  private static final double[] PRICES = {0.03, 0.3};

  /** A run that climbs to 1 at the given point, of so many, and stays there. */
  private static Run climber(String task, String name, int at, int points) {
    double[] curve = new double[points];
    Arrays.setAll(curve, t -> Math.min(1, t / (double) at));
    return RecordedRuns.of(task, name, curve);
  }

  private static List<ScoredRun> climbers(String task, int runs) {
    List<Run> all = new ArrayList<>();
    for (int r = 0; r < runs; r++) {
      all.add(climber(task, "r" + r, 10 + r, 40));
    }
    return ScoredRun.of(all);
  }

  private static final LevelRules TARGETS =
      new LevelRules(
          List.of(
              new LevelRules.Level("half", (levels, objective) -> Target.reached(levels.on(objective, .5))),
              new LevelRules.Level("all", (levels, objective) -> Target.reached(levels.on(objective, 1)))));

  @Test
  void fit_runsThatStayAtTheirBest_stopsThemThere_whateverThePrice() {
    Learned learned = TARGETS.fit(climbers("t", 6), PRICES);
    assertEquals(List.of("all", "all"), learned.policies().stream().map(StopPolicy::toString).toList());
    assertEquals(List.of("half", "all"), learned.settings().stream().map(Setting::name).toList());
    assertEquals(20, Replay.pointOf(learned.policies().get(0), climber("t", "new", 20, 40)));
    assertEquals(10, Replay.pointOf(learned.settings().get(0).policy(), climber("t", "new", 20, 40)));
  }

  @Test
  void fit_unknownTask_isNotStopped() {
    Learned learned = TARGETS.fit(climbers("t", 6), PRICES);
    assertEquals(39, Replay.pointOf(learned.policies().get(0), climber("other", "new", 20, 40)));
  }

  @Test
  void fit_tasksOfTwoRuns_areNotKnown() {
    Learned learned = TARGETS.fit(climbers("t", 2), PRICES);
    assertSame(StopPolicy.NEVER, learned.policies().get(0));
  }

  @Test
  void levels_withoutARun_leaveOutItsOwnConfiguration() {
    List<Run> runs = new ArrayList<>();
    for (double best : new double[] {1, 2, 3, 10}) {
      runs.add(RecordedRuns.of("t", "r" + best, 0, best, best));
    }
    List<ScoredRun> scored = ScoredRun.of(runs);
    TaskLevels.Known known = new TaskLevels.Known(scored);
    TaskLevels all = known.all().get(scored.get(0).task());
    assertEquals(List.of(0.0, 3.0, 10.0), List.of(all.first(), all.median(), all.best()));
    TaskLevels without = known.without(scored.get(3)).orElseThrow();
    assertEquals(List.of(0.0, 2.0, 3.0), List.of(without.first(), without.median(), without.best()));
    assertEquals(1.5, without.on(scored.get(0).run().context().objective(), .5));
    assertTrue(without.front().admits(10, 2) && !all.front().admits(10, 2) && all.front().admits(11, 2));
  }
}
