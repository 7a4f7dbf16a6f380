package io.stopcast.replay;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.Arrays;

/**
 * Where a policy would have ended a recorded run, and its score at every point, had nobody listened.
 *
 * @param point where {@link Replay#of} says that it stopped
 * @param scores at each point; NaN for a policy that has none, and where the value is NaN, at which nothing stops
 */
public record Trace(int point, double[] scores) {
  /**
   * Plays the run to the policy, to its end.
   *
   * @param length how many points the run has
   */
  public static Trace of(StopPolicy policy, Run run, int length) {
    Objective objective = run.context().objective();
    StopPolicy.Watch watch = policy.watch(run.context());
    double[] scores = new double[length];
    int points = 0;
    int stop = length - 1;
    for (Step step : run.steps()) {
      if (watch.observe(step) instanceof Decision.Stop) {
        stop = Math.min(stop, points);
      }
      if (objective.isReportedBy(step)) {
        scores[points++] = Double.isNaN(objective.gain(step)) ? Double.NaN : watch.score();
      }
    }
    return new Trace(stop, scores);
  }

  /** For each threshold the point at which the score first reaches it; the last one if it never does. */
  public int[] reached(double[] ascending) {
    int[] reached = new int[ascending.length];
    Arrays.fill(reached, scores.length - 1);
    int next = 0;
    for (int t = 0; t < scores.length; t++) {
      while (next < ascending.length && scores[t] >= ascending[next]) {
        reached[next++] = t;
      }
    }
    return reached;
  }

  boolean hasScores() {
    return Arrays.stream(scores).anyMatch(score -> !Double.isNaN(score));
  }
}
