package io.stopcast.registry;

import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a step takes a challenger beside the champion, on this machine and now: the best of several turns each, taken in turn.
 *
 * <p>Both are shown every step of the same runs, whenever they would have stopped them, and nobody asks for a reason, which takes as long as hundreds
 * of steps: who stops later is not slower.
 */
final class Latency {
  private static final int TURNS = 15;
  private static final int RUNS = 40;

  private Latency() {}

  /** A ratio to the champion's time is all that is asked, and a generous one: machines differ, and other work goes on. A tenth of a second. */
  static Finding check(StopPolicy challenger, StopPolicy champion, List<ScoredRun> runs, double most) {
    List<ScoredRun> some = runs.subList(0, Math.min(RUNS, runs.size()));
    StopPolicy[] policies = {challenger, champion};
    long[] best = {Long.MAX_VALUE, Long.MAX_VALUE};
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < policies.length; i++) {
        long start = System.nanoTime();
        for (ScoredRun run : some) {
          StopPolicy.Watch watch = policies[i].watch(run.run().context());
          for (Step step : run.run().steps()) {
            watch.observe(step);
          }
        }
        best[i] = Math.min(best[i], System.nanoTime() - start);
      }
    }
    double ratio = best[0] / (double) Math.max(1, best[1]);
    boolean passed = ratio <= most;
    String says =
        passed
            ? "it takes no more than %s times the champion's time".formatted(most)
            : String.format(Locale.ROOT, "it takes %.1f times the champion's time for a step, and %s times is borne", ratio, most);
    return new Finding("latency", passed, says, Map.of()); // no measured time: the history has the same bytes again
  }
}
