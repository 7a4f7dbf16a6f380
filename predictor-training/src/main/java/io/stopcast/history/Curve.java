package io.stopcast.history;

import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.List;

/**
 * The points of a recorded run: the steps at which its objective was reported.
 *
 * <p>All arrays have one entry a point and are not copied: treat them as read-only.
 *
 * @param step position of the point within {@link Run#steps()}
 * @param best best gain so far (larger is better); NaN until the first finite value
 * @param cost cumulative cost
 */
public record Curve(int[] step, double[] best, double[] cost) {

  public static Curve of(Run run) {
    Objective objective = run.context().objective();
    List<Step> steps = run.steps();
    int n = (int) steps.stream().filter(objective::isReportedBy).count();
    Curve curve = new Curve(new int[n], new double[n], new double[n]);
    int t = 0;
    double best = Double.NaN;
    for (int i = 0; i < steps.size(); i++) {
      if (objective.isReportedBy(steps.get(i))) {
        double gain = objective.gain(steps.get(i));
        if (Double.isFinite(gain) && !(gain <= best)) {
          best = gain;
        }
        curve.step[t] = i;
        curve.best[t] = best;
        curve.cost[t++] = steps.get(i).cost();
      }
    }
    return curve;
  }

  /** Number of points. */
  public int length() {
    return step.length;
  }

  /** The best gain of the whole run, NaN if no value was finite. */
  public double finalBest() {
    return length() == 0 ? Double.NaN : best[length() - 1];
  }

  /** The first finite gain, NaN if there is none. */
  public double first() {
    for (double b : best) {
      if (!Double.isNaN(b)) {
        return b;
      }
    }
    return Double.NaN;
  }

  /** The share of the recorded cost that is spent at point {@code t}, within 0..1. */
  public double share(int t) {
    double full = cost[length() - 1];
    return full > 0 ? cost[t] / full : (t + 1.0) / length();
  }
}
