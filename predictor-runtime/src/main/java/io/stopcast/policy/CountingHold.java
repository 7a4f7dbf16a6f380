package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A watch whose stops pass once there were enough points. */
abstract class CountingHold extends HeldWatch {
  private final RunContext run;
  private long seen;

  CountingHold(StopPolicy.Watch inner, RunContext run) {
    super(inner);
    this.run = run;
  }

  /** How many points there were, the current one included. */
  final long points() {
    return seen;
  }

  @Override
  final void note(Step step) {
    if (run.objective().isReportedBy(step)) {
      seen++;
    }
  }

  @Override
  final void saveOwn(DataOutput out) throws IOException {
    out.writeLong(seen);
  }

  @Override
  final void restoreOwn(DataInput in) throws IOException {
    seen = in.readLong();
  }
}
