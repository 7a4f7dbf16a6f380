package io.stopcast.policy;

import io.stopcast.run.RunContext;

/**
 * Stops where the callbacks of XGBoost ({@code EarlyStopping}) and of LightGBM ({@code early_stopping}) do.
 *
 * <p>The first value is the one to beat, be it NaN, which nothing beats. A value counts as better if it exceeds best +
 * min-delta (for a minimised metric: if it lies below best - min-delta), and is the best from then on. Stops once {@code
 * rounds} values in a row are no better.
 *
 * <p>Of a maximised metric XGBoost asks whether value - min-delta exceeds the best, which is the same but for the rounding of
 * the last bit: of 0.2 after 0.15 at a min-delta of 0.05. This keeps to what XGBoost does for minimised ones and LightGBM for
 * both, as a metric and its mirror image decide the same here.
 *
 * <p>The tools may stop at a NaN, and this never does: there it stops at the next value that is none, if that is not better.
 * Not a setting for many tasks: min-delta is in the metric's unit. O(1) time and memory in every step.
 *
 * <p>Source: {@code xgboost/callback.py} of XGBoost 3.2.0, {@code lightgbm/callback.py} of LightGBM 4.7.0.
 *
 * @param rounds how many values in a row may be no better, the one that stops included; at least 1
 * @param minDelta by how much a value must be better, in the metric's unit; at least 0
 */
public record BoostingEarlyStopping(int rounds, double minDelta) implements StopPolicy {
  public BoostingEarlyStopping {
    WaitingWatch.requirePatience(rounds, 1);
    WaitingWatch.requireMinDelta(minDelta);
  }

  @Override
  public Watch watch(RunContext run) {
    return new WaitingWatch(run, this, rounds) {
      @Override
      boolean beats(double gain, double best) {
        return gain > best + minDelta;
      }
    };
  }

  @Override
  public String toString() {
    return "boosting(rounds " + rounds + ", min-delta " + minDelta + ")";
  }
}
