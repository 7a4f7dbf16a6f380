package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {
  private static Run run(String task, String name, Map<String, Object> parameters, End end) {
    Run run = RecordedRuns.of(task, name, 1, 2, 3);
    RunContext c = run.context();
    return new Run(
        new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), parameters),
        run.steps(),
        end);
  }

  private static Run run(String task, String name) {
    return run(task, name, Map.of(), End.COMPLETED);
  }

  private static List<String> names(Folds folds, int[] positions) {
    return Arrays.stream(positions).mapToObj(r -> folds.runs().get(r).run().context().run()).toList();
  }

  @Test
  void known_taskOfASingleConfiguration_isLearnedFromButNotJudged() {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(run("many", "many" + i));
    }
    runs.add(run("single", "single"));
    for (long seed = 0; seed < 3; seed++) {
      runs.add(run("seeds", "seed" + seed, Map.of("rate", 0.1, "seed", seed), End.COMPLETED));
    }

    Folds folds = Split.KNOWN_TASK.folds(ScoredRun.of(runs), 5, 7);

    assertArrayEquals(IntStream.range(0, 20).toArray(), folds.judged());
    assertEquals(4, folds.leftOut().runs());
    assertEquals(2, folds.leftOut().tasks());
    Set<String> learned = new HashSet<>();
    for (Fold fold : folds.folds()) {
      learned.addAll(names(folds, fold.training()));
    }
    assertTrue(learned.containsAll(List.of("single", "seed0", "seed1", "seed2")), learned.toString());
  }

  @Test
  void known_judgedRun_hasAnotherConfigurationOfItsTaskInTraining() {
    List<Run> runs = new ArrayList<>();
    for (int k = 0; k < 30; k++) {
      runs.add(run("pair" + k, "a" + k));
      runs.add(run("pair" + k, "b" + k));
    }
    List<ScoredRun> scored = ScoredRun.of(runs);
    Folds folds = Split.KNOWN_TASK.folds(scored, 3, 7);

    assertEquals(60, folds.judged().length + folds.leftOut().runs());
    assertTrue(folds.leftOut().runs() > 0, "some pairs fall into one fold");
    for (Fold fold : folds.folds()) {
      for (int r : fold.judged()) {
        assertTrue(Arrays.stream(fold.training()).anyMatch(o -> scored.get(o).task().equals(scored.get(r).task())));
      }
    }
  }

  @Test
  void time_blocksInOrderOfDate_eachLearnedFromWhatCameBefore() {
    List<Run> runs = new ArrayList<>();
    for (int day = 1; day <= 12; day++) {
      runs.add(run("t", "r-2024-01-%02d".formatted(day)));
    }
    runs.add(run("t", "undated"));
    runs.add(run("t", "last", Map.of("started", "2024-01-12T23:59:59"), End.COMPLETED));
    Collections.shuffle(runs, new Random(3));

    Folds folds = Split.TIME.folds(ScoredRun.of(runs), 3, 7);

    assertEquals(1, folds.leftOut().runs());
    List<List<String>> judged = new ArrayList<>();
    Set<String> before = new HashSet<>();
    for (Fold fold : folds.folds()) {
      judged.add(names(folds, fold.judged()).stream().sorted().toList());
      before.addAll(names(folds, folds.folds().get(0).training()));
      assertEquals(before, new HashSet<>(names(folds, fold.training())));
      before.addAll(judged.get(judged.size() - 1));
    }
    // 13 dates in 4 blocks: 4 to learn from first, then 3, 3 and 3.
    assertEquals(
        List.of(
            List.of("r-2024-01-05", "r-2024-01-06", "r-2024-01-07"),
            List.of("r-2024-01-08", "r-2024-01-09", "r-2024-01-10"),
            List.of("last", "r-2024-01-11", "r-2024-01-12")),
        judged);
    assertFalse(before.contains("undated"));
  }

  @Test
  void time_runsOfOneDate_stayTogether() {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(run("t", "r%d-2024-01-%02d".formatted(i, i < 15 ? 1 : i)));
    }
    Folds folds = Split.TIME.folds(ScoredRun.of(runs), 3, 7);

    assertArrayEquals(IntStream.range(0, 15).toArray(), folds.folds().get(0).training());
    assertArrayEquals(IntStream.range(15, 20).toArray(), folds.judged());
  }

  @Test
  void time_noDates_hasNothingAvailable() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(2, 5, 1));
    assertEquals(0, Split.TIME.available(runs, 5, 7));
    assertEquals(List.of(), Split.TIME.folds(runs, 5, 7).folds());
  }

  @Test
  void success_holdsOutAFifthOfTheSuccessfulConfigurations_andJudgesTheirSuccesses() {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      runs.add(run("a", "run" + i, Map.of(), i < 25 ? End.TARGET : End.COMPLETED));
      runs.add(run("b", "run" + i)); // the same configuration elsewhere, without success
    }
    Folds folds = Split.SUCCESS.folds(ScoredRun.of(runs), 5, 7);

    assertEquals(1, folds.folds().size());
    Fold fold = folds.folds().get(0);
    assertEquals(5, fold.judged().length);
    assertEquals(100 - 2 * 5, fold.training().length);
    for (int r : fold.judged()) {
      assertEquals(End.TARGET, folds.runs().get(r).run().end());
      assertFalse(names(folds, fold.training()).contains(folds.runs().get(r).run().context().run()));
    }
  }

  @Test
  void judging_untouched_learnsFromBothPartsOfTheOtherFolds() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(3, 60, 1));
    Folds all = Split.KNOWN_TASK.folds(Part.UNTOUCHED.read(runs), 5, 7);
    Folds untouched = all.judging(Part.UNTOUCHED::holds);

    assertEquals(180, all.judged().length);
    assertEquals(180 - Part.DEVELOPMENT.read(runs).size(), untouched.judged().length);
    for (int k = 0; k < untouched.folds().size(); k++) {
      Fold fold = untouched.folds().get(k);
      assertArrayEquals(all.folds().get(k).training(), fold.training());
      assertTrue(Arrays.stream(fold.judged()).noneMatch(r -> Part.DEVELOPMENT.holds(runs.get(r))));
      assertTrue(Arrays.stream(fold.training()).anyMatch(r -> Part.UNTOUCHED.holds(runs.get(r))));
    }
  }

  @Test
  void thinned_fewerRunsOfEachTask_amongTheMore() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(3, 30, 1));
    Folds all = Split.KNOWN_TASK.folds(runs, 5, 7);
    Folds ten = all.thinned(10, 1);
    Folds five = all.thinned(5, 1);

    assertArrayEquals(all.judged(), ten.judged());
    for (int k = 0; k < all.folds().size(); k++) {
      Set<ScoredRun> more = new HashSet<>(Fold.select(runs, ten.folds().get(k).training()));
      List<ScoredRun> fewer = Fold.select(runs, five.folds().get(k).training());
      assertTrue(more.containsAll(fewer));
      assertEquals(30, more.size());
      Map<String, Integer> counts = new TreeMap<>();
      fewer.forEach(run -> counts.merge(run.task().task(), 1, Integer::sum));
      assertEquals(Map.of("test/data0", 5, "test/data1", 5, "test/data2", 5), counts);
    }
  }
}
