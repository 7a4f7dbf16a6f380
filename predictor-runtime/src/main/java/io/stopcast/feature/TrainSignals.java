package io.stopcast.feature;

import io.stopcast.run.Objective;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a run shows of its training beside its objective: the training loss, smoothed, and the gap between the
 * objective's counterpart on the training data and the objective.
 *
 * <p>Reports between two points are averaged, so that it does not matter how many there are.
 */
final class TrainSignals {
  private static final String LOSS = "train_loss";
  private static final String[] HELD_OUT = {"validation", "valid", "val", "eval", "test", "dev"};
  private static final double SMOOTH = .3;
  private static final double TREND = .1;
  private static final int RECENT = 5;

  private final Objective objective;
  private final String counterpart;
  private final Reports losses = new Reports();
  private final Reports counterparts = new Reports();
  private final Mean smooth = new Mean();
  private final Ring recent = new Ring(RECENT + 1);
  private final Mean gap = new Mean();
  private final Mean slowGap = new Mean();
  private boolean present;
  private double lowest = Double.POSITIVE_INFINITY;
  private double highest = Double.NEGATIVE_INFINITY;

  TrainSignals(Objective objective) {
    this.objective = objective;
    this.counterpart = counterpart(objective.metric());
  }

  /** Returns the name of the same metric on the training data, null if the name does not say that it is held out. */
  static String counterpart(String metric) {
    for (String part : HELD_OUT) {
      int end = part.length();
      if (metric.startsWith(part) && metric.length() > end + 1 && "_/".indexOf(metric.charAt(end)) >= 0) {
        return "train" + metric.substring(end);
      }
    }
    return null;
  }

  void observe(Step step) {
    double loss = step.value(LOSS);
    if (Curve.isUsable(loss)) {
      present = true;
      losses.add(-loss);
    }
    if (counterpart != null) {
      double gain = objective.gain(step.value(counterpart));
      if (Curve.isUsable(gain)) {
        counterparts.add(gain);
      }
    }
  }

  /** Closes what was reported since the point before; {@code gain} is the objective's, NaN if it is not usable. */
  void point(double gain) {
    if (losses.count > 0) {
      smooth.add(losses.take(), SMOOTH);
      lowest = Math.min(lowest, smooth.value());
      highest = Math.max(highest, smooth.value());
    }
    recent.add(smooth.value());
    if (counterparts.count > 0) {
      double difference = counterparts.take() - gain;
      if (!Double.isNaN(difference)) {
        gap.add(difference, SMOOTH);
        slowGap.add(difference, TREND);
      }
    }
  }

  /** Whether a training loss was ever reported. */
  boolean present() {
    return present;
  }

  /** The smoothed training loss as a gain, NaN before the first. */
  double smooth() {
    return smooth.value();
  }

  /** The smoothed training loss as a gain, five points ago; NaN if there were none. */
  double fiveAgo() {
    return recent.back(RECENT);
  }

  /** Between the worst and the best smoothed training loss; negative before the first. */
  double span() {
    return highest - lowest;
  }

  /** By how much training looks better than the objective, smoothed, in the objective's unit; NaN if unknown. */
  double gap() {
    return gap.value();
  }

  /** How the gap grows: its fast mean less its slow one, in the objective's unit. */
  double gapTrend() {
    return gap.value() - slowGap.value();
  }

  void save(DataOutput out) throws IOException {
    losses.save(out);
    counterparts.save(out);
    smooth.save(out);
    recent.save(out);
    gap.save(out);
    slowGap.save(out);
    out.writeBoolean(present);
    out.writeDouble(lowest);
    out.writeDouble(highest);
  }

  void restore(DataInput in) throws IOException {
    losses.restore(in);
    counterparts.restore(in);
    smooth.restore(in);
    recent.restore(in);
    gap.restore(in);
    slowGap.restore(in);
    present = in.readBoolean();
    lowest = in.readDouble();
    highest = in.readDouble();
  }

  /** The mean of what was reported since it was last taken. */
  private static final class Reports {
    double mean;
    int count;

    void add(double value) {
      count++;
      mean = count == 1 ? value : mean + (value - mean) / count;
    }

    double take() {
      count = 0;
      return mean;
    }

    void save(DataOutput out) throws IOException {
      out.writeDouble(mean);
      out.writeInt(count);
    }

    void restore(DataInput in) throws IOException {
      mean = in.readDouble();
      count = in.readInt();
    }
  }
}
