package io.stopcast.policy;

import java.util.Objects;

/**
 * How far below its best a curve may fall before that counts as a drop.
 *
 * <p>{@link OfSpan} and {@link OfNoise} need no knowledge of the metric's scale. Immutable; safe for any thread.
 */
public sealed interface Drop {
  /**
   * Returns the gain, in the metric's unit, by which a point may lie below the best; NaN while that is not known, and nothing
   * counts as a drop.
   *
   * @param best the best gain of all points up to this one
   * @param span best minus worst gain of the same points
   * @param noise standard deviation of one point around the curve's course, from the points before this one; NaN before five
   *     finite ones, and while they have shown none
   * @param progress share of the plan that is done, NaN if unknown; may exceed 1
   */
  double tolerated(double best, double span, double noise, double progress);

  /** A fixed amount in the metric's unit, such as 0.05 for five points of an accuracy; at least 0. */
  static Drop absolute(double gain) {
    return new Absolute(gain);
  }

  /** A share of the best value's size: 0.1 for 90 % of the best; at least 0. */
  static Drop relative(double share) {
    return new Relative(share);
  }

  /** A share of what the curve has spanned so far; at least 0 and below 1. */
  static Drop ofSpan(double share) {
    return new OfSpan(share);
  }

  /** So many standard deviations of the run's own noise; above 0. */
  static Drop ofNoise(double deviations) {
    return new OfNoise(deviations);
  }

  /**
   * The same, tightening steadily with the share of the plan that is done: at the start as it is, at the end {@code atEnd} of
   * it.
   *
   * @param atEnd what is left at the end of the plan; within 0..1
   */
  default Drop tightening(double atEnd) {
    return new Tightening(this, atEnd);
  }

  /**
   * A fixed amount. Not for a setting that serves many tasks.
   *
   * @param gain in the metric's unit; at least 0
   */
  record Absolute(double gain) implements Drop {
    public Absolute {
      if (!(gain >= 0 && gain < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a drop must be at least 0 and finite, but was " + gain);
      }
    }

    @Override
    public double tolerated(double best, double span, double noise, double progress) {
      return gain;
    }

    @Override
    public String toString() {
      return String.valueOf(gain);
    }
  }

  /**
   * A share of the best value's size: an accuracy below 90 % of its best, a loss above 110 %. Not for metrics that come near 0
   * or change their sign, where the share means nothing.
   *
   * @param share of the best's absolute value; at least 0
   */
  record Relative(double share) implements Drop {
    public Relative {
      if (!(share >= 0 && share < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a drop as a share of the best must be at least 0 and finite, but was " + share);
      }
    }

    @Override
    public double tolerated(double best, double span, double noise, double progress) {
      return share * Math.abs(best);
    }

    @Override
    public String toString() {
      return share + " of best";
    }
  }

  /**
   * A share of the span, as in {@link RelativeDrop}: the same in every unit and at every offset.
   *
   * @param share of best minus worst so far; at least 0 and below 1
   */
  record OfSpan(double share) implements Drop {
    public OfSpan {
      if (!(share >= 0 && share < 1)) {
        throw new IllegalArgumentException("a drop as a share of the span must be at least 0 and below 1, but was " + share);
      }
    }

    @Override
    public double tolerated(double best, double span, double noise, double progress) {
      return share * span;
    }

    @Override
    public String toString() {
      return share + " of span";
    }
  }

  /**
   * A number of standard deviations of the run's own noise, which is told by how the curve bends from point to point: a steady
   * rise is none. The same in every unit and at every offset. On a curve without any noise nothing is a drop until it has
   * shown some.
   *
   * @param deviations how many; above 0
   */
  record OfNoise(double deviations) implements Drop {
    public OfNoise {
      if (!(deviations > 0 && deviations < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a drop in units of the noise must be above 0 and finite, but was " + deviations);
      }
    }

    @Override
    public double tolerated(double best, double span, double noise, double progress) {
      return deviations * noise;
    }

    @Override
    public String toString() {
      return deviations + " of noise";
    }
  }

  /**
   * Another drop that tightens with the share of the plan that is done. With an unknown horizon, or an unknown cost where only a
   * cost is planned, it stays as it was at the start; beyond the plan, as it was at its end.
   *
   * @param atEnd which share of the other drop is left at the end of the plan; within 0..1
   */
  record Tightening(Drop drop, double atEnd) implements Drop {
    public Tightening {
      Objects.requireNonNull(drop, "drop");
      if (!(atEnd >= 0 && atEnd <= 1)) {
        throw new IllegalArgumentException("what is left of a drop at the end must be a share within 0..1, but was " + atEnd);
      }
    }

    @Override
    public double tolerated(double best, double span, double noise, double progress) {
      double done = progress > 0 ? Math.min(progress, 1) : 0;
      return drop.tolerated(best, span, noise, progress) * (1 - (1 - atEnd) * done);
    }

    @Override
    public String toString() {
      return drop + ", " + atEnd + " of that at the end";
    }
  }
}
