package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
  private static Run with(Run run, String key, Object value) {
    RunContext c = run.context();
    return new Run(
        new RunContext(
            c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), Map.of(key, value)),
        run.steps(),
        run.end());
  }

  @Test
  void knownTask_holdsOutAShareOfEachTask_andARunNameEverywhereAtOnce() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(6, 200, 1));
    int[] foldOf = Split.KNOWN_TASK.assign(runs, 5, 7);
    Map<String, Integer> foldOfName = new HashMap<>();
    int[] counts = new int[5];
    for (int r = 0; r < runs.size(); r++) {
      String name = runs.get(r).run().context().run();
      Integer before = foldOfName.put(name, foldOf[r]);
      assertTrue(before == null || before == foldOf[r], name);
      counts[foldOf[r]]++;
    }
    for (int count : counts) {
      assertTrue(count > 120 && count < 360, "a fold has " + count + " of 1200 runs");
    }
  }

  @Test
  void knownTask_modelInTheContext_isOneConfiguration() {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(with(RecordedRuns.of("t" + i, "run" + i, 1, 2, 3), "model", "pythia-1b"));
    }
    int[] foldOf = Split.KNOWN_TASK.assign(ScoredRun.of(runs), 5, 7);
    for (int fold : foldOf) {
      assertEquals(foldOf[0], fold);
    }
  }

  @Test
  void unseenTask_keepsTasksWhole_andFoldsEven() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(23, 3, 1));
    int[] foldOf = Split.UNSEEN_TASK.assign(runs, 5, 7);
    Map<String, Integer> foldOfTask = new HashMap<>();
    int[] tasks = new int[5];
    for (int r = 0; r < runs.size(); r++) {
      Integer before = foldOfTask.put(runs.get(r).task().task(), foldOf[r]);
      if (before == null) {
        tasks[foldOf[r]]++;
      } else {
        assertEquals(before, foldOf[r]);
      }
    }
    for (int count : tasks) {
      assertTrue(count == 4 || count == 5, "a fold has " + count + " of 23 tasks");
    }
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "algoperf/criteo1tb_embed_init, test/criteo1tb",
    "deepobs/cifar100_allcnnc, test/cifar100",
    "someone/HandRaising-YOLO12n, test/HandRaising",
    "plain, test/plain",
    "odd/---, test/odd/---"
  })
  void dataOf_isTheFirstWordOfTheLastPart(String task, String expected) {
    ScoredRun run = ScoredRun.of(List.of(RecordedRuns.of(task, "r", 1, 2, 3))).get(0);
    assertEquals(expected, Split.dataOf(run));
  }

  @Test
  void dataOf_dataset_goesFirst() {
    List<ScoredRun> runs =
        ScoredRun.of(
            List.of(
                with(RecordedRuns.of("boosting/Sonar", "a", 1, 2, 3), "dataset", "Sonar"),
                with(RecordedRuns.of("linear/x", "b", 1, 2, 3), "dataset", "Sonar")));
    assertEquals(Split.dataOf(runs.get(0)), Split.dataOf(runs.get(1)));
  }

  @Test
  void assign_sameSeed_sameFolds() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(9, 9, 1));
    for (Split split : Split.values()) {
      assertArrayEquals(split.assign(runs, 5, 3), split.assign(runs, 5, 3));
    }
  }

  @Test
  void of_unknownWord_namesTheKnownOnes() {
    assertEquals(
        "there is no split 'moon'; there are [known, unseen-task, unseen-source, time, success]",
        assertThrows(IllegalArgumentException.class, () -> Split.of("moon")).getMessage());
  }

  @Test
  void unseenSource_holdsOutEachByItself_andRelativesTogether() {
    List<ScoredRun> runs = new ArrayList<>();
    for (String source : List.of("lab", "wild-wandb", "wild-csv", "yolo")) {
      for (ScoredRun run : ScoredRun.of(RecordedRuns.history(2, 3, 1))) {
        RunContext c = run.run().context();
        RunContext of =
            new RunContext(source, c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), c.parameters());
        runs.addAll(ScoredRun.of(List.of(new Run(of, run.run().steps(), run.run().end()))));
      }
    }

    int[] foldOf = Split.UNSEEN_SOURCE.assign(runs, 5, 7);

    assertEquals(3, Split.UNSEEN_SOURCE.wanted(runs, 5));
    for (int r = 0; r < runs.size(); r++) {
      assertEquals(r < 6 ? 0 : r < 18 ? 1 : 2, foldOf[r]);
    }
  }
}
