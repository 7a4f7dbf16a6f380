package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.Promise.Unit;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationSplitTest {
  /** 20 tasks of 12 runs, of which nothing is known but a number: each is a unit of its own. */
  private final List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(20, 12, 3));

  @Test
  void of_both_trainingSeesNoUnit() {
    CalibrationSplit split = CalibrationSplit.of(runs, Set.of(Unit.RUN, Unit.TASK), 2, 1);
    Set<String> tasks = new HashSet<>();
    split.training().forEach(run -> tasks.add(Split.dataOf(run)));
    assertEquals(5, split.units().get(Unit.TASK).size());
    assertEquals(45, split.units().get(Unit.RUN).size());
    for (List<ScoredRun> unit : split.units().get(Unit.TASK)) {
      assertEquals(12, unit.size());
      unit.forEach(run -> assertFalse(tasks.contains(Split.dataOf(run))));
    }
    for (List<ScoredRun> unit : split.units().get(Unit.RUN)) {
      assertEquals(1, unit.size());
      assertFalse(split.training().contains(unit.get(0)));
      unit.forEach(run -> assertTrue(tasks.contains(Split.dataOf(run)), "of a task that training knows"));
    }
    Set<ScoredRun> all = new HashSet<>(split.training());
    all.addAll(split.held());
    assertEquals(runs.size(), all.size());
    assertEquals(runs.size(), split.training().size() + split.held().size());
  }

  @ParameterizedTest(name = "of 20 tasks, {0} needed: {1} drawn")
  @CsvSource({"0, 5", "2, 5", "3, 6", "5, 10", "22, 10", "1000000000, 10"})
  void of_tasks_drawsAQuarterOrTwiceWhatIsNeededButNoMoreThanHalf(int needed, int drawn) {
    assertEquals(drawn, CalibrationSplit.of(runs, Set.of(Unit.TASK), needed, 1).units().get(Unit.TASK).size());
  }

  /** In each task the last two of three runs of a setting were stopped, and so were all of every fourth setting. */
  @Test
  void of_stoppedRuns_certifyNothingAndStayOutWithTheirUnit() {
    List<Run> recorded = new ArrayList<>();
    for (Run run : RecordedRuns.history(4, 24, 3)) {
      RunContext c = run.context();
      int number = Integer.parseInt(c.run().substring(3));
      boolean isStopped = number % 3 > 0 || number / 3 % 4 == 0;
      Map<String, Object> parameters = Map.of("rate", number / 3 + c.task(), "seed", number);
      recorded.add(
          new Run(
              new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), parameters),
              isStopped ? run.steps().subList(0, 9) : run.steps(),
              isStopped ? End.EARLY_STOPPED : End.COMPLETED));
    }
    List<ScoredRun> runs = ScoredRun.ofRecords(recorded);
    CalibrationSplit split = CalibrationSplit.of(runs, Set.of(Unit.RUN), 2, 1);
    assertEquals(6, split.units().get(Unit.RUN).size(), "a quarter of 24 settings of which some run ended by itself");
    Set<Object> held = new HashSet<>();
    for (List<ScoredRun> unit : split.units().get(Unit.RUN)) {
      assertEquals(1, unit.size());
      assertFalse(unit.get(0).isStopped());
      held.add(unit.get(0).run().context().parameters().get("rate"));
    }
    assertEquals(runs.size() - 18, split.training().size());
    split.training().forEach(run -> assertFalse(held.contains(run.run().context().parameters().get("rate"))));
  }

  /** Seeds of one setting, and one setting in two tasks, are one unit. */
  @Test
  void of_sameSettings_areHeldOutTogether() {
    List<Run> seeds = new ArrayList<>();
    for (Run run : RecordedRuns.history(2, 12, 3)) {
      RunContext c = run.context();
      int number = Integer.parseInt(c.run().substring(3));
      Map<String, Object> parameters = Map.of("rate", number / 3, "seed", number);
      seeds.add(
          new Run(
              new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), parameters),
              run.steps(),
              run.end()));
    }
    List<List<ScoredRun>> units = CalibrationSplit.of(ScoredRun.of(seeds), Set.of(Unit.RUN), 2, 1).units().get(Unit.RUN);
    assertEquals(2, units.size(), "of four");
    units.forEach(unit -> assertEquals(6, unit.size()));
    units.forEach(
        unit -> assertEquals(1, unit.stream().map(run -> run.run().context().parameters().get("rate")).distinct().count()));
  }

  @Test
  void of_seed_decides() {
    CalibrationSplit one = CalibrationSplit.of(runs, Set.of(Unit.TASK), 2, 1);
    assertEquals(one, CalibrationSplit.of(runs, Set.of(Unit.TASK), 2, 1));
    assertNotEquals(one, CalibrationSplit.of(runs, Set.of(Unit.TASK), 2, 2));
    List<ScoredRun> kept = new ArrayList<>(runs);
    kept.removeAll(new HashSet<>(one.held()));
    assertEquals(kept, one.training(), "in their order");
  }

  @Test
  void of_singleTask_leavesItToTraining() {
    List<ScoredRun> single = ScoredRun.of(RecordedRuns.history(1, 12, 3));
    assertEquals(single, CalibrationSplit.of(single, Set.of(Unit.TASK), 22, 1).training());
  }
}
