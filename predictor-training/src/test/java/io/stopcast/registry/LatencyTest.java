package io.stopcast.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the time is taken of, which is the same for both; not how long it is. */
class LatencyTest {
  /** Answers always the same, and counts how often it is asked. */
  private static StopPolicy counting(AtomicLong asked, Decision answer) {
    return run ->
        new StopPolicy.Watch() {
          @Override
          public Decision observe(Step step) {
            asked.incrementAndGet();
            return answer;
          }

          @Override
          public void save(DataOutput out) {}

          @Override
          public void restore(DataInput in) {}
        };
  }

  @Test
  void check_challengerThatStopsLater_isAskedNoMoreOften_andNobodyAsksWhy() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(2, 4, 1));
    AtomicLong never = new AtomicLong();
    AtomicLong atOnce = new AtomicLong();
    Decision stop =
        new Decision.Stop(
            "at once",
            () -> {
              throw new AssertionError("a reason takes as long as hundreds of steps");
            });
    Latency.check(counting(never, Decision.CONTINUE), counting(atOnce, stop), runs, 3);
    long steps = runs.stream().mapToLong(run -> run.run().steps().size()).sum();
    assertEquals(never.get(), atOnce.get());
    assertEquals(0, never.get() % steps);
  }
}
