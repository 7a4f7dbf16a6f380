package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.adapt.Adaptation;
import io.stopcast.adapt.AdaptationState;
import io.stopcast.adapt.Candidate;
import io.stopcast.adapt.FullRun;
import io.stopcast.adapt.Grouping;
import io.stopcast.label.TaskScales;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.report.ResultsJson;
import io.stopcast.report.ResultsText;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Further rows of the table, which change nothing in the protocol's own. */
class StrategiesTest {
  private static final Runnable NOTHING = () -> {};
  private static final List<Family> OWN =
      List.of(
          new Family("fixed share", List.of(StopPolicy.NEVER, new FixedShare(.3), new FixedShare(.6))),
          new Family("patience", List.of(StopPolicy.NEVER, new Patience(3), new Patience(8))));
  private static final List<Family> FURTHER =
      List.of(new Family("shorter", List.of(StopPolicy.NEVER, new FixedShare(.1), new Patience(2).notBefore(5))));
  private static final Learner STILL = (training, prices) -> () -> Collections.nCopies(prices.length, new Patience(5));

  private final List<Run> history = RecordedRuns.history(12, 8, 5);
  private final List<ScoredRun> runs = ScoredRun.of(history);

  private Results judge(Strategies strategies, Split split) {
    Protocol protocol = Protocol.standard();
    List<RuleReplays> rules = List.of(RuleReplays.of(OWN, runs, ShownHorizon.PLANNED, NOTHING));
    return protocol.judge(split, split.folds(runs, protocol.folds(), protocol.seed()), rules, STILL, strategies, NOTHING).get(0);
  }

  private Strategies all(List<Contender> contenders) {
    return new Strategies(List.of(RuleReplays.of(FURTHER, runs, ShownHorizon.PLANNED, NOTHING)), contenders, true);
  }

  @Test
  void judge_furtherPolicies_leaveTheProtocolsOwnRowsAsTheyAre() {
    Results own = judge(Strategies.NONE, Split.UNSEEN_TASK);
    Results all = judge(all(FurtherLearners.all(STILL)), Split.UNSEEN_TASK);
    for (int p = 0; p < 3; p++) {
      assertEquals(own.bestRule(p), all.bestRule(p));
      assertEquals(own.tests(p), all.tests(p));
      assertEquals(own.matched(p), all.matched(p));
      assertEquals(ResultsText.comparison(own, p), ResultsText.comparison(all, p));
      for (String policy : own.policies()) {
        assertEquals(own.row(policy, p), all.row(policy, p), policy);
      }
    }
    assertEquals(List.of(), own.further());
    assertEquals(List.of(), own.tradeOffRows(0));
    assertEquals(own.policies(), all.policies().subList(0, own.policies().size()));
    assertEquals(all.policies().subList(own.policies().size(), all.policies().size()), all.further());
    assertTrue(all.further().containsAll(List.of("shorter", "target", "learned, not before 0.2", "adaptation, online")), all.further().toString());
  }

  @Test
  void judge_contender_seesNoHeldOutRun() {
    List<Set<ScoredRun>> seen = Collections.synchronizedList(new ArrayList<>());
    Learner looking =
        (training, prices) -> {
          seen.add(new HashSet<>(training));
          return STILL.fit(training, prices);
        };
    Results results = judge(new Strategies(List.of(), List.of(new Contender("looking", looking)), false), Split.KNOWN_TASK);
    int[] foldOf = Split.KNOWN_TASK.assign(runs, 5, Protocol.standard().seed());
    assertEquals(5, seen.size());
    for (int fold = 0; fold < 5; fold++) {
      assertTrue(seen.contains(new HashSet<>(Split.select(runs, foldOf, fold, false))), "fold " + fold);
    }
    for (int p = 0; p < 3; p++) {
      assertEquals(results.row(Results.LEARNED, p).loss(), results.row("looking", p).loss(), 1e-12);
    }
  }

  @Test
  void judge_furtherFamily_isTunedOnTheTrainingPart() {
    Results results = judge(all(List.of()), Split.UNSEEN_TASK);
    RuleReplays replays = RuleReplays.of(FURTHER, runs, ShownHorizon.PLANNED, NOTHING);
    double[][] expected = new double[3][results.tasks().size()];
    int[] counts = results.runsPerTask();
    for (Fold fold : Split.UNSEEN_TASK.folds(runs, 5, Protocol.standard().seed()).folds()) {
      for (int p = 0; p < 3; p++) {
        int best = replays.best(replays.losses(fold.training(), results.prices()[p]))[0];
        for (int r : fold.judged()) {
          int task = results.tasks().indexOf(runs.get(r).task());
          expected[p][task] += runs.get(r).hindsight().loss(replays.stop(best, r), results.prices()[p]) / counts[task];
        }
      }
    }
    for (int p = 0; p < 3; p++) {
      for (int t = 0; t < expected[p].length; t++) {
        assertEquals(expected[p][t], results.taskLosses("shorter", p)[t], 1e-12);
      }
    }
  }

