package io.stopcast.policy;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A watch that is asked at the points of the curve only: a step that does not report the objective passes it by. */
abstract class PointWatch implements StopPolicy.Watch {
  private final Objective objective;
  private long seen;

  PointWatch(RunContext run) {
    this.objective = run.objective();
  }

  @Override
  public final Decision observe(Step step) {
    if (!objective.isReportedBy(step)) {
      return Decision.CONTINUE;
    }
    seen++;
    double gain = objective.gain(step);
    Decision decision = observePoint(step, gain);
    return Double.isNaN(gain) ? Decision.CONTINUE : decision;
  }

  /**
   * Answers to one point of the curve. At one whose gain is NaN the answer does not count.
   *
   * @param gain the objective, larger is better; may be NaN or infinite
   */
  abstract Decision observePoint(Step step, double gain);

  @Override
  public final void save(DataOutput out) throws IOException {
    out.writeLong(seen);
    savePoints(out);
  }

  @Override
  public final void restore(DataInput in) throws IOException {
    seen = in.readLong();
    restorePoints(in);
  }

  /** Writes what is remembered beside the number of points. */
  abstract void savePoints(DataOutput out) throws IOException;

  /** Reads what {@link #savePoints} wrote. */
  abstract void restorePoints(DataInput in) throws IOException;

  /** How many points there were, the current one included. */
  final long points() {
    return seen;
  }

  /** Returns a gain as people know it: in the unit and the direction of the metric. */
  final double inUnit(double gain) {
    return objective.gain(gain);
  }
}
