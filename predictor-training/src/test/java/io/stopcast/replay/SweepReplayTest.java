package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.policy.Decision;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import io.stopcast.sweep.Progress;
import io.stopcast.sweep.SuccessiveHalving;
import io.stopcast.sweep.Sweep;
import io.stopcast.sweep.SweepPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepReplayTest {
  /** Writes down what it is shown, and stops a run at a value of exactly 7. */
  private record Noting(List<String> seen) implements SweepPolicy {
    @Override
    public Sweep sweep() {
      return run -> {
        seen.add(run.run() + "+");
        return new Sweep.Watch() {
          @Override
          public Decision observe(Step step) {
            seen.add(run.run() + step.index());
            return step.value("m") == 7 ? new Decision.Stop("seven", "seven") : Decision.CONTINUE;
          }

          @Override
          public void end() {
            seen.add(run.run() + ".");
          }
        };
      };
    }
  }

  private static Run run(String name, double pace, double... values) {
    List<Step> steps = new ArrayList<>();
    for (int t = 1; t <= values.length; t++) {
      steps.add(Step.of(t, t * pace, "m", values[t - 1]));
    }
    Objective objective = Objective.maximize("m");
    return new Run(
        new RunContext("test", "task", name, objective, Horizon.UNKNOWN, "seconds", Map.of()), steps, End.COMPLETED);
  }

  @ParameterizedTest(name = "{0} workers: {1}")
  @CsvSource({
    "1, 'a+ a1 a2 a3 a. b+ b1 b2 c+ c1 c2 c. d+ d1 d2 d.'",
    "2, 'a+ b+ b1 a1 b2 c+ a2 c1 a3 a. d+ c2 c. d1 d2 d.'",
    "9, 'a+ b+ c+ d+ b1 d1 a1 b2 d2 d. c1 a2 c2 c. a3 a.'"
  })
  void of_workers_takeTurnsByCost(int workers, String expected) {
    List<String> seen = new ArrayList<>();
    List<ScoredRun> runs =
        ScoredRun.of(
            List.of(run("a", 2, 1, 2, 3), run("b", 1, 1, 7, 3, 4), run("c", 2.5, 0, 7), run("d", 1, 1, Double.NaN)));
    List<Stop> stops = SweepReplay.of(new Noting(seen), runs, workers);
    assertEquals(expected, String.join(" ", seen));
    assertEquals(List.of(2, 1, 1, 1), stops.stream().map(Stop::point).toList());
    assertEquals(List.of(false, true, false, false), stops.stream().map(Stop::stopped).toList(), "the last point is no stop");
  }

  @Test
  void of_unknownCosts_takeTurnsByStep() {
    List<String> seen = new ArrayList<>();
    List<ScoredRun> runs = ScoredRun.of(List.of(run("a", Double.NaN, 1, 2), run("b", Double.NaN, 1, 2)));
    SweepReplay.of(new Noting(seen), runs, 2);
    assertEquals("a+ b+ a1 b1 a2 a. b2 b.", String.join(" ", seen));
  }

  @Test
  void of_policyOfSingleRuns_stopsAsReplayDoes() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(1, 12, 5));
    StopPolicy policy = new Patience(3);
    for (int workers : new int[] {1, 3, 12}) {
      assertEquals(
          runs.stream().map(run -> Replay.of(policy, run.run())).toList(),
          SweepReplay.of(SweepPolicy.of(policy), runs, workers));
    }
  }

  @Test
  void of_noWorkers_isRefused() {
    assertEquals(
        "a sweep needs at least 1 worker, but was given 0",
        assertThrows(
                IllegalArgumentException.class, () -> SweepReplay.of(SweepPolicy.of(StopPolicy.NEVER), List.of(), 0))
            .getMessage());
  }

  @Test
  void outcome_countsCostAndWhatWasLost() {
    List<ScoredRun> runs = ScoredRun.of(List.of(run("a", 1, 0, 4, 4, 4), run("b", 2, 0, 1, 2, 10), run("c", 1, 0, 6, 6, 10)));
    Stop end = new Stop(3, false, Double.NaN, "");
    Stop early = new Stop(1, true, Double.NaN, "");
    assertEquals(new SweepOutcome(0, 0, 0, 0), SweepOutcome.of(runs, List.of(end, end, end), 10));
    assertEquals(new SweepOutcome(0.5, 0.4, 1, 1), SweepOutcome.of(runs, List.of(early, early, early), 10));
    assertEquals(new SweepOutcome(0.25, 0, 0, 0), SweepOutcome.of(runs, List.of(end, early, end), 10), "c is as good");
    assertEquals(new SweepOutcome(0.5, 0, 1, 1), SweepOutcome.of(runs, List.of(early, early, early), 0));
    Stop late = new Stop(3, true, Double.NaN, "");
    assertEquals(new SweepOutcome(0, 0, 1, 0), SweepOutcome.of(runs, List.of(end, late, late), 10), "after the best");
  }

  @Test
  void outcome_nothingFinite_losesAll() {
    List<ScoredRun> runs = ScoredRun.of(List.of(run("a", 1, Double.NaN, 4, 5, 6), run("b", 1, Double.NaN, 1, 2, 3)));
    Stop first = new Stop(0, true, Double.NaN, "");
    assertEquals(new SweepOutcome(0.75, 1, 1, 1), SweepOutcome.of(runs, List.of(first, first), 2));
  }

  @Test
  void of_successiveHalving_keepsTheBest() {
    List<ScoredRun> runs =
        ScoredRun.of(List.of(run("a", 1, 5, 5, 5, 5), run("b", 1, 1, 1, 1, 1), run("c", 1, 9, 9, 9, 9), run("d", 1, 2, 2, 2, 2)));
    SweepPolicy policy = new SuccessiveHalving(2, 1, 0, Progress.POINTS);
    assertEquals(List.of(3, 0, 3, 0), SweepReplay.of(policy, runs, 1).stream().map(Stop::point).toList());
    assertEquals(List.of(3, 0, 3, 0), SweepReplay.of(policy, runs, 4).stream().map(Stop::point).toList(), "a is first everywhere");
    List<ScoredRun> turned = List.of(runs.get(2), runs.get(1), runs.get(0), runs.get(3));
    assertEquals(List.of(3, 0, 0, 0), SweepReplay.of(policy, turned, 4).stream().map(Stop::point).toList());
  }
}