  @Test
  void tradeOffRows_haveEverySettingOfEveryPolicy() {
    Results results = judge(all(FurtherLearners.all(STILL)), Split.KNOWN_TASK);
    List<TradeOffRow> rows = results.tradeOffRows(1);
    assertEquals(new HashSet<>(results.policies()), rows.stream().map(TradeOffRow::policy).collect(Collectors.toSet()));
    assertEquals(3, rows.stream().filter(row -> row.policy().equals("shorter")).count());
    assertEquals(8, rows.stream().filter(row -> row.policy().equals("target")).count());
    TradeOffRow never = rows.stream().filter(row -> row.policy().equals(Results.NEVER)).findFirst().orElseThrow();
    assertEquals(List.of("as in the table", 0.0), List.of(never.setting(), never.regret()));
    assertEquals(1, never.compute(), 1e-12);
    TradeOffRow half = rows.stream().filter(row -> row.setting().equals(new FixedShare(.1).toString())).findFirst().orElseThrow();
    assertEquals(.1, half.compute(), .02);
    assertTrue(half.regret() > .1, half.toString());
    assertEquals(ResultsJson.of(results).get(1).get("trade_off_rows"), rows);
    String text = ResultsText.of(results);
    for (String policy : results.policies()) {
      long lines = text.lines().filter(l -> l.startsWith("  " + policy + "  ") || l.startsWith("> " + policy + "  ")).count();
      assertEquals(policy.equals(Results.ORACLE) ? 3 : 6, lines, policy);
    }
  }

  @Test
  void names_notOnesOwn_areRefused() {
    List<Contender> twice = List.of(new Contender("a", STILL), new Contender("a", STILL));
    assertEquals(
        "each row needs a name of its own, but the further ones are [a, a]",
        assertThrows(IllegalArgumentException.class, () -> new Strategies(List.of(), twice, false).names()).getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Strategies(List.of(), List.of(new Contender(Results.LEARNED, STILL)), false).names());
    assertThrows(IllegalArgumentException.class, () -> new Contender(" ", STILL));
  }

  @Test
  void fullRun_atTheEndOfAnyRun_tellsTheLossesThatTheProtocolTells() {
    List<StopPolicy> policies = FurtherRules.families().stream().flatMap(family -> family.settings().stream().limit(9)).distinct().toList();
    Adaptation adaptation =
        Adaptation.of(
            IntStream.range(0, policies.size()).mapToObj(k -> new Candidate("c" + k, policies.get(k))).toList(),
            Grouping.by(Grouping.By.NOTHING),
            0.1);
    TaskScales scales = TaskScales.of(history);
    for (ScoredRun run : runs) {
      AdaptationState state = adaptation.learn(adaptation.start(), FullRun.of(run.run(), scales.of(run.task())));
      double[] losses = state.meanLosses("all");
      for (int k = 0; k < losses.length; k++) {
        int point = Replay.of(policies.get(k), run.run()).point();
        assertEquals(point, Replay.pointOf(policies.get(k), run.run()));
        assertEquals(run.hindsight().loss(point, 0.1), losses[k], 1e-12, policies.get(k).toString());
      }
    }
  }

  @Test
  void adapting_onePolicyBestForEach_comesToIt() {
    List<Candidate> candidates = List.of(new Candidate("a", StopPolicy.NEVER), new Candidate("b", StopPolicy.NEVER));
    Adaptation adaptation = Adaptation.of(candidates, Grouping.by(Grouping.By.SOURCE), 0.1);
    int[] order = new int[runs.size()];
    Arrays.setAll(order, i -> i);
    // b stops where it is best to.
    Adapting.Stops stops = (candidate, run) -> candidate == 0 ? runs.get(run).length() - 1 : runs.get(run).hindsight().oracle(0.1);
    for (boolean seesAll : List.of(true, false)) {
      int[] points = new Adapting(adaptation, seesAll).stops(runs, order, stops);
      int half = runs.size() / 2;
      long asB = IntStream.range(half, runs.size()).filter(r -> points[r] == stops.point(1, r)).count();
      assertTrue(asB > 0.75 * half, asB + " of the last " + half + " where all are seen: " + seesAll);
    }
  }
}
