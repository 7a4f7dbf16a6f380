package io.stopcast.replay;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What can be saved at which mean regret, as a policy's threshold or a rule's setting moves; chosen in hindsight.
 *
 * @param points one a threshold or setting
 */
public record TradeOff(List<Point> points) {
  /** Thresholds of a learned policy, evenly spaced in log odds: 0.12 to 0.9975. */
  static final double[] THRESHOLDS =
      IntStream.rangeClosed(-20, 60).mapToDouble(i -> 1 / (1 + Math.exp(-i / 10.0))).toArray();

  /**
   * Means over runs and then tasks.
   *
   * @param setting the threshold, or the rule as it names itself
   * @param regret in units of the task's scale
   * @param saved 1 - share of the recorded cost
   */
  public record Point(String setting, double regret, double saved) {}

  public TradeOff {
    points = List.copyOf(points);
  }

  /** The most that is saved at a mean regret of at most this, by one threshold for all runs; NaN if there is no point. */
  public double savedAt(double regret) {
    if (points.isEmpty()) {
      return Double.NaN;
    }
    // Never stopping saves nothing, and loses nothing.
    return points.stream().filter(p -> p.regret() <= regret).mapToDouble(Point::saved).reduce(0, Math::max);
  }
}
