package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * How far a run may be changed in all: what an {@link Arbiter} does not go beyond.
 *
 * <p>The learning rate and the batch size are what the step reports as {@code learning_rate} and {@code batch_size}; where it does not,
 * what the run's parameters of these names say times what was granted since. Where neither is known, a change that has a bound is not
 * granted: what cannot be shown is not granted. A change that would go beyond its bound goes up to it.
 *
 * @param most how many changes of each kind; at least 1
 * @param leastRate the learning rate is not reduced below; at least 0, which is no bound
 * @param leastBatch the batch size is not lowered below; at least 0, which is no bound
 * @param mostBatch the batch size is not raised above; infinite for no bound
 * @param mostLayers how many layers may be frozen or taken out; at least 0
 */
public record Bounds(int most, double leastRate, double leastBatch, double mostBatch, int mostLayers) {
  /** The metric, and the parameter of a run, that tells its learning rate. */
  public static final String LEARNING_RATE = "learning_rate";

  /** The metric, and the parameter of a run, that tells its batch size. */
  public static final String BATCH_SIZE = "batch_size";

  /** A change that is smaller than this share is none. */
  private static final double NONE = 1e-6;

  public Bounds {
    if (most < 1) {
      throw new IllegalArgumentException("an arbiter must grant at least 1 change of a kind, but was to grant " + most);
    }
    if (!(leastRate >= 0 && leastRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the least learning rate must be at least 0 and finite, but was " + leastRate);
    }
    if (!(leastBatch >= 0 && leastBatch < mostBatch)) {
      throw new IllegalArgumentException(
          "the batch size must be bounded by 0 or more and by something above that, but was by %s and %s".formatted(leastBatch, mostBatch));
    }
    if (mostLayers < 0) {
      throw new IllegalArgumentException("0 or more layers may be frozen, but were to be " + mostLayers);
    }
  }

  /** So many changes of each kind, as far as they go. */
  public static Bounds of(int most) {
    return new Bounds(most, 0, 0, Double.POSITIVE_INFINITY, Integer.MAX_VALUE);
  }

  /** The same, with a learning rate that is not reduced below this. */
  public Bounds withLeastRate(double least) {
    return new Bounds(most, least, leastBatch, mostBatch, mostLayers);
  }

  /** The same, with a batch size that stays within this. */
  public Bounds withBatch(double least, double largest) {
    return new Bounds(most, leastRate, least, largest, mostLayers);
  }

  /** The same, with at most so many layers frozen or taken out. */
  public Bounds withLayers(int layers) {
    return new Bounds(most, leastRate, leastBatch, mostBatch, layers);
  }

  /** What a run's parameters say of a setting; NaN if nothing that is a positive number. */
  static double startOf(RunContext run, String setting) {
    return run.parameters().get(setting) instanceof Number number && number.doubleValue() > 0 ? number.doubleValue() : Double.NaN;
  }

  /** What a setting is at a step. */
  static double at(Step step, String setting, double start, double granted) {
    double reported = step.value(setting);
    return reported > 0 && reported < Double.POSITIVE_INFINITY ? reported : start * granted;
  }

  /** Checks that a run begins within the bounds. */
  void requireStart(RunContext run) {
    double rate = startOf(run, LEARNING_RATE);
    if (rate < leastRate) {
      throw new IllegalArgumentException(
          "the least learning rate, %s, is above that of run '%s', %s; choose one below it".formatted(leastRate, run.run(), rate));
    }
    double batch = startOf(run, BATCH_SIZE);
    if (batch < leastBatch || batch > mostBatch) {
      throw new IllegalArgumentException(
          "the batch size is to stay within %s to %s, but that of run '%s' is %s".formatted(leastBatch, mostBatch, run.run(), batch));
    }
  }

  /** The factor for a learning rate as far as it goes; 1 if it does not. */
  double rateFactor(double factor, double now) {
    if (leastRate == 0) {
      return factor;
    }
    double within = Math.max(factor, leastRate / now);
    return within < 1 - NONE ? within : 1; // NaN if the rate is not known
  }

  /** The factor for a batch size as far as it goes; 1 if it does not. */
  double batchFactor(double factor, double now) {
    double bound = factor < 1 ? leastBatch : mostBatch;
    if (bound == 0 || Double.isInfinite(bound)) {
      return factor;
    }
    double within = factor < 1 ? Math.max(factor, bound / now) : Math.min(factor, bound / now);
    boolean changes = factor < 1 ? within < 1 - NONE : within > 1 + NONE;
    return changes ? within : 1;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("at most ").append(most).append(" of a kind");
    if (leastRate > 0) {
      text.append(", learning rate from ").append(leastRate);
    }
    if (leastBatch > 0 || mostBatch < Double.POSITIVE_INFINITY) {
      text.append(", batch size ").append(leastBatch).append(" to ").append(mostBatch);
    }
    return mostLayers == Integer.MAX_VALUE ? text.toString() : text.append(", ").append(mostLayers).append(" layers").toString();
  }
}
