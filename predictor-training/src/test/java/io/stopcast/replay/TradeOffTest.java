package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class TradeOffTest {
  /** Says its own value as score, and stops from 0.6 on. */
  private static StopPolicy.Watch scoring(RunContext run) {
    return new StopPolicy.Watch() {
      private double score;

      @Override
      public Decision observe(Step step) {
        score = step.value("m");
        return score >= 0.6 ? new Decision.Stop("test", "because") : Decision.CONTINUE;
      }

      @Override
      public double score() {
        return score;
      }
    };
  }

  @Test
  void trace_everyThreshold_isReachedWhereThePolicyWouldHaveStopped() {
    Trace trace = Trace.of(TradeOffTest::scoring, RecordedRuns.of("t", "r", .1, .5, .3, .7, .9, .2), 6);

    assertEquals(3, trace.point());
    assertArrayEquals(new double[] {.1, .5, .3, .7, .9, .2}, trace.scores());
    assertArrayEquals(new int[] {0, 1, 3, 4, 5}, trace.reached(new double[] {.05, .2, .6, .9, .95}));
  }

  @Test
  void trace_pointOfStop_isThatOfReplay() {
    List<StopPolicy> policies = Baselines.families().stream().flatMap(f -> f.settings().stream()).toList();
    for (ScoredRun run : ScoredRun.of(RecordedRuns.history(2, 3, 4))) {
      for (StopPolicy policy : policies) {
        assertEquals(
            Replay.of(policy, run.run()).point(), Trace.of(policy, run.run(), run.length()).point(), policy.toString());
      }
    }
  }

  @Test
  void savedAt_isTheMostThatIsAllowed() {
    TradeOff curve =
        new TradeOff(
            List.of(new TradeOff.Point("a", .001, .1), new TradeOff.Point("b", .01, .3), new TradeOff.Point("c", .02, .2)));
    assertEquals(0, curve.savedAt(.0005));
    assertEquals(.1, curve.savedAt(.005));
    assertEquals(.3, curve.savedAt(.02));
    assertEquals(Double.NaN, new TradeOff(List.of()).savedAt(.02));
  }
}
