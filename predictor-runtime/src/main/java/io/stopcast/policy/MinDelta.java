package io.stopcast.policy;

/**
 * By how much a value must beat the last one that counted, to count as an improvement itself.
 *
 * <p>Only {@link OfSpan} needs no knowledge of the metric's scale. Immutable; safe for any thread.
 */
public sealed interface MinDelta {
  /** Every value that is better counts. */
  MinDelta NONE = new Absolute(0);

  /**
   * Returns the gain, in the metric's unit, that a value must exceed to count.
   *
   * @param reference the last gain that counted
   * @param span best minus worst gain of all points before this one; 0 while they are all the same
   */
  double of(double reference, double span);

  /** A fixed amount in the metric's unit; at least 0. */
  static MinDelta absolute(double gain) {
    return new Absolute(gain);
  }

  /** A share of the size of the last value that counted; at least 0. */
  static MinDelta relative(double share) {
    return new Relative(share);
  }

  /** A share of what the curve has spanned so far; at least 0 and below 1. */
  static MinDelta ofSpan(double share) {
    return new OfSpan(share);
  }

  /**
   * A fixed amount, as {@code min_delta} of Keras' {@code EarlyStopping}.
   *
   * <p>Not for a setting that serves many tasks: 0.001 is a lot of an accuracy and nothing of a perplexity.
   *
   * @param gain in the metric's unit; at least 0
   */
  record Absolute(double gain) implements MinDelta {
    public Absolute {
      if (!(gain >= 0 && gain < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("min-delta must be at least 0 and finite, but was " + gain);
      }
    }

    @Override
    public double of(double reference, double span) {
      return gain;
    }

    @Override
    public String toString() {
      return "min-delta " + gain;
    }
  }

  /**
   * A share of the size of the last value that counted, as {@code threshold_mode='rel'} of PyTorch's {@code
   * ReduceLROnPlateau}.
   *
   * <p>Not for metrics that come near 0 or change their sign, where the share means nothing: a loss of 1e-6 would
   * count each improvement, a reward around 1000 next to none.
   *
   * @param share of the reference's absolute value; at least 0
   */
  record Relative(double share) implements MinDelta {
    public Relative {
      if (!(share >= 0 && share < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("relative min-delta must be at least 0 and finite, but was " + share);
      }
    }

    @Override
    public double of(double reference, double span) {
      return share * Math.abs(reference);
    }

    @Override
    public String toString() {
      return "min-delta " + share + " of the value";
    }
  }

  /**
   * A share of what the curve has spanned so far, best minus worst; the same in every unit and at every offset.
   *
   * <p>Not for curves with one wild first value: it makes the span, and all that follows looks small.
   *
   * @param share of the span; at least 0 and below 1
   */
  record OfSpan(double share) implements MinDelta {
    public OfSpan {
      if (!(share >= 0 && share < 1)) {
        throw new IllegalArgumentException(
            "min-delta as a share of the span must be at least 0 and below 1, but was " + share);
      }
    }

    @Override
    public double of(double reference, double span) {
      return share * span;
    }

    @Override
    public String toString() {
      return "min-delta " + share + " of span";
    }
  }
}
