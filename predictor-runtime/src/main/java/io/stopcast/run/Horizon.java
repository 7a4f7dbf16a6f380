package io.stopcast.run;

/**
 * How long a run was planned to be, as far as anybody knew when it started: never the length that was recorded.
 *
 * @param points how many points (steps that report the objective) are planned; 0 if unknown
 * @param cost the planned cost at the end, in the run's unit; NaN if unknown
 */
public record Horizon(long points, double cost) {
  public static final Horizon UNKNOWN = new Horizon(0, Double.NaN);

  public Horizon {
    if (points < 0) {
      throw new IllegalArgumentException("planned points must be at least 1, or 0 for unknown, but were " + points);
    }
    if (cost <= 0 || Double.isInfinite(cost)) {
      throw new IllegalArgumentException("planned cost must be positive and finite, or NaN for unknown, but was " + cost);
    }
  }

  public static Horizon ofPoints(long points) {
    return new Horizon(points, Double.NaN);
  }

  public static Horizon ofCost(double cost) {
    return new Horizon(0, cost);
  }

  public boolean isKnown() {
    return points > 0 || cost > 0;
  }

  /**
   * Returns which share of the plan is done: by points where they are planned, else by cost; NaN if unknown. May exceed
   * 1 for a run that outlives its plan.
   *
   * @param pointsSoFar points seen, the current one included
   * @param costSoFar cumulative cost, NaN if unknown
   */
  public double progress(long pointsSoFar, double costSoFar) {
    return points > 0 ? (double) pointsSoFar / points : costSoFar / cost;
  }
}
