package io.stopcast.run;

import java.util.Objects;

/**
 * The metric that a run is judged by, and which way it gets better.
 *
 * @param metric the name under which steps report it
 * @param direction whether larger or smaller is better
 */
public record Objective(String metric, Direction direction) {
  public Objective {
    Objects.requireNonNull(direction, "direction");
    if (metric.isEmpty()) {
      throw new IllegalArgumentException("an objective needs the name of a metric, but it was empty");
    }
  }

  public static Objective maximize(String metric) {
    return new Objective(metric, Direction.MAXIMIZE);
  }

  public static Objective minimize(String metric) {
    return new Objective(metric, Direction.MINIMIZE);
  }

  /**
   * Returns the step's value as a gain: larger is better whatever the direction. NaN where the step does not report
   * the metric or reports NaN. No other code knows about {@link Direction#MINIMIZE}.
   */
  public double gain(Step step) {
    return gain(step.value(metric));
  }

  /** Returns a value of this metric as a gain, and a gain as a value: its own inverse. */
  public double gain(double value) {
    return direction == Direction.MAXIMIZE ? value : -value;
  }

  /** Whether this step is a <i>point</i> of the curve: it reports the objective, be it NaN. */
  public boolean isReportedBy(Step step) {
    return step.reports(metric);
  }
}
