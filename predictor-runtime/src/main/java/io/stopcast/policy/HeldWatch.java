package io.stopcast.policy;

import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A watch whose stops pass only where a condition holds; what is no stop passes always. It sees every step all the same. */
abstract class HeldWatch extends ForwardingWatch {
  HeldWatch(StopPolicy.Watch inner) {
    super(inner);
  }

  /** Notes a step, whatever the inner watch said of it. */
  void note(Step step) {}

  /** Whether a stop at the step that was noted last may pass. */
  abstract boolean mayStop(Step step);

  /** What is said of a stop that passes: unless there is something to add, what the inner watch said. */
  Decision.Stop worded(Decision.Stop stop) {
    return stop;
  }

  /** Writes what the condition remembers. */
  abstract void saveOwn(DataOutput out) throws IOException;

  /** Reads what {@link #saveOwn} wrote. */
  abstract void restoreOwn(DataInput in) throws IOException;

  @Override
  public final Decision observe(Step step) {
    Decision decision = inner.observe(step);
    note(step);
    if (!(decision instanceof Decision.Stop stop)) {
      return decision;
    }
    return mayStop(step) ? worded(stop) : Decision.CONTINUE;
  }

  @Override
  public final void save(DataOutput out) throws IOException {
    saveOwn(out);
    super.save(out);
  }

  @Override
  public final void restore(DataInput in) throws IOException {
    restoreOwn(in);
    super.restore(in);
  }
}
