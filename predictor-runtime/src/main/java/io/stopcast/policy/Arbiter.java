package io.stopcast.policy;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides between a policy that would stop a run and advisers that would change it, so that the two do not fight.
 *
 * <p>At each point, in this order:
 *
 * <ol>
 *   <li>While a change is being tried, for the {@code points} of the {@link Trial} after it was granted, no stop passes. There are at most
 *       four kinds of changes and {@link Bounds#most} of each, so that a stop that the policy repeats is put off by {@code 4 * most *
 *       points} points at most.
 *   <li>A stop of which the policy itself says that it is right with a probability below the {@link Doubt}'s certainty becomes the
 *       doubt's change, if that may be granted. The probability is that of the policy's outlook, or else its score; a policy that
 *       has neither is taken to be certain.
 *   <li>Every other stop passes.
 *   <li>Else the first adviser whose change may be granted gets it; or else the policy itself, if it asks for one.
 * </ol>
 *
 * <p>A change may be granted after the cool-down of the last one, within the bounds, and if it changes anything: layers that are frozen are
 * not frozen again. What is granted is taken to be made. An adviser that is refused is not told.
 *
 * <p>What must stop a run at once goes outside, as in {@code policy.advised(adviser).or(Budget.ofCost(1e9))}. A point whose value is NaN
 * grants nothing and stops nothing, but counts as one of the trial. A watch's outlook, score and attribution are those of the policy. In every
 * step it costs what the policy and the advisers cost, and O(1); it remembers some numbers beside them.
 *
 * <pre>{@code
 * StopPolicy slower = new ReductionThreshold(Drop.relative(0.05), 3).advising(new Advice.ReduceLearningRate(0.5));
 * StopPolicy policy = LearnedPolicy.of(file, 0.1).advised(slower, new ReduceOnPlateau(0.5, 5))
 *     .unlessCertain(0.8, new Advice.ReduceLearningRate(0.5)).within(Bounds.of(4).withLeastRate(1e-5));
 * }</pre>
 *
 * <p>A recorded run cannot show what a change would have brought: replay tells when it would be asked for, and no more.
 *
 * @param policy whose stops are decided about
 * @param advisers who ask for changes, the more urgent first; what they stop does not count
 * @param doubt what becomes of a stop that is not certain; empty to let it pass
 * @param trial for how long a change is tried
 * @param bounds how far the run may be changed
 */
