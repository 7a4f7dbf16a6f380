package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/**
 * Another policy whose stops are carried out with a probability only, so that a history keeps showing what stopping loses.
 *
 * <p>A history in which a policy has stopped what it thought hopeless is blind to its mistakes. If some of those runs go on all
 * the same, and it is known how probable that was, those stand for all of them: see {@code OffPolicy} in the training module.
 *
 * <p>What is drawn is a pure function of the seed, of the names of the run and its task and, where each step is drawn for, of the
 * step's index: a replay decides as the live run did, and so does a watch that was restored. Runs must therefore have names: those
 * of a task that share one, such as all of {@link RunContext#of}, share their draw. The source, which an import may set, does not
 * count. Two of these with one seed within one policy draw alike. Whether a draw passes has nothing to do with the metric. O(1) time
 * in a step, and no memory but a counter.
 *
 * <p>Drawing once a run, with {@link #of}, is what exploration wants: a run is exempt from stopping or it is not, an exempt one
 * shows its whole curve, and the probability of that is {@code 1 - probability} wherever the policy would have stopped it.
 * Drawing at each step, with {@link #eachStep}, puts a stop off rather than off the table: a policy that says stop at ten points
 * in a row stops at one of them with a probability of {@code 1 - (1 - probability)^10}.
 *
 * <p>A {@code Recording} of such a watch writes the propensity down, and importing makes the run's {@code Exemption} of it, so that a history tells
 * by itself what its exempt runs stand for.
 *
 * <p>Sources: D. Horvitz, D. Thompson, "A Generalization of Sampling Without Replacement From a Finite Universe", 1952, for why a
 * known probability is enough; SplitMix64's finaliser (G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number
 * Generators", 2014) for the draw.
 *
 * @param policy whose stops are drawn for
 * @param probability of carrying out a stop; above 0, at most 1, where nothing is passed over
 * @param draw whether a run is drawn for once, or each step anew
 * @param seed of all draws; another one exempts other runs
 */
public record Stochastic(StopPolicy policy, double probability, Draw draw, long seed) implements StopPolicy {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** What is drawn for. */
  public enum Draw {
    /** A run, once: it is exempt from stopping or not. */
    RUN,
    /** Each step at which the policy says stop: what is passed over is passed over there. */
    STEP
  }

  public Stochastic {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(draw, "draw");
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "the probability of carrying out a stop must be above 0 and at most 1, but was " + probability);
    }
  }

  /** One draw a run decides whether it is exempt, with a probability of {@code 1 - probability}. */
  public static Stochastic of(StopPolicy policy, double probability, long seed) {
    return new Stochastic(policy, probability, Draw.RUN, seed);
  }

  /** Each stop is carried out with this probability, whatever was drawn at earlier steps. */
  public static Stochastic eachStep(StopPolicy policy, double probability, long seed) {
    return new Stochastic(policy, probability, Draw.STEP, seed);
  }

  /** The memory of one run, which also tells how probable its course is. */
  public interface Exploration extends Watch {
    /**
     * How probable it was, in a run with this curve, to draw what was drawn up to the last step: 1 while the policy has not said
     * stop; then {@code probability} or {@code 1 - probability} where the run is drawn for, and the product over all stops that
     * it said where each step is. Within 0..1. A stop that the trainer did not follow counts for its own step only.
     */
    @Override
    double propensity();
  }

  /**
   * What is drawn for a run: a number in [0, 1), spread evenly over runs, that follows from the seed and the names of the run and its
   * task alone. Where it is below {@code probability}, stops are carried out.
   */
  public static double drawn(RunContext run, long seed) {
    return uniform(mixed(run, seed));
  }

  /** Whether nothing would stop this run. Always false where each step is drawn for. */
  public boolean isExempt(RunContext run) {
    return draw == Draw.RUN && !isCarriedOut(mixed(run, seed));
  }

  @Override
  public Exploration watch(RunContext run) {
    return new Exploring(policy.watch(run), mixed(run, seed));
  }

  private final class Exploring extends HeldWatch implements Exploration {
    private final long mixed;
    private long passedOver;
    private boolean stopped;

    Exploring(Watch inner, long mixed) {
      super(inner);
      this.mixed = mixed;
    }

    @Override
    void note(Step step) {
      stopped = false;
    }

    @Override
    boolean mayStop(Step step) {
      stopped = isCarriedOut(draw == Draw.RUN ? mixed : mix(mixed + step.index() * GOLDEN));
      passedOver += stopped ? 0 : 1;
      return stopped;
    }

    @Override
    Decision.Stop worded(Decision.Stop stop) {
      double propensity = propensity();
      return new Decision.Stop(stop.policy(), () -> stop.reason() + "; carried out with probability " + propensity);
    }

    @Override
    public double propensity() {
      double passed = draw == Draw.STEP ? Math.pow(1 - probability, passedOver) : passedOver > 0 ? 1 - probability : 1;
      return stopped ? probability * passed : passed;
    }

    @Override
    void saveOwn(DataOutput out) throws IOException {
      out.writeLong(passedOver);
      out.writeBoolean(stopped);
    }

    @Override
    void restoreOwn(DataInput in) throws IOException {
      passedOver = in.readLong();
      stopped = in.readBoolean();
    }
  }

  private boolean isCarriedOut(long bits) {
    return uniform(bits) < probability;
  }

  private static double uniform(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  /** Names such as r1 and r2 have neighbouring hash codes, and neighbouring seeds must not exempt neighbouring runs. */
  private static long mixed(RunContext run, long seed) {
    long id = 31L * run.task().hashCode() + run.run().hashCode();
    return mix(seed + mix(id + GOLDEN));
  }

  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  @Override
  public String toString() {
    String each = draw == Draw.RUN ? " of runs" : " at each step";
    return policy + " with probability " + probability + each + " (seed " + seed + ")";
  }
}
