package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HardnessTest {
  private static Run run(double... values) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      steps.add(Step.of(i + 1L, i + 1, List.of("em"), values[i]));
    }
    RunContext context =
        new RunContext(
            "s", "t", "r", Objective.maximize("em"), Horizon.ofPoints(values.length), "samples", Map.of());
    return new Run(context, steps, Map.of(), End.COMPLETED);
  }

  @Test
  void of_lateRiserAndEarlyPeak_patienceMissesOne() {
    Run late = run(0.1, 0, 0, 0, 0, 0, 0, 0, 0.5, 1); // patience 5 stops at the sixth point
    Run peak = run(0, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5); // and here at the seventh

    assertEquals(new Hardness(0.5, (0.6 + 0.7) / 2, (1 + 0.2) / 2), Hardness.of(List.of(late, peak)));
  }

  @Test
  void of_runWithoutANumber_isLeftOut() {
    assertEquals(
        new Hardness(0, 1, 1), Hardness.of(List.of(run(1, 2, 3), run(Double.NaN, Double.NaN, Double.NaN))));
  }
}
