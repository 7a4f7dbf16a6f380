package io.stopcast.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExploredRunTest {
  /**
   * Runs of four points, all but the first with a score; a stop is told by what decided it and where.
   *
   * @param scores at the second, third and fourth point, beside a threshold of 0.5
   */
  @ParameterizedTest(name = "scores {0}, exempt {1}, stopped {2}, {3}: {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "0.1 0.2 0.3 | false | -        | completed     | shown at 3, 1.0",
        "0.1 0.6 0.3 | true  | -        | completed     | shown at 2, 0.25",
        "0.1 0.2 0.6 | false | model 3  | completed     | shown at 3, 1.0",
        "0.1 0.6 0.6 | false | model 2  | early_stopped | stopped at 2",
        "0.1 0.6 0.6 | false | model 2  | unknown       | stopped at 2",
        "0.1 0.6 0.6 | false | model 2  | completed     | nothing",
        "0.1 0.2 0.2 | false | budget 2 | early_stopped | nothing",
        "0.1 0.6 0.2 | true  | budget 2 | early_stopped | nothing",
        "0.1 0.6 0.2 | true  | -        | aborted       | nothing",
        "0.1 0.2 0.2 | false | -        | aborted       | nothing"
      })
  void of_run_tellsWhatIsKnownOfStoppingIt(String scores, boolean exempt, String stopped, String end, String expected) {
    List<DecidedRun.Point> points = new ArrayList<>();
    String[] by = stopped.split(" ");
    for (int t = 0; t < 4; t++) {
      double score = t == 0 ? Double.NaN : Double.parseDouble(scores.split(" ")[t - 1]);
      boolean stop = by.length == 2 && t >= Integer.parseInt(by[1]);
      points.add(new DecidedRun.Point(t + 1, t + 1, .1 * t, score, .5, stop ? by[0] : "model", stop, ""));
    }
    End how = List.of(End.values()).stream().filter(e -> e.word().equals(end)).findFirst().orElseThrow();
    DecidedRun.Exploring exploring = new DecidedRun.Exploring(.75, exempt);
    DecidedRun decided =
        new DecidedRun(
            RunContext.of(Objective.maximize("m")), "0001", "", .1, Optional.empty(), Optional.of(exploring), false, true, how, points);
    assertEquals(
        expected,
        ExploredRun.of(decided, exploring)
            .map(run -> run.shown() ? "shown at %d, %s".formatted(run.stop(), run.propensity()) : "stopped at " + run.stop())
            .orElse("nothing"));
  }

  @Test
  void exploring_nonsense_isRefused() {
    for (double probability : new double[] {0, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new DecidedRun.Exploring(probability, false));
    }
    assertEquals(
        "stops are carried out with a probability above 0 and at most 1, where no run is exempt, but it was 1.0, exempt: true",
        assertThrows(IllegalArgumentException.class, () -> new DecidedRun.Exploring(1, true)).getMessage());
  }
}
