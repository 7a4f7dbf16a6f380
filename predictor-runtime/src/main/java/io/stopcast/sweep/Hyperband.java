package io.stopcast.sweep;

import io.stopcast.run.RunContext;
import java.util.Objects;

/**
 * Several brackets of {@link SuccessiveHalving}, from one that stops early to one that does not stop at all, each with its own
 * runs.
 *
 * <p>Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization",
 * 2017: with s_max = floor(log_eta(R / r)), bracket s of s_max, .., 0 has about (s_max + 1) eta^s / (s + 1) runs and its lowest
 * rung at R eta^-s. There a bracket is filled after the other and its runs are compared when all of them have come to a rung;
 * here, as nobody knows how many there will be, each new run goes to the bracket that is furthest behind its share (d'Hondt's
 * method, the earlier-stopping one first), and decides as {@link SuccessiveHalving} does, asynchronously. The order of {@link
 * Sweep#watch} alone decides on brackets; Optuna's {@code HyperbandPruner} draws them by a hash of the run's name.
 *
 * <p>NaN, unknown progress and costs as in {@link SuccessiveHalving}.
 *
 * @param eta one in how many goes on; at least 2
 * @param minProgress r, below which no run is stopped; positive
 * @param maxProgress R, the progress of a run that is not stopped; at least r, finite
 * @param progress what is the resource
 */
public record Hyperband(int eta, double minProgress, double maxProgress, Progress progress) implements SweepPolicy {
  public Hyperband {
    Objects.requireNonNull(progress, "progress");
    SuccessiveHalving.requireEta(eta);
    progress.requirePositive("the least progress", minProgress);
    progress.requirePositive("the largest progress", maxProgress);
    if (maxProgress < minProgress) {
      throw new IllegalArgumentException(
          "the largest progress must be at least the least, %s, but was %s".formatted(minProgress, maxProgress));
    }
  }

  /** How many brackets there are: at least 1. */
  public int brackets() {
    int brackets = 1;
    for (double at = minProgress * eta; at <= maxProgress * (1 + 1e-12); at *= eta) {
      brackets++;
    }
    return brackets;
  }

  @Override
  public Sweep sweep() {
    int count = brackets();
    return new SharedSweep(this, progress) {
      private final Rungs[] brackets = new Rungs[count];
      private final int[] runs = new int[count];

      @Override
      Member join(RunContext run) {
        int next = 0;
        for (int b = 1; b < count; b++) {
          next = weight(b) / (runs[b] + 1) > weight(next) / (runs[next] + 1) ? b : next;
        }
        runs[next]++;
        if (brackets[next] == null) {
          brackets[next] = new Rungs(eta, maxProgress * Math.pow(eta, next + 1 - count), this);
        }
        return brackets[next].join();
      }

      /** How many runs a bracket has, counted from the one that stops earliest. */
      private double weight(int bracket) {
        int s = count - 1 - bracket;
        return Math.ceil(count * Math.pow(eta, s) / (s + 1));
      }
    };
  }

  @Override
  public String toString() {
    return "hyperband(eta %d, %s to %s)".formatted(eta, Numbers.shown(minProgress), progress.say(maxProgress));
  }
}