public record Arbiter(StopPolicy policy, List<StopPolicy> advisers, Optional<Doubt> doubt, Trial trial, Bounds bounds)
    implements StopPolicy {
  /** How many kinds of advice there are. */
  private static final int KINDS = 4;

  /**
   * What becomes of a stop that is not certain.
   *
   * @param certainty below which probability that stopping is right; above 0, at most 1
   * @param advice the change that is tried first
   */
  public record Doubt(double certainty, Advice advice) {
    public Doubt {
      Objects.requireNonNull(advice, "advice");
      if (!(certainty > 0 && certainty <= 1)) {
        throw new IllegalArgumentException("a certainty must be a probability above 0 and at most 1, but was " + certainty);
      }
    }
  }

  /**
   * For how long a change is tried.
   *
   * @param points for how many points after it no stop passes; at least 0
   * @param coolDown for how many points after it no other change is granted; at least 0
   */
  public record Trial(int points, int coolDown) {
    public Trial {
      if (points < 0 || coolDown < 0) {
        throw new IllegalArgumentException(
            "a change is tried, and followed by no other, for at least 0 points, but was to be for %d and %d".formatted(points, coolDown));
      }
    }
  }

  public Arbiter {
    Objects.requireNonNull(policy, "policy");
    advisers = List.copyOf(advisers);
    Objects.requireNonNull(doubt, "doubt");
    Objects.requireNonNull(trial, "trial");
    Objects.requireNonNull(bounds, "bounds");
  }

  static Arbiter of(StopPolicy policy, List<StopPolicy> advisers) {
    return new Arbiter(policy, advisers, Optional.empty(), new Trial(10, 10), Bounds.of(3));
  }

  /** The same, but a stop that is less certain than this becomes a change first. */
  public Arbiter unlessCertain(double certainty, Advice first) {
    return new Arbiter(policy, advisers, Optional.of(new Doubt(certainty, first)), trial, bounds);
  }

  /** The same, but each change is tried for so many points, and so many pass before another one. */
  public Arbiter trying(int points, int coolDown) {
    return new Arbiter(policy, advisers, doubt, new Trial(points, coolDown), bounds);
  }

  /** The same with other bounds. */
  public Arbiter within(Bounds other) {
    return new Arbiter(policy, advisers, doubt, trial, other);
  }

  /**
   * Starts watching.
   *
   * @throws IllegalArgumentException if the run's own learning rate or batch size is beyond the bounds
   */
  @Override
  public Watch watch(RunContext run) {
    bounds.requireStart(run);
    return new Deciding(run);
  }

  private final class Deciding implements Watch {
    private final RunContext run;
    private final Watch stopping;
    private final Watch[] advising;
    private final Decision[] asked;
    private final double firstRate;
    private final double firstBatch;
    private final int[] grants = new int[KINDS];
    private double rate = 1;
    private double batch = 1;
    private int frozen;
    private int takenOut;
    private long points;
    private long changedAt;

    Deciding(RunContext run) {
      this.run = run;
      stopping = policy.watch(run);
      List<Watch> watches = new ArrayList<>();
      advisers.forEach(adviser -> watches.add(adviser.watch(run)));
      advising = watches.toArray(Watch[]::new);
      asked = new Decision[advising.length];
      firstRate = Bounds.startOf(run, Bounds.LEARNING_RATE);
      firstBatch = Bounds.startOf(run, Bounds.BATCH_SIZE);
    }

    @Override
    public Decision observe(Step step) {
      Decision own = stopping.observe(step);
      for (int i = 0; i < advising.length; i++) {
        asked[i] = advising[i].observe(step); // always asked: it must see every step
      }
      if (!run.objective().isReportedBy(step)) {
        return Decision.CONTINUE;
      }
      points++;
      if (Double.isNaN(run.objective().gain(step))) {
        return Decision.CONTINUE;
      }
      if (own instanceof Decision.Stop stop) {
        return changedAt > 0 && points - changedAt <= trial.points() ? grantFirst(step) : stopOrDoubt(stop, step);
      }
      Decision change = grantFirst(step);
      return change.advice().isPresent() ? change : grant(own, step);
    }

    private Decision stopOrDoubt(Decision.Stop stop, Step step) {
      if (doubt.isPresent()) {
        double probability = outlook().map(Outlook::probability).filter(p -> !Double.isNaN(p)).orElse(score());
        if (probability < doubt.get().certainty()) {
          Decision instead = doubted(stop, probability);
          Decision change = grant(instead, step);
          if (change.advice().isPresent()) {
            return change;
          }
        }
      }
      return worded(stop);
    }

    private Decision doubted(Decision.Stop stop, double probability) {
      double certainty = doubt.get().certainty();
      return new Decision.Continue(
          doubt.get().advice(),
          Arbiter.this.toString(),
          () -> "a stop is right with a probability of %.3f only, below %s: %s".formatted(probability, certainty, stop.reason()));
    }

    private Decision.Stop worded(Decision.Stop stop) {
      if (changedAt == 0) {
        return stop;
      }
      int changes = 0;
      for (int count : grants) {
        changes += count;
      }
      String tried = "; %d %s tried, the last at point %d".formatted(changes, changes == 1 ? "change was" : "changes were", changedAt);
      return new Decision.Stop(stop.policy(), () -> stop.reason() + tried);
    }

    /** What the first adviser gets who gets anything. */
    private Decision grantFirst(Step step) {
      for (Decision decision : asked) {
        Decision change = grant(decision, step);
        if (change.advice().isPresent()) {
          return change;
        }
      }
      return Decision.CONTINUE;
    }

    private Decision grant(Decision decision, Step step) {
      if (!(decision instanceof Decision.Continue asking) || asking.advice().isEmpty()) {
        return Decision.CONTINUE;
      }
      if (changedAt > 0 && points - changedAt <= trial.coolDown()) {
        return Decision.CONTINUE;
      }
      Advice wanted = asking.advice().get();
      int kind = kind(wanted);
      if (grants[kind] >= bounds.most()) {
        return Decision.CONTINUE;
      }
      Advice change = within(wanted, step);
      if (change == null) {
        return Decision.CONTINUE;
      }
      take(change);
      grants[kind]++;
      changedAt = points;
      return change.equals(wanted) ? asking : new Decision.Continue(change, asking.policy(), asking::reason);
    }

    /** The change as far as the bounds let it go; null if it changes nothing. */
    private Advice within(Advice wanted, Step step) {
      if (wanted instanceof Advice.ReduceLearningRate slower) {
        double factor = bounds.rateFactor(slower.factor(), Bounds.at(step, Bounds.LEARNING_RATE, firstRate, rate));
        return factor == slower.factor() ? slower : factor < 1 ? new Advice.ReduceLearningRate(factor) : null;
      }
      if (wanted instanceof Advice.ScaleBatch scale) {
        double factor = bounds.batchFactor(scale.factor(), Bounds.at(step, Bounds.BATCH_SIZE, firstBatch, batch));
        return factor == scale.factor() ? scale : factor != 1 ? new Advice.ScaleBatch(factor) : null;
      }
      if (wanted instanceof Advice.FreezeLayers freeze) {
        int layers = Math.min(freeze.layers(), bounds.mostLayers());
        return layers > Math.max(frozen, takenOut) ? layers == freeze.layers() ? freeze : new Advice.FreezeLayers(layers) : null;
      }
      int layers = Math.min((int) wanted.amount(), bounds.mostLayers());
      return layers > takenOut ? layers == wanted.amount() ? wanted : new Advice.ShrinkModel(layers) : null;
    }

    private void take(Advice change) {
      if (change instanceof Advice.ReduceLearningRate slower) {
        rate *= slower.factor();
      } else if (change instanceof Advice.ScaleBatch scale) {
        batch *= scale.factor();
      } else if (change instanceof Advice.FreezeLayers freeze) {
        frozen = freeze.layers();
      } else {
        takenOut = (int) change.amount();
      }
    }

    private int kind(Advice advice) {
      return advice instanceof Advice.ReduceLearningRate
          ? 0
          : advice instanceof Advice.ScaleBatch ? 1 : advice instanceof Advice.FreezeLayers ? 2 : 3;
    }

    @Override
    public double score() {
      return stopping.score();
    }

    @Override
    public Optional<Outlook> outlook() {
      return stopping.outlook();
    }

    @Override
    public Optional<Attribution> attribution() {
      return stopping.attribution();
    }

    @Override
    public void save(DataOutput out) throws IOException {
      stopping.save(out);
      for (Watch adviser : advising) {
        adviser.save(out);
      }
      for (int count : grants) {
        out.writeInt(count);
      }
      out.writeDouble(rate);
      out.writeDouble(batch);
      out.writeInt(frozen);
      out.writeInt(takenOut);
      out.writeLong(points);
      out.writeLong(changedAt);
    }

    @Override
    public void restore(DataInput in) throws IOException {
      stopping.restore(in);
      for (Watch adviser : advising) {
        adviser.restore(in);
      }
      for (int i = 0; i < grants.length; i++) {
        grants[i] = in.readInt();
      }
      rate = in.readDouble();
      batch = in.readDouble();
      frozen = in.readInt();
      takenOut = in.readInt();
      points = in.readLong();
      changedAt = in.readLong();
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(").append(policy).append(") advised by ").append(advisers);
    doubt.ifPresent(d -> text.append(", to ").append(d.advice()).append(" below certainty ").append(d.certainty()));
    return text.append(", tried for ").append(trial.points()).append(" points, next after ").append(trial.coolDown())
        .append(", ").append(bounds).toString();
  }
}
