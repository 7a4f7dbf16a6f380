package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final Decision STOP = new Decision.Stop("test", "because");

  private static StopPolicy at(long index) {
    return run -> step -> step.index() == index ? STOP : Decision.CONTINUE;
  }

  @Test
  void of_stop_isThePointAtWhichItWasSaid() {
    assertEquals(
        new Stop(2, true, Double.NaN, "because"), Replay.of(at(2), RecordedRuns.of("t", "r", 1, 2, 3, 4)));
  }

  @Test
  void of_noStop_isTheLastPoint() {
    assertEquals(
        new Stop(3, false, Double.NaN, "not stopped"),
        Replay.of(StopPolicy.NEVER, RecordedRuns.of("t", "r", 1, 2, 3, 4)));
  }

  @Test
  void of_stopAtTheLastPoint_savesNothingAndIsNone() {
    assertEquals(false, Replay.of(at(3), RecordedRuns.of("t", "r", 1, 2, 3, 4)).stopped());
  }

  @Test
  void of_stepsWithoutTheObjective_areNoPoints() {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      steps.add(Step.of(i, i, i % 2 == 0 ? "other" : "m", i));
    }
    Run run = new Run(RunContext.of(Objective.maximize("m")), steps, End.COMPLETED);
    assertEquals(2, Replay.of(at(5), run).point());
    assertEquals(4, Replay.of(StopPolicy.NEVER, run).point());
  }

  @Test
  void of_policy_seesNeitherLabelsNorWhatComesAfterItsStop() {
    Run run =
        new Run(
            RunContext.of(Objective.maximize("m")),
            List.of(Step.of(0, 0, "m", 1), Step.of(1, 1, "m", 2), Step.of(2, 2, "m", 3)),
            Map.of("test_m", new double[] {1, 2, 3}),
            End.COMPLETED);
    List<Step> seen = new ArrayList<>();
    Replay.of(
        context ->
            step -> {
              seen.add(step);
              return seen.size() == 2 ? STOP : Decision.CONTINUE;
            },
        run);
    assertEquals(run.steps().subList(0, 2), seen);
    assertEquals(List.of(List.of("m"), List.of("m")), seen.stream().map(Step::names).toList());
  }

  @Test
  void of_objectiveNeverReported_saysWhatIs() {
    Run run = new Run(RunContext.of(Objective.maximize("em")), List.of(Step.of(0, 0, "loss", 1)), End.COMPLETED);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Replay.of(StopPolicy.NEVER, run));
    assertEquals("run 'unnamed' of task 'unnamed' never reports 'em'; it reports [loss]", e.getMessage());
  }
}
