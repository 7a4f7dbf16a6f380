package io.stopcast.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final double PRICE = 0.1;
  private static final Margins MARGINS = new Margins(0.1, 0.2, 3);

  /** Six tasks a kind, four runs each. */
  private static List<ScoredRun> runs(String... kinds) {
    List<Run> runs = new ArrayList<>();
    for (String kind : kinds) {
      for (int k = 0; k < 6; k++) {
        for (int i = 0; i < 4; i++) {
          runs.add(RecordedRuns.of(kind + "/data" + k, "run" + i, 1, 2 + i, 3, 4));
        }
      }
    }
    return ScoredRun.of(runs);
  }

  private static List<Finding> findings(List<ScoredRun> runs, IntToDoubleFunction challenger, IntToDoubleFunction champion) {
    double[][] a = new double[1][runs.size()];
    double[][] b = new double[1][runs.size()];
    Arrays.setAll(a[0], challenger);
    Arrays.setAll(b[0], champion);
    return Contest.of("on %d runs".formatted(runs.size()), runs, new double[] {PRICE}, a, b).findings(MARGINS);
  }

  @Test
  void findings_asGood_pass() {
    List<Finding> findings = findings(runs("a", "b"), r -> 0.05 + 0.001 * (r % 3), r -> 0.05 + 0.001 * (r % 3));
    assertEquals(Optional.empty(), Finding.objection(findings));
    assertEquals(List.of("champion", "families"), findings.stream().map(Finding::check).toList());
  }

  @Test
  void findings_worseByMoreThanTheMargin_saysTheNumbers() {
    List<Finding> findings = findings(runs("a", "b"), r -> 0.065, r -> 0.05);
    assertEquals(
        "on 48 runs of 12 tasks its loss at price 0.1 is 0.0650 and the champion's 0.0500; the difference may be as large as 0.0150, and 0.0100 is borne",
        Finding.objection(findings).orElseThrow());
  }

  /** Better by far on average, so that only the family tells. */
  @Test
  void findings_oneFamilyPaysForTheOther_isAnObjection() {
    List<Finding> findings = findings(runs("a", "b"), r -> r < 24 ? 0 : 0.075, r -> 0.05);
    assertTrue(findings.get(0).passed(), findings.get(0).says());
    assertEquals(
        "on 48 runs in tasks test/b (6 tasks) its loss at price 0.1 is 0.0750 and the champion's 0.0500; a difference of 0.0200 is borne",
        findings.get(1).says());
    assertFalse(findings.get(1).passed());
  }

  /** No worse on average, but that is one task's doing: on others it may be. */
  @Test
  void findings_tooUncertain_isAnObjection() {
    List<Finding> findings = findings(runs("a"), r -> r < 4 ? 0.2 : 0.02, r -> 0.05);
    assertFalse(findings.get(0).passed(), findings.get(0).says());
  }

  /** They stand in the history, which has the same bytes again. */
  @Test
  void findings_figures_areInOneOrder() {
    List<Finding> findings = findings(runs("a"), r -> 0.05, r -> 0.05);
    assertEquals(List.of("runs", "losses"), List.copyOf(findings.get(0).figures().keySet()));
  }

  @Test
  void heldOut_isAboutItsShare_andTheSameForEver() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(40, 50, 1));
    HeldOut tenth = new HeldOut(10);
    List<String> held = names(runs, tenth);
    assertEquals(200, held.size(), 40);
    assertEquals(held, names(ScoredRun.of(RecordedRuns.history(40, 50, 2)), tenth));
    assertEquals(List.of(), names(runs, HeldOut.NONE));
    assertThrows(IllegalArgumentException.class, () -> new HeldOut(1));
  }

  private static List<String> names(List<ScoredRun> runs, HeldOut heldOut) {
    return runs.stream().filter(heldOut::holds).map(run -> run.task() + "/" + run.run().context().run()).toList();
  }

  @Test
  void runSet_formatThenRead_knowsItsRuns() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(3, 5, 1));
    RunSet some = RunSet.of(runs.subList(0, 10));
    assertEquals(10, some.size());
    assertTrue(some.contains(runs.get(9)));
    assertFalse(some.contains(runs.get(10)));
    assertEquals(5, RunSet.of(runs).notIn(some));
    assertEquals(15, some.and(RunSet.of(runs)).size());
  }

  @Test
  void sourceCap_keepsTheSameRunsInTheirOrder() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(4, 25, 1));
    SourceCap cap = new SourceCap(30);
    List<ScoredRun> used = cap.of(runs);
    assertEquals(30, used.size());
    assertEquals(used, runs.stream().filter(used::contains).toList());
    assertEquals(Map.of("test", 70), cap.leftOut(runs));
    assertEquals(used, cap.of(used));
  }
}
