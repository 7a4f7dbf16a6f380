package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Counts the points since a value was beaten, as the callbacks of training libraries do.
 *
 * <p>Other than {@link Improvements} it takes whatever comes first for the value to beat, NaN and infinities included, if that
 * is what the tool does: nothing beats a NaN, so that a run whose first value is NaN is over after the patience.
 */
abstract class WaitingWatch extends PointWatch {
  private final String policy;
  private final int patience;
  private boolean hasBest;
  private double best = Double.NEGATIVE_INFINITY;
  private long waited;

  WaitingWatch(RunContext run, StopPolicy policy, int patience) {
    super(run);
    this.policy = policy.toString();
    this.patience = patience;
  }

  /** Whether this gain counts as better than what is to be beaten. */
  abstract boolean beats(double gain, double best);

  @Override
  Decision observePoint(Step step, double gain) {
    if (!hasBest || beats(gain, best)) {
      setBest(gain);
      startOver();
      return Decision.CONTINUE;
    }
    return waitOn();
  }

  final boolean hasBest() {
    return hasBest;
  }

  /** Negative infinity before the first. */
  final double best() {
    return best;
  }

  final void setBest(double gain) {
    best = gain;
    hasBest = true;
  }

  final void startOver() {
    waited = 0;
  }

  /** Counts a point that does not start the patience over. */
  final void goOnWaiting() {
    waited++;
  }

  /** Counts a point that is no better, and answers to it. */
  final Decision waitOn() {
    goOnWaiting();
    return waited < patience ? Decision.CONTINUE : stop();
  }

  private Decision stop() {
    String reason = String.format(Locale.ROOT, "%d points without enough of a gain on %.4g", waited, inUnit(best));
    return new Decision.Stop(policy, reason);
  }

  @Override
  final void savePoints(DataOutput out) throws IOException {
    out.writeBoolean(hasBest);
    out.writeDouble(best);
    out.writeLong(waited);
  }

  @Override
  final void restorePoints(DataInput in) throws IOException {
    hasBest = in.readBoolean();
    best = in.readDouble();
    waited = in.readLong();
  }

  static void requirePatience(int patience, int least) {
    if (patience < least) {
      throw new IllegalArgumentException("patience must be at least " + least + ", but was " + patience);
    }
  }

  static void requireMinDelta(double minDelta) {
    if (!(minDelta >= 0 && minDelta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("min-delta must be at least 0 and finite, but was " + minDelta);
    }
  }
}
