package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops where Keras' {@code EarlyStopping} does.
 *
 * <p>The first value is the one to beat, be it NaN, which nothing beats. A value counts as better if value - min-delta exceeds
 * the best one so far (for a minimised metric: if value + min-delta lies below), both rounded to 32 bits, as Keras compares on
 * all its backends but NumPy. Each better value is the new best. It also starts the patience over, unless there is a baseline
 * that it does not beat in the same way: then the wait goes on, and only the next value that is no better can stop the run. An
 * epoch is a report of the objective. Epochs before {@code startFromEpoch} are not looked at.
 *
 * <p>Keras may stop at a NaN, and this never does: there it stops at the next value that is none, if that is not better. Not a
 * setting for many tasks: min-delta and baseline are in the metric's unit, see {@link Patience} and {@link MinDelta}. O(1) time
 * and memory in every step.
 *
 * <p>Source: {@code keras/src/callbacks/early_stopping.py} and {@code monitor_callback.py} of Keras 3.15.1.
 *
 * @param patience how many epochs in a row may be no better, the one that stops included; at least 0, which is as 1
 * @param minDelta by how much a value must be better, in the metric's unit; at least 0
 * @param baseline what a value must beat for the patience to start over, in the metric's unit; NaN for none
 * @param startFromEpoch how many epochs at the start are not looked at; at least 0
 */
public record KerasEarlyStopping(int patience, double minDelta, double baseline, long startFromEpoch) implements StopPolicy {
  public KerasEarlyStopping {
    WaitingWatch.requirePatience(patience, 0);
    WaitingWatch.requireMinDelta(minDelta);
    if (Double.isInfinite(baseline)) {
      throw new IllegalArgumentException("the baseline must be finite, or NaN for none, but was " + baseline);
    }
    if (startFromEpoch < 0) {
      throw new IllegalArgumentException("the epoch to start from must be at least 0, but was " + startFromEpoch);
    }
  }

  /** Without a baseline, from the first epoch on. */
  public KerasEarlyStopping(int patience, double minDelta) {
    this(patience, minDelta, Double.NaN, 0);
  }

  @Override
  public Watch watch(RunContext run) {
    double toStartOver = run.objective().gain(baseline);
    return new WaitingWatch(run, this, patience) {
      @Override
      Decision observePoint(Step step, double gain) {
        if (points() <= startFromEpoch) {
          return Decision.CONTINUE;
        }
        if (hasBest() && !beats(gain, best())) {
          return waitOn();
        }
        setBest(gain);
        if (Double.isNaN(baseline) || beats(gain, toStartOver)) {
          startOver();
        } else {
          goOnWaiting();
        }
        return Decision.CONTINUE;
      }

      @Override
      boolean beats(double gain, double best) {
        return (float) (gain - minDelta) > (float) best;
      }
    };
  }

  @Override
  public String toString() {
    String more = Double.isNaN(baseline) ? "" : ", baseline " + baseline;
    String from = startFromEpoch == 0 ? "" : ", from epoch " + startFromEpoch;
    return "keras(patience " + patience + ", min-delta " + minDelta + more + from + ")";
  }
}
