package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProtocolTest {
  private static final Runnable NOTHING = () -> {};

  private static StopPolicy at(int point) {
    return run -> step -> step.index() >= point ? new Decision.Stop("at", "at " + point) : Decision.CONTINUE;
  }

  private static final List<Family> FAMILIES =
      List.of(
          new Family("early", List.of(StopPolicy.NEVER, at(1), at(3))),
          new Family("late", List.of(StopPolicy.NEVER, at(10), at(20))));

  private static Results judge(Split split, List<ScoredRun> runs, Learner learner) {
    return judge(split, runs, learner, List.of(ShownHorizon.PLANNED)).get(0);
  }

  private static List<Results> judge(Split split, List<ScoredRun> runs, Learner learner, List<ShownHorizon> horizons) {
    Protocol protocol = Protocol.standard();
    List<RuleReplays> rules =
        horizons.stream().map(shown -> RuleReplays.of(FAMILIES, runs, shown, NOTHING)).toList();
    Folds folds = split.folds(runs, protocol.folds(), protocol.seed());
    return protocol.judge(split, folds, rules, learner, NOTHING);
  }

  private static Learner constant(StopPolicy policy) {
    return (training, prices) -> () -> Collections.nCopies(prices.length, policy);
  }

  private final List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(12, 8, 5));

  @Test
  void judge_learnerThatNeverStops_hasTheLossOfNever() {
    Results results = judge(Split.KNOWN_TASK, runs, constant(StopPolicy.NEVER));
    for (int p = 0; p < 3; p++) {
      assertEquals(results.prices()[p], results.row(Results.LEARNED, p).loss(), 1e-12);
      assertEquals(1, results.row(Results.LEARNED, p).nru(), 1e-12);
      assertEquals(0, results.row(Results.LEARNED, p).saved(), 1e-12);
      assertEquals(0, results.row(Results.ORACLE, p).nru(), 1e-12);
    }
  }

  @Test
  void judge_oracle_losesLeast() {
    Results results = judge(Split.UNSEEN_TASK, runs, constant(at(5)));
    for (int p = 0; p < 3; p++) {
      for (String policy : results.policies()) {
        assertTrue(results.row(Results.ORACLE, p).loss() <= results.row(policy, p).loss() + 1e-12, policy);
      }
    }
  }

  @Test
  void judge_learner_seesNoHeldOutRun() {
    for (Split split : List.of(Split.KNOWN_TASK, Split.UNSEEN_TASK)) {
      int[] foldOf = split.assign(runs, 5, Protocol.standard().seed());
      List<Set<ScoredRun>> seen = Collections.synchronizedList(new ArrayList<>());
      judge(
          split,
          runs,
          (training, prices) -> {
            seen.add(new HashSet<>(training));
            return () -> Collections.nCopies(prices.length, StopPolicy.NEVER);
          });
      assertEquals(split.wanted(runs, 5), seen.size());
      for (int fold = 0; fold < seen.size(); fold++) {
        Set<ScoredRun> allowed = new HashSet<>(Split.select(runs, foldOf, fold, false));
        assertTrue(seen.contains(allowed), "fold " + fold);
      }
    }
  }

  @Test
  void judge_ruleThatLooksBestOnHeldOutRunsOnly_isNotChosen() {
    // Every task but one goes on rising, so that stopping early is wrong everywhere in its training part.
    List<Run> rising = new ArrayList<>();
    for (int k = 0; k < 9; k++) {
      for (int i = 0; i < 5; i++) {
        double[] curve = new double[30];
        for (int t = 0; t < 30; t++) {
          curve[t] = k == 0 ? Math.min(t, 1) : t;
        }
        rising.add(RecordedRuns.of("test/data" + k, "r" + i, curve));
      }
    }
    Results results = judge(Split.UNSEEN_TASK, ScoredRun.of(rising), constant(StopPolicy.NEVER));
    double[] losses = results.taskLosses("early", 1);
    assertEquals(results.prices()[1], losses[0], 1e-12, "the flat task must be run to its end by the tuned rule");
  }

  @Test
  void compare_withItself_closesNoGap() {
    Results results = judge(Split.KNOWN_TASK, runs, constant(StopPolicy.NEVER));
    Results.Comparison comparison = results.compare(Results.NEVER, 1, 1);
    assertEquals(0, comparison.gapClosed(), 1e-12);
    assertEquals(0.5, comparison.wins(), 1e-12);
    assertFalse(comparison.isBetter());
    assertFalse(comparison.isWorse());
  }

  @Test
  void compare_hindsightItself_closesTheWholeGapAndIsBetter() {
    // A learner that cheats: it knows every run's end, as no real one can.
    Learner clairvoyant =
        (training, prices) -> {
          List<StopPolicy> policies = new ArrayList<>();
          for (double price : prices) {
            policies.add(
                context -> {
                  ScoredRun run =
                      runs.stream().filter(r -> r.run().context().equals(context)).findFirst().orElseThrow();
                  return at(run.hindsight().oracle(price)).watch(context);
                });
          }
          return () -> policies;
        };
    Results.Comparison comparison = judge(Split.KNOWN_TASK, runs, clairvoyant).compare("late", 1, 1);
    assertEquals(1, comparison.gapClosed(), 1e-12);
    assertTrue(comparison.isBetter());
  }

  @Test
  void judge_unknownHorizon_isHiddenFromRulesAndLearnedAlike_inReplayAlone() {
    StopPolicy planner = context -> at(context.horizon().isKnown() ? 5 : 15).watch(context);
    List<Results> both =
        judge(
            Split.KNOWN_TASK,
            runs,
            (training, prices) -> {
              assertTrue(training.stream().allMatch(run -> run.run().context().horizon().isKnown()));
              return () -> Collections.nCopies(prices.length, planner);
            },
            List.of(ShownHorizon.PLANNED, ShownHorizon.UNKNOWN));

    double planned = both.get(0).row(Results.LEARNED, 1).saved();
    double unknown = both.get(1).row(Results.LEARNED, 1).saved();
    assertEquals(ShownHorizon.UNKNOWN, both.get(1).horizon());
    assertTrue(planned > unknown + 0.2, planned + " and " + unknown);
    assertEquals(both.get(0).row("early", 1), both.get(1).row("early", 1), "needs no horizon");
  }

  @Test
  void tests_policyThatIsBetterOnEveryTask_hasTheSmallestPossibleP() {
    Results results = judge(Split.KNOWN_TASK, ScoredRun.of(flat(8)), constant(at(1)));
    List<Results.Test> tests = results.tests(1);

    assertEquals(List.of("never", "early", "late"), tests.stream().map(Results.Test::against).toList());
    // Eight tasks, all of one sign: 2 of 256; the rule that stops as early is the same everywhere.
    assertEquals(new Results.Test("never", 1, 2.0 / 256, 3 * 2.0 / 256), tests.get(0));
    assertEquals(new Results.Test("early", 0, 1, 1), tests.get(1));
    assertEquals(new Results.Test("late", 1, 2.0 / 256, 3 * 2.0 / 256), tests.get(2));
  }

  @Test
  void matched_policyWithoutScores_hasNone_rulesHaveTheirBestSetting() {
    Results results = judge(Split.KNOWN_TASK, ScoredRun.of(flat(8)), constant(at(1)));
    Results.Matched matched = results.matched(1).get(0);

    assertEquals(0.005, matched.regret());
    assertTrue(Double.isNaN(matched.learned()));
    assertEquals(1 - 2.0 / 30, matched.rule(), 1e-12);
  }

  @Test
  void byMetric_andBySource_coverAllTasks() {
    Results results = judge(Split.KNOWN_TASK, ScoredRun.of(flat(8)), constant(at(1)));

    Results.Group test = results.bySource(1).get(0);
    assertEquals("test", test.name());
    assertEquals(8, test.tasks());
    assertEquals(0.1 * 2 / 30, test.learned(), 1e-12);
    assertEquals(0.1, test.never(), 1e-12);
    assertEquals(List.of("other"), results.byMetric(1).stream().map(Results.Group::name).toList());
  }

  /** Runs that gain everything at their second point. */
  private static List<Run> flat(int tasks) {
    List<Run> flat = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      for (int i = 0; i < 10; i++) {
        double[] curve = new double[30];
        Arrays.fill(curve, 1, 30, 1);
        flat.add(RecordedRuns.of("test/data" + k, "r" + i, curve));
      }
    }
    return flat;
  }

  @Test
  void remembering_sameRuns_areLearnedFromOnce() {
    List<List<ScoredRun>> asked = new ArrayList<>();
    Learner learner =
        (training, prices) -> {
          asked.add(training);
          return () -> Collections.nCopies(prices.length, StopPolicy.NEVER);
        };
    Learner remembering = learner.remembering();
    double[] prices = {0.1};

    assertSame(remembering.fit(runs, prices), remembering.fit(new ArrayList<>(runs), prices.clone()));
    remembering.fit(runs.subList(1, 5), prices);
    remembering.fit(runs, new double[] {0.3});
    assertEquals(List.of(runs, runs.subList(1, 5), runs), asked);
  }

  @Test
  void row_tasksWeighTheSame_howeverManyRuns() {
    List<Run> two = new ArrayList<>();
    two.add(RecordedRuns.of("a", "only", 0, 1, 1, 1));
    for (int i = 0; i < 30; i++) {
      two.add(RecordedRuns.of("b", "r" + i, 0, 0, 0, 1));
    }
    List<ScoredRun> scored = ScoredRun.of(two);
    int[][][] stops = new int[4][1][scored.size()];
    Arrays.fill(stops[0][0], 3);
    Arrays.fill(stops[3][0], 1);
    Results results =
        new Results(
            new Results.Scope(Split.KNOWN_TASK, ShownHorizon.PLANNED, new LeftOut(0, 0, "")),
            scored,
            new double[] {0.1},
            List.of(Results.NEVER, Results.ORACLE, Results.TUNED_RULE, Results.LEARNED),
            List.of(Results.NEVER),
            stops,
            new TradeOffs(List.of(), new TradeOff(List.of()), new int[0][][]));
    // Task a loses nothing but half the compute, task b everything besides.
    assertEquals((0.05 + 1.05) / 2, results.row(Results.LEARNED, 0).loss(), 1e-12);
    assertEquals(0.5, results.row(Results.LEARNED, 0).falseStops(), 1e-12);
    assertEquals(30.0 / 31, results.row(Results.LEARNED, 0).falseStopsOfRuns(), 1e-12);
  }

  @Test
  void spread_holdsTheMean_andIsAPointWhereTasksAreEqual() {
    Results results = judge(Split.KNOWN_TASK, runs, constant(at(5)));
    for (String policy : results.policies()) {
      Results.Row row = results.row(policy, 1);
      Results.Spread spread = results.spread(policy, 1);
      assertTrue(spread.saved().low() <= row.saved() + 1e-12 && row.saved() <= spread.saved().high() + 1e-12, policy);
      assertTrue(spread.regret().low() <= row.regret() + 1e-12 && row.regret() <= spread.regret().high() + 1e-12, policy);
    }
    assertEquals(new Results.Spread(new Interval(0, 0), new Interval(0, 0)), results.spread(Results.NEVER, 1));
    assertTrue(results.spread(Results.LEARNED, 1).regret().low() < results.spread(Results.LEARNED, 1).regret().high());
  }

  @Test
  void oracleAt_judgedPrice_isTheOraclesRow() {
    Results results = judge(Split.KNOWN_TASK, runs, constant(at(5)));
    Results.Row row = results.row(Results.ORACLE, 1);
    assertEquals(row.regret(), results.oracleAt(0.1).regret(), 1e-12);
    assertEquals(row.saved(), results.oracleAt(0.1).saved(), 1e-12);
    assertEquals(0, results.oracleAt(1e-9).regret(), 1e-12);
    assertEquals(6, results.rules().points().size());
    assertEquals("never", results.rules().points().get(0).setting());
  }

  @Test
  void protocol_nonsense_isRefused() {
    assertEquals(
        "prices must be positive numbers, such as 0.03,0.1,0.3, but were [0.1, -1.0]",
        assertThrows(IllegalArgumentException.class, () -> new Protocol(List.of(0.1, -1.0), 5, 1)).getMessage());
    assertEquals(
        "a split needs at least 2 folds, but was given 1",
        assertThrows(IllegalArgumentException.class, () -> new Protocol(List.of(0.1), 1, 1)).getMessage());
  }
}
