package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.Priors;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class ColdStartTest {
  private static final int LENGTH = 40;
  private static final Protocol PROTOCOL = new Protocol(List.of(0.1), 3, 1);
  private static final List<Family> FAMILIES =
      List.of(new Family("early", List.of(StopPolicy.NEVER, at(1))), new Family("late", List.of(StopPolicy.NEVER, at(30))));

  private static StopPolicy at(int point) {
    return run -> step -> step.index() >= point ? new Decision.Stop("at", "at " + point) : Decision.CONTINUE;
  }

  /** Stops at the point whose number is that of the earlier runs that it is shown. */
  private static final Learner COUNTING =
      (training, prices) ->
          new Learned() {
            @Override
            public List<StopPolicy> policies() {
              return Collections.nCopies(prices.length, StopPolicy.NEVER);
            }

            @Override
            public List<StopPolicy> policies(Priors earlier) {
              return Collections.nCopies(
                  prices.length, context -> at(earlier.of(context).runs().size()).watch(context));
            }
          };

  /** All gain at the second point, but for the rest, which comes last. */
  private static Run run(String task, String name, double rest, Map<String, Object> parameters) {
    double[] curve = new double[LENGTH];
    for (int t = 1; t < LENGTH; t++) {
      curve[t] = t == LENGTH - 1 ? 1 : 1 - rest;
    }
    Run run = RecordedRuns.of(task, name, curve);
    RunContext c = run.context();
    return new Run(
        new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), parameters),
        run.steps(),
        run.end());
  }

  /** A flat task of many runs, and small ones on which stopping at once costs a little more than it saves. */
  private static List<ScoredRun> runs(int ofLarge, int configurations) {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < ofLarge; i++) {
      runs.add(run("test/large", "large" + i, 0, Map.of("rate", (double) (i % configurations), "seed", (long) i)));
    }
    for (int k = 0; k < 6; k++) {
      for (int i = 0; i < 3; i++) {
        runs.add(run("test/small" + k, "small" + k + i, 0.12, Map.of()));
      }
    }
    return ScoredRun.of(runs);
  }

  private static SortedMap<Integer, Results> judge(ColdStart cold, List<ScoredRun> runs, Folds folds) {
    RuleReplays rules = RuleReplays.of(FAMILIES, runs, ShownHorizon.PLANNED, () -> {});
    return cold.judge(folds, List.of(rules), COUNTING, () -> {}).get(0);
  }

  @Test
  void judge_givesSoManyRuns_andJudgesTheRest() {
    List<ScoredRun> runs = runs(40, 40);
    ColdStart cold = new ColdStart(PROTOCOL, List.of(5, 0, 20));
    Folds folds = Split.UNSEEN_TASK.folds(runs, 3, 1);

    assertTrue(cold.isPossible(folds));
    SortedMap<Integer, Results> results = judge(cold, runs, folds);

    assertEquals(List.of(0, 5, 20), List.copyOf(results.keySet()));
    results.forEach(
        (given, result) -> {
          assertEquals(20, result.runCount(), "the same runs whatever is given");
          assertEquals(1, result.tasks().size());
          assertEquals(new LeftOut(18, 6, "are of tasks with fewer than 30 runs"), result.leftOut());
          double stop = 1 - result.row(Results.LEARNED, 0).saved();
          assertEquals((given + 1.0) / LENGTH, stop, 1e-12);
        });
  }

  @Test
  void judge_runsOfTheJudgedConfiguration_areNotGiven() {
    // Two configurations: of 20 given runs those of the other one are left.
    List<ScoredRun> runs = runs(60, 2);
    Results results =
        judge(new ColdStart(PROTOCOL, List.of(20)), runs, Split.UNSEEN_TASK.folds(runs, 3, 1)).get(20);

    double meanStop = (1 - results.row(Results.LEARNED, 0).saved()) * LENGTH - 1;
    assertTrue(meanStop > 5 && meanStop < 15, "about half of 20 runs, but " + meanStop);
  }

  @Test
  void judge_givenRuns_tuneTheRulesAnew() {
    List<ScoredRun> runs = runs(40, 40);
    SortedMap<Integer, Results> results =
        judge(new ColdStart(PROTOCOL, List.of(0, 3)), runs, Split.UNSEEN_TASK.folds(runs, 3, 1));

    for (int given : List.of(0, 3)) {
      assertEquals(0, results.get(given).row("early", 0).saved(), 1e-12, "wrong on the training tasks");
    }
    assertEquals(0, results.get(0).row("early, re-tuned", 0).saved(), 1e-12, "nothing to tune on");
    assertEquals(1 - 2.0 / LENGTH, results.get(3).row("early, re-tuned", 0).saved(), 1e-12);
    assertEquals("early, re-tuned", results.get(3).bestRule(0));
  }

  @Test
  void judge_untouchedPart_isGivenAllButJudgesItsOwn() {
    List<ScoredRun> runs = runs(60, 60);
    Folds folds = Split.UNSEEN_TASK.folds(runs, 3, 1).judging(Part.UNTOUCHED::holds);
    Results results = judge(new ColdStart(PROTOCOL, List.of(10)), runs, folds).get(10);

    assertTrue(results.runCount() > 0 && results.runCount() < 25, results.runCount() + " runs");
    assertEquals(11.0 / LENGTH, 1 - results.row(Results.LEARNED, 0).saved(), 1e-12);
  }

  @Test
  void isPossible_smallTasks_isNot() {
    List<ScoredRun> runs = runs(29, 29);
    assertFalse(new ColdStart(PROTOCOL, List.of(1)).isPossible(Split.UNSEEN_TASK.folds(runs, 3, 1)));
    assertEquals(69, new ColdStart(PROTOCOL, List.of(64)).runsNeeded());
  }

  @Test
  void coldStart_nonsense_isRefused() {
    assertEquals(
        "a cold start needs numbers of runs such as 0,1,3,5, but was given [-1, 2]",
        assertThrows(IllegalArgumentException.class, () -> new ColdStart(PROTOCOL, List.of(2, -1))).getMessage());
  }
}
