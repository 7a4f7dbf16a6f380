package io.stopcast.policy;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.run.HybridObjective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A rule for when a run should stop: an immutable value, safe for any thread.
 *
 * <p>What it remembers of one run lives in that run's {@link Watch}. Policies compose as wrappers: {@link #or}, {@link
 * #and}, {@link #notBefore}, {@link #notBeforeShare}, {@link #notBeforeCost}, {@link #unlessBelow}, {@link #withProbability}, {@link
 * #on}; at most so much is {@code policy.or(Budget.ofCost(1e9))}. The {@code toString} of a policy names it with its configuration, as
 * reports and decisions show it.
 *
 * <p>A policy may also ask for a change of the run ({@link Decision#advice}), which passes through all wrappers unless the run is
 * stopped at that step: {@code or} and {@code and} prefer the first one's. {@link #advising} turns any rule into one that asks for a
 * change, and {@link #advised} keeps stops and changes from fighting.
 */
public interface StopPolicy {
  /** Runs to the end. */
  StopPolicy NEVER = new Never();

  /** Starts watching one run, of which this much is known beforehand. */
  Watch watch(RunContext run);

  /** Stops as soon as one of both does; the first one's reason goes first. */
  default StopPolicy or(StopPolicy other) {
    return new AnyOf(this, other);
  }

  /** Stops at a step at which both say stop. */
  default StopPolicy and(StopPolicy other) {
    return new AllOf(this, other);
  }

  /**
   * Does not stop before a number of points.
   *
   * @param points the first point, counted from 1, at which a stop may happen; at least 1
   */
  default StopPolicy notBefore(long points) {
    return new NotBefore(this, points);
  }

  /**
   * Does not stop before a share of the plan is done: of the planned points, or of the planned cost where only that is known.
   * Where neither is known, or the cost of a point is not, it does not stop at all: what cannot be shown is not granted.
   *
   * @param share above 0, at most 1
   */
  default StopPolicy notBeforeShare(double share) {
    return new NotBeforeShare(this, share);
  }

  /**
   * Does not stop before so much was spent. A point whose cost is unknown does not show that.
   *
   * @param cost cumulative cost in the run's unit; positive and finite
   */
  default StopPolicy notBeforeCost(double cost) {
    return new NotBeforeCost(this, cost);
  }

  /**
   * Does not stop while the best value is worse than a floor, below which the run is of no use, unless the policy's own
   * outlook says that it is hopeless: that not even the gain which nine of ten runs do not exceed would lead there. A policy
   * without an outlook knows no hopeless run; one that does goes beside it, as in {@code policy.unlessBelow(0.8).or(new
   * OutOfReach(0.8, 20))}.
   *
   * @param floor in the metric's unit; finite
   */
  default StopPolicy unlessBelow(double floor) {
    return new UnlessBelow(this, floor);
  }

  /**
   * Carries out the stops of most runs, and lets the others go on to show what stopping would have lost: one draw a run, the
   * same whenever it is drawn. {@link Stochastic} says how and what for.
   *
   * @param probability that a run is not exempt; above 0, at most 1
   * @param seed another one exempts other runs
   */
  default Stochastic withProbability(double probability, long seed) {
    return Stochastic.of(this, probability, seed);
  }

  /**
   * Watches a metric that is made of several signals, in place of the run's own objective. Points are still the steps that report
   * the latter, and where it is NaN, or the combined one is, nothing stops. Levels, outlooks and reasons are in the unit of the combined
   * metric, and a learned policy, whose history is one of the run's objective, has not been trained for that.
   */
  default StopPolicy on(HybridObjective hybrid) {
    return new OnHybrid(this, hybrid);
  }

  /** Asks for a change where this policy would stop, at every such point, and never stops. See {@link #advised} for when it is granted. */
  default StopPolicy advising(Advice advice) {
    return new Advising(this, advice);
  }

  /**
   * This policy's stops beside the changes that advisers ask for: the {@link Arbiter} that grants at most three changes of a kind, each
   * tried for ten points, while which nothing is stopped; its methods say otherwise.
   *
   * @param advisers policies that ask for changes, the more urgent first; what they stop does not count
   */
  default Arbiter advised(StopPolicy... advisers) {
    return Arbiter.of(this, List.of(advisers));
  }

  /**
   * The memory of one run. Used by one thread at a time.
   *
   * <p>A watch sees every step once, in order, and may be asked on after a stop, as a trainer that ignores it would: it
   * then answers as if it had not said stop before. A step that does not report the objective is no point of the curve
   * and never stops a run. Nor does a point whose value is NaN: it counts for what a rule remembers, such as the age of the
   * best value, but what a broken metric says is no reason to stop, and the next value will tell.
   */
  @FunctionalInterface
  interface Watch {
    Decision observe(Step step);

    /** The last probability that stopping is right, NaN for a policy that has none or before the first step. */
    default double score() {
      return Double.NaN;
    }

    /** What is to be expected if the run goes on from the last point; empty for a policy that does not know. */
    default Optional<Outlook> outlook() {
      return Optional.empty();
    }

    /**
     * What moved the last score, feature by feature; empty for a policy that does not know. For people: it takes two hundred
     * times as long as a step.
     */
    default Optional<Attribution> attribution() {
      return Optional.empty();
    }

    /**
     * How probable it was to draw what was drawn up to the last step, given this curve: 1 for a policy that draws nothing, or has not wanted to
     * stop yet. See {@link Stochastic}, the only one that draws: wrapped into other policies it is not told, for they change what its draws decide.
     */
    default double propensity() {
      return 1;
    }

    /**
     * Writes what this watch remembers. Every policy of this library can.
     *
     * @throws UnsupportedOperationException if it cannot
     */
    default void save(DataOutput out) throws IOException {
      throw new UnsupportedOperationException("this watch cannot be saved: its policy does not say how");
    }

    /**
     * Takes over what another watch saved, and decides as that one would have. This one must be new, of an equal policy and
     * of the same run; that is up to the caller.
     *
     * @throws IOException if it is anything else
     * @throws UnsupportedOperationException if it cannot
     */
    default void restore(DataInput in) throws IOException {
      throw new UnsupportedOperationException("this watch cannot be restored: its policy does not say how");
    }
  }
}
