package io.stopcast.sweep;

import io.stopcast.policy.Decision;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Stops a run that for a while was worse than a percentile of the runs of its sweep at the same progress, unless it was among the
 * best of them.
 *
 * <p>As Ax's {@code PercentileEarlyStoppingStrategy} in the version that knows patience ({@code
 * ax/early_stopping/strategies/percentile.py} with {@code base.py}, read, not run), the names of its settings in brackets: of
 * the values of all runs that have come to a progress, the run's own and stopped ones included, and interpolated where one
 * reports at other times, the percentile is taken by linear interpolation; the run is stopped if its own value (not its best)
 * lies strictly below at every progress within the patience at which some run reports. It is kept if it was among the best at
 * one of these, runs of equal value sharing a rank. Nothing is stopped before enough runs have completed, nor where fewer have
 * come to one of these progresses. Ax looks at all runs when it is polled, this one at each run when it reports. Of a run
 * beyond 512 points every second value is forgotten, and so on. Ax's {@code interval}, {@code check_safe} and normalising by
 * the observed range are left out ({@link Progress#SHARE} normalises by the plan), and so is {@code
 * true_objective_metric_name}, by which older versions named the objective where a proxy of it was compared: what is compared
 * here is the objective.
 *
 * <p>A value that is not finite is left out, as a missing one, and is interpolated across. A point costs O(n m log n) for n runs
 * and m progresses within the patience.
 *
 * @param percentile how many of a hundred are too bad ({@code percentile_threshold}); within 0..100
 * @param minCurves how many runs must have completed, and must have come as far ({@code min_curves}); at least 1
 * @param minProgress before it no run is stopped, and nothing is held against it ({@code min_progression}); positive
 * @param maxProgress beyond it no run is stopped ({@code max_progression}); positive infinity for no limit
 * @param patience for how much progress a run must have been too bad ({@code patience}); at least 0, which looks at the
 *     last value only
 * @param keptBest how many of the best are kept ({@code n_best_trials_to_complete}); at least 0
 * @param progress what runs are compared at
 */
public record PercentileStopping(
    double percentile,
    int minCurves,
    double minProgress,
    double maxProgress,
    double patience,
    int keptBest,
    Progress progress)
    implements SweepPolicy {
  public PercentileStopping {
    Objects.requireNonNull(progress, "progress");
    if (!(percentile >= 0 && percentile <= 100)) {
      throw new IllegalArgumentException("a percentile lies within 0..100, but was " + percentile);
    }
    if (minCurves < 1 || keptBest < 0) {
      throw new IllegalArgumentException(
          "at least 1 curve must be there to compare with, and 0 or more are kept, but were to be %d and %d"
              .formatted(minCurves, keptBest));
    }
    progress.requirePositive("the least progress", minProgress);
    if (!(maxProgress >= minProgress)) {
      throw new IllegalArgumentException(
          "the largest progress must be at least the least, %s, but was %s".formatted(minProgress, maxProgress));
    }
    if (!(patience >= 0) || Double.isInfinite(patience)) {
      throw new IllegalArgumentException("patience must be at least 0 and finite, but was " + patience);
    }
  }

  /** What Ax chooses if nobody says how to stop ({@code get_default_ess_or_none}), on shares of the plan. */
  public static PercentileStopping standard() {
    return new PercentileStopping(50, 3, 0.2, 0.9, 0, 3, Progress.SHARE);
  }

  @Override
  public Sweep sweep() {
    return new SharedSweep(this, progress) {
      private final List<Trajectory> all = new ArrayList<>();
      private int completed;

      @Override
      Member join(RunContext run) {
        Trajectory own = new Trajectory();
        all.add(own);
        return new Member() {
          @Override
          public Decision observe(double at, double gain) {
            own.add(at, gain);
            return at < minProgress || at > maxProgress || completed < minCurves ? Decision.CONTINUE : compared(own, at);
          }

          @Override
          public void end() {
            completed += own.lastAt() > Double.NEGATIVE_INFINITY ? 1 : 0;
          }
        };
      }

      private Decision compared(Trajectory own, double at) {
        double threshold = Double.NaN;
        int others = 0;
        for (double then : reported(Math.max(at - patience, minProgress), at)) {
          double mine = own.onLine(then);
          double[] values = all.stream().mapToDouble(run -> run.onLine(then)).filter(v -> !Double.isNaN(v)).sorted().toArray();
          if (values.length < minCurves || rank(mine, values) <= keptBest) {
            return Decision.CONTINUE;
          }
          threshold = Numbers.quantile(values, percentile / 100);
          others = values.length;
          if (!(mine < threshold)) { // nor if it had not begun
            return Decision.CONTINUE;
          }
        }
        double last = threshold;
        double mine = own.onLine(at);
        int runs = others;
        return stop(
            () ->
                "the value %s at %s is worse than %s, percentile %s of %d runs"
                    .formatted(value(mine), say(at), value(last), Numbers.shown(percentile), runs));
      }

      private double[] reported(double from, double to) {
        return from == to
            ? new double[] {to}
            : all.stream().flatMapToDouble(run -> Arrays.stream(run.within(from, to))).sorted().distinct().toArray();
      }
    };
  }

  /** 1 for the largest, runs of equal value sharing a rank; large for NaN. */
  private static int rank(double value, double[] sorted) {
    if (Double.isNaN(value)) {
      return Integer.MAX_VALUE;
    }
    int rank = 1;
    for (int i = sorted.length - 1; i >= 0 && sorted[i] > value; i--) {
      rank += i == sorted.length - 1 || sorted[i] != sorted[i + 1] ? 1 : 0;
    }
    return rank;
  }

  @Override
  public String toString() {
    return "percentile(%s, %d curves, %s..%s %s, patience %s, best %d kept)"
        .formatted(
            Numbers.shown(percentile),
            minCurves,
            Numbers.shown(minProgress),
            Double.isInfinite(maxProgress) ? "" : Numbers.shown(maxProgress),
            progress.unit(),
            Numbers.shown(patience),
            keptBest);
  }
}
