package io.stopcast.adapt;

import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;

/**
 * A run that has come to its own end, so that what any policy would have lost on it is known: by playing it to that policy.
 *
 * <p>The loss is the one that all reports use: the share of the task's scale that is given up by not going on, within 0..1, plus the price
 * times the share of the run's cost that was spent, of its points where the cost is unknown. O(points) a policy.
 */
public final class FullRun {
  private final Run run;
  private final double scale;
  private final double finalBest;
  private final double fullCost;
  private final int points;

  /**
   * @param loss regret + price * share of the cost
   * @param stopped whether it ended the run before its last point
   */
  record Outcome(double loss, boolean stopped) {}

  private FullRun(Run run, double scale, double finalBest, double fullCost, int points) {
    this.run = run;
    this.scale = scale;
    this.finalBest = finalBest;
    this.fullCost = fullCost;
    this.points = points;
  }

  /**
   * @param scale what there is to gain in the task, in the metric's unit: best of its runs less their usual first value, such as {@code
   *     priors.of(run.context()).scale()}. Where it is 0 or NaN, as for a first run, what this run has gained stands for it
   * @throws IllegalArgumentException if the run does not show what stopping would have lost
   */
  public static FullRun of(Run run, double scale) {
    Seen seen = Seen.of(run);
    String why = seen.whyNot(run);
    if (!why.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing can be learned from run '%s' of task '%s': %s".formatted(run.context().run(), run.context().task(), why));
    }
    double known = scale > 0 && scale < Double.POSITIVE_INFINITY ? scale : seen.best - seen.first;
    return new FullRun(run, known, seen.best, seen.cost, seen.points);
  }

  /** Whether a run shows what stopping would have lost: it ended by itself, at its second point or later, and had a finite value. */
  public static boolean isShownBy(Run run) {
    return Seen.of(run).whyNot(run).isEmpty();
  }

  /** A run's first and best finite gain, its cost at the last point, and how many points it has. */
  private record Seen(double first, double best, double cost, int points) {
    static Seen of(Run run) {
      Objective objective = run.context().objective();
      double first = Double.NaN;
      double best = Double.NaN;
      double cost = Double.NaN;
      int points = 0;
      for (Step step : run.steps()) {
        if (objective.isReportedBy(step)) {
          double gain = objective.gain(step);
          first = Double.isNaN(first) && Double.isFinite(gain) ? gain : first;
          best = better(best, gain);
          cost = step.cost();
          points++;
        }
      }
      return new Seen(first, best, cost, points);
    }

    /** Empty if it shows all. */
    String whyNot(Run run) {
      if (!run.end().isScored()) {
        return "it ended '" + run.end().word() + "', and only a run that ended by itself shows what stopping would have lost";
      }
      return points < 2 ? "with " + points + " points there is nothing to decide" : Double.isNaN(best) ? "its objective is never finite" : "";
    }
  }

  /** The run itself. */
  public Run run() {
    return run;
  }

  private static double better(double best, double gain) {
    return Double.isFinite(gain) && !(gain <= best) ? gain : best;
  }

  Outcome of(StopPolicy policy, double price) {
    Objective objective = run.context().objective();
    StopPolicy.Watch watch = policy.watch(run.context());
    double best = Double.NaN;
    int seen = 0;
    for (Step step : run.steps()) {
      boolean stops = watch.observe(step).isStop();
      if (objective.isReportedBy(step)) {
        best = better(best, objective.gain(step));
        seen++;
        if (stops && seen < points) {
          double share = fullCost > 0 ? step.cost() / fullCost : (double) seen / points;
          return new Outcome(regret(best) + price * share, true);
        }
      }
    }
    return new Outcome(price, false);
  }

  // Before the first finite value there is no checkpoint to keep: all is lost.
  private double regret(double best) {
    return Double.isNaN(best) ? 1 : scale > 0 ? Math.min(1, Math.max(0, (finalBest - best) / scale)) : 0;
  }
}
