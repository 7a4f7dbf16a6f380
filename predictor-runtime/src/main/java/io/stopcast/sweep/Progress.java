package io.stopcast.sweep;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/** How far a run is: what the papers call its resource or step. Runs of a sweep are compared at the same progress. */
public enum Progress {
  /** Points so far, the current one included: 1, 2, .. */
  POINTS("points") {
    @Override
    double of(RunContext run, Step step, long points) {
      return points;
    }
  },
  /** The trainer's own count: epochs, iterations. */
  INDEX("steps") {
    @Override
    double of(RunContext run, Step step, long points) {
      return step.index();
    }
  },
  /** Cumulative cost in the runs' unit. */
  COST("cost") {
    @Override
    double of(RunContext run, Step step, long points) {
      return step.cost();
    }
  },
  /** The share of the run's own plan, 1 at its end. A run without a known horizon has none, and is neither compared nor stopped. */
  SHARE("of the plan") {
    @Override
    double of(RunContext run, Step step, long points) {
      return run.horizon().progress(points, step.cost());
    }
  };

  private final String unit;

  Progress(String unit) {
    this.unit = unit;
  }

  /**
   * Returns how far a run is at a point.
   *
   * @param points how many points it has, this one included
   * @return NaN if unknown
   */
  abstract double of(RunContext run, Step step, long points);

  /** What it is counted in. */
  String unit() {
    return unit;
  }

  /** A progress in words, such as {@code 0.25 of the plan}. */
  String say(double progress) {
    return Numbers.shown(progress) + " " + unit;
  }

  /** Checks that a progress may be a threshold. */
  void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s must be positive and finite, but was %s %s".formatted(name, value, unit));
    }
  }
}
