package io.stopcast.datasets.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunLogTest {
  private static final Objective OBJECTIVE = Objective.maximize("val_return");
  private static final RunContext CONTEXT =
      new RunContext("stopcast", "control/toy", "001", OBJECTIVE, Horizon.ofPoints(2), "env_steps", Map.of());

  private final RunLog log = new RunLog(OBJECTIVE, "test_return", List.of("val_return", "train_loss"));

  @Test
  void toRun_valuesThatBlewUp_areCutAtAMillionOnBothSides() {
    log.point(10, -3e7, 5e9, -1e12);
    log.point(20, 4, 7, Double.POSITIVE_INFINITY);

    Run run = log.toRun(CONTEXT);

    assertEquals(End.COMPLETED, run.end());
    assertEquals(1e6, run.steps().get(0).value("val_return"));
    assertEquals(-1e6, run.steps().get(0).value("train_loss"));
    assertEquals(20, run.steps().get(1).cost());
    assertTrue(Double.isNaN(run.steps().get(1).value("train_loss")));
    assertArrayEquals(new double[] {-1e6, 4}, run.labels().get("test_return"));
  }

  @Test
  void toRun_objectiveThatIsNoNumberOnce_diverged() {
    log.point(10, 1, Double.NaN, 1);
    log.point(20, 1, 1, 1);

    assertEquals(End.DIVERGED, log.toRun(CONTEXT).end());
  }

  @Test
  void toRun_processorTime_neverFalls() {
    for (int i = 0; i < 50; i++) {
      log.point(i, 0, 0, 0);
    }
    double before = 0;
    for (var step : log.toRun(CONTEXT).steps()) {
      assertTrue(step.value(RunLog.CPU_SECONDS) >= before);
      before = step.value(RunLog.CPU_SECONDS);
    }
  }

  @Test
  void new_objectiveThatIsNoSignal_isRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new RunLog(OBJECTIVE, "test", List.of("loss")));
    assertEquals("the objective 'val_return' should be one of [loss]", e.getMessage());
  }
}
