package io.stopcast.policy;

import io.stopcast.run.Objective;
import io.stopcast.run.Step;

/**
 * How good a run may still become in one objective, as far as its user knows: a bound, not a forecast. Immutable; safe for any thread.
 */
public sealed interface Reach {
  /**
   * Returns the best gain that a later step may show; NaN if that is not known, and everything is possible.
   *
   * @param objective in whose direction gains grow
   * @param step the last one
   * @param best the best finite gain so far, negative infinity before the first
   */
  double from(Objective objective, Step step, double best);

  /** No better than a level of the metric: 1 for an accuracy, 0 for a loss; finite. */
  static Reach upTo(double level) {
    return new UpTo(level);
  }

  /** At most so much better, in the metric's unit, than the best value so far; at least 0. */
  static Reach beyondBest(double gain) {
    return new BeyondBest(gain);
  }

  /** At most so much better than the last value: 0 for a signal that only gets worse, such as seconds spent; at least 0. */
  static Reach beyondLast(double gain) {
    return new BeyondLast(gain);
  }

  /** The objective is the run's cumulative cost, whatever its name, and must be minimised: what is spent is spent. */
  static Reach spent() {
    return new Spent();
  }

  /** See {@link #upTo}. */
  record UpTo(double level) implements Reach {
    public UpTo {
      if (!Double.isFinite(level)) {
        throw new IllegalArgumentException("the level up to which a metric reaches must be finite, but was " + level);
      }
    }

    @Override
    public double from(Objective objective, Step step, double best) {
      return objective.gain(level);
    }

    @Override
    public String toString() {
      return "up to " + level;
    }
  }

  /** See {@link #beyondBest}. */
  record BeyondBest(double gain) implements Reach {
    public BeyondBest {
      requireGain(gain);
    }

    @Override
    public double from(Objective objective, Step step, double best) {
      return Double.isFinite(best) ? best + gain : Double.NaN;
    }

    @Override
    public String toString() {
      return gain + " beyond the best";
    }
  }

  /** See {@link #beyondLast}. */
  record BeyondLast(double gain) implements Reach {
    public BeyondLast {
      requireGain(gain);
    }

    @Override
    public double from(Objective objective, Step step, double best) {
      double last = objective.gain(step);
      return Double.isFinite(last) ? last + gain : Double.NaN;
    }

    @Override
    public String toString() {
      return gain + " beyond the last";
    }
  }

  /** See {@link #spent}. */
  record Spent() implements Reach {
    @Override
    public double from(Objective objective, Step step, double best) {
      return objective.gain(step.cost());
    }

    @Override
    public String toString() {
      return "what is spent";
    }
  }

  private static void requireGain(double gain) {
    if (!(gain >= 0 && gain < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("what a metric may still gain must be at least 0 and finite, but was " + gain);
    }
  }
}
