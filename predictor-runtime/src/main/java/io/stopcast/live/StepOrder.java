package io.stopcast.live;

import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Tells new steps of a run from those that came before. A trainer may report one index in several steps: one with the
 * objective, and any number with other metrics.
 */
final class StepOrder {
  enum Verdict {
    /** Later than all before, or the first to report this at its index. */
    NEW,
    /** What came last, once more. */
    REPEATED,
    /** Once more at the index of the last point, with another value. */
    CHANGED,
    /** Before the last. */
    OLD
  }

  private boolean started;
  private boolean hasPoint;
  private boolean hasSignals;
  private long newest;
  private long value;
  private long signals;

  /** The largest index so far. */
  long newest() {
    return newest;
  }

  /**
   * Judges the next step.
   *
   * @param isPoint whether it reports the objective
   * @param objective its value then
   */
  Verdict judge(Step step, boolean isPoint, double objective) {
    long index = step.index();
    if (started && index < newest) {
      return Verdict.OLD;
    }
    if (!started || index > newest) {
      started = true;
      newest = index;
      hasPoint = false;
      hasSignals = false;
    }
    if (isPoint) {
      long bits = Double.doubleToLongBits(objective);
      if (hasPoint) {
        return bits == value ? Verdict.REPEATED : Verdict.CHANGED;
      }
      hasPoint = true;
      value = bits;
    } else {
      long print = step.fingerprint();
      if (hasSignals && print == signals) {
        return Verdict.REPEATED;
      }
      hasSignals = true;
      signals = print;
    }
    return Verdict.NEW;
  }

  void save(DataOutput out) throws IOException {
    out.writeBoolean(started);
    out.writeBoolean(hasPoint);
    out.writeBoolean(hasSignals);
    out.writeLong(newest);
    out.writeLong(value);
    out.writeLong(signals);
  }

  void restore(DataInput in) throws IOException {
    started = in.readBoolean();
    hasPoint = in.readBoolean();
    hasSignals = in.readBoolean();
    newest = in.readLong();
    value = in.readLong();
    signals = in.readLong();
  }
}
