package io.stopcast.policy;

import io.stopcast.run.Objective;
import io.stopcast.run.Step;

/** What most rules remember of a curve: best and worst gain so far, and how many points there were. */
final class GainTrack {
  private final Objective objective;
  long points;
  double best = Double.NaN;
  double worst = Double.NaN;

  GainTrack(Objective objective) {
    this.objective = objective;
  }

  /** Whether the step reports the objective. */
  boolean isPoint(Step step) {
    return objective.isReportedBy(step);
  }

  /** Counts a point and returns its gain, NaN if it is not finite. */
  double add(Step step) {
    points++;
    double gain = objective.gain(step);
    if (!Double.isFinite(gain)) {
      return Double.NaN;
    }
    if (!(gain <= best)) {
      best = gain;
    }
    if (!(gain >= worst)) {
      worst = gain;
    }
    return gain;
  }

  /** Best minus worst gain so far; NaN before the first finite value. */
  double span() {
    return best - worst;
  }
}
