package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.TaskId;
import io.stopcast.label.TaskScales;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import io.stopcast.sweep.Progress;
import io.stopcast.sweep.SuccessiveHalving;
import io.stopcast.sweep.SweepPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SweepProtocolTest {
  private static final List<Run> HISTORY = RecordedRuns.history(6, 11, 3);
  private static final List<ScoredRun> RUNS = ScoredRun.of(HISTORY);

  @Test
  void sweeps_recordedOrder_cutsEachTask() {
    List<List<ScoredRun>> sweeps = new SweepProtocol(4, 3, 2, OptionalLong.empty()).sweeps(RUNS);
    assertEquals(18, sweeps.size(), "4, 4 and 3 of each task");
    assertEquals(RUNS.subList(0, 4), sweeps.get(0));
    assertEquals(RUNS.subList(8, 11), sweeps.get(2));
    assertEquals(12, new SweepProtocol(4, 4, 2, OptionalLong.empty()).sweeps(RUNS).size(), "three are too few");
    assertEquals(List.of(), new SweepProtocol(20, 12, 2, OptionalLong.empty()).sweeps(RUNS));
  }

  @Test
  void sweeps_shuffled_areTheSameForTheSameSeed() {
    SweepProtocol protocol = new SweepProtocol(4, 3, 2, OptionalLong.of(1));
    assertEquals(protocol.sweeps(RUNS), protocol.sweeps(RUNS));
    assertNotEquals(protocol.sweeps(RUNS), new SweepProtocol(4, 3, 2, OptionalLong.of(2)).sweeps(RUNS));
    assertTrue(protocol.sweeps(RUNS).stream().allMatch(sweep -> sweep.stream().map(ScoredRun::task).distinct().count() == 1));
  }

  @Test
  void judge_knownAnswers_standInTheirRows() {
    SweepProtocol protocol = new SweepProtocol(6, 4, 3, OptionalLong.of(1));
    Map<String, Function<TaskId, SweepPolicy>> policies = new LinkedHashMap<>();
    policies.put("never", task -> SweepPolicy.of(StopPolicy.NEVER));
    policies.put("half", task -> SweepPolicy.of(new FixedShare(0.5)));
    policies.put("halving", task -> new SuccessiveHalving(2, 0.1, 0, Progress.SHARE));
    SweepResults results = protocol.judge(protocol.sweeps(RUNS), TaskScales.of(HISTORY), policies);
    assertEquals(6, results.tasks());
    assertEquals(12, results.sweeps());
    assertEquals(66, results.runs());

    List<SweepResults.Row> rows = results.rows(1);
    SweepResults.Estimate nothing = new SweepResults.Estimate(0, 0, 0);
    assertEquals(new SweepResults.Row("never", nothing, nothing, nothing, nothing), rows.get(0));
    assertEquals(0.5, rows.get(1).saved().mean(), 0.02);
    assertEquals(1, rows.get(1).bestStopped().mean());
    assertTrue(rows.get(2).saved().mean() > 0.2 && rows.get(2).bestStopped().mean() < 1, rows.toString());
    for (SweepResults.Row row : rows) {
      for (SweepResults.Estimate e : List.of(row.saved(), row.regret(), row.bestStopped(), row.bestMissed())) {
        assertTrue(e.low() <= e.mean() && e.mean() <= e.high(), row.toString());
      }
    }
    assertEquals(rows, protocol.judge(protocol.sweeps(RUNS), TaskScales.of(HISTORY), policies).rows(1), "again");
    assertEquals(2, results.worst("half", 2).size());
    assertTrue(results.worst("half", 6).get(0).regret() >= results.worst("half", 6).get(5).regret());
    double regrets = results.worst("half", 6).stream().mapToDouble(SweepResults.TaskRegret::regret).sum();
    assertEquals(rows.get(1).regret().mean(), regrets / 6, 1e-12);
    assertEquals(
        rows.get(1).saved().mean(), results.difference("half", "never", SweepOutcome::saved, 1).mean(), 1e-12);
  }

  @Test
  void new_nonsense_saysWhatWouldBeRight() {
    assertEquals(
        "a sweep has at least 2 runs, and at most no fewer, but was to have 1 to 5",
        assertThrows(IllegalArgumentException.class, () -> new SweepProtocol(5, 1, 1, OptionalLong.empty())).getMessage());
  }
}
