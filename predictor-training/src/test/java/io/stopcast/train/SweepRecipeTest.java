package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.TaskId;
import io.stopcast.label.TaskScales;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.SweepProtocol;
import io.stopcast.replay.SweepResults;
import io.stopcast.run.Run;
import io.stopcast.sweep.RankedSweep;
import io.stopcast.sweep.SweepPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SweepRecipeTest {
  /** As many runs as tops; each rises towards its own. */
  private static List<ScoredRun> runs(double... tops) {
    List<Run> runs = new ArrayList<>();
    for (int r = 0; r < tops.length; r++) {
      double[] values = new double[30];
      for (int t = 0; t < values.length; t++) {
        values[t] = tops[r] * (1 - Math.exp(-.1 * t));
      }
      runs.add(RecordedRuns.of("a/task", "run" + r, values));
    }
    return ScoredRun.of(runs);
  }

  private static WeightedRows rows(List<ScoredRun> runs) {
    Recipe recipe = new Recipe(2, 2, .1, 1, 1, 1, 1, 30, Integer.MAX_VALUE, 0, 0, 0, 10, 0, 0, 2, 0, 0, 1);
    TaskScales scales = TaskScales.of(runs.stream().map(ScoredRun::run).toList());
    return new SweepRows(recipe, .1, 4, scales).rows(List.of(runs), task -> StopPolicy.NEVER);
  }

  @Test
  void rows_oneRunFarAhead_stopsTheOthersOnly() {
    WeightedRows rows = rows(runs(.1, .2, 1, .15));
    int rank = RankedSweep.schema().indexOf("rank");
    int first = 0;
    for (int i = 0; i < rows.size(); i++) {
      float ofRow = rows.features()[i][rank];
      float done = rows.features()[i][RankedSweep.schema().indexOf("done")];
      if (ofRow > 0 && done > .3) { // by then the first has shown more than others come to
        assertEquals(1, rows.labels()[i], "behind the first: row " + i);
      } else if (ofRow == 0 && done < .9) {
        assertEquals(0, rows.labels()[i], "the first: row " + i);
        first++;
      }
    }
    assertTrue(first > 3, first + " rows of the first");
  }

  @Test
  void rows_twoAlikeAhead_areBothWorthKeeping() {
    WeightedRows rows = rows(runs(.1, 1, 1, .15));
    double kept = 0;
    for (int i = 0; i < rows.size(); i++) {
      kept += 1 - rows.labels()[i];
    }
    assertTrue(kept > 6, "though either would do without the other: " + kept);
  }

  @Test
  void train_madeUpHistory_savesOnTasksThatItHasNotSeen() throws Exception {
    SweepRecipe recipe = SweepRecipe.on(ScoredRun.of(RecordedRuns.history(8, 10, 1)));
    ModelFile trees = recipe.train(1); // few runs: at a low price they do not tell that anything may be stopped
    assertArrayEquals(trees.bytes(), recipe.train(1).bytes(), "the same bytes");
    assertEquals(24, trees.golden().size());
    SweepPolicy ranked = RankedSweep.of(StopPolicy.NEVER, ModelFile.read(trees.bytes(), "the trees"), 1, 0);
    List<Run> unseen = RecordedRuns.history(6, 12, 99);
    SweepProtocol protocol = new SweepProtocol(12, 5, 4, OptionalLong.of(1));
    Map<String, Function<TaskId, SweepPolicy>> policies = Map.of("ranked", task -> ranked);
    SweepResults.Row row =
        protocol.judge(protocol.sweeps(ScoredRun.of(unseen)), TaskScales.of(unseen), policies).rows(1).get(0);
    assertTrue(row.saved().mean() > .2, row.toString());
    assertTrue(row.regret().mean() < .1, row.toString());
  }

  @Test
  void on_runsOfOneTask_saysWhatItTakes() {
    assertEquals(
        "trees for sweeps are grown on tasks of 5 runs or more, at least 2 unrelated ones, but 3 runs make no sweep; give more runs of more tasks",
        assertThrows(IllegalArgumentException.class, () -> SweepRecipe.on(runs(1, 2, 3))).getMessage());
  }
}
