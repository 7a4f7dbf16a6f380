package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import org.junit.jupiter.api.Test;

class TraceTest {
  /** Its score rises by a tenth with each point, whatever the point. */
  private static final StopPolicy RISING =
      run ->
          new StopPolicy.Watch() {
            private int points;

            @Override
            public Decision observe(Step step) {
              points++;
              return Decision.CONTINUE;
            }

            @Override
            public double score() {
              return points / 10.0;
            }
          };

  @Test
  void reached_pointWithNaN_isPassedOver() {
    Run run = RecordedRuns.of("task", "run", .1, .2, Double.NaN, .2, .2);
    Trace trace = Trace.of(RISING, run, 5);
    assertArrayEquals(new double[] {.1, .2, Double.NaN, .4, .5}, trace.scores());
    assertArrayEquals(new int[] {1, 3, 3, 4}, trace.reached(new double[] {.15, .25, .35, .9}));
    assertEquals(4, trace.point());
  }
}
