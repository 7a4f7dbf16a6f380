package io.stopcast.sweep;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.feature.SchemaMismatchException;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Outlook;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Stops a run once trees that were grown on sweeps say that the sweep can do without the rest of it.
 *
 * <p>The trees see what a policy for single runs, made for {@link LearnedPolicy}, knows of the run alone (its score and outlook), and where the
 * run stands among the others: its rank and its distance from the best so far and at the same progress, how many there are and how many have
 * completed. {@link #schema} names it all. Runs are compared at the same share of their plans, or at the same number of points where there is no
 * plan. What the policy itself decides is not asked, but the trees know its scores: give it the price that they were trained with. A run is judged as late as a learned policy judges one
 * ({@link LearnedPolicy#WARM_UP_POINTS}, {@link LearnedPolicy#WARM_UP_SHARE}), and once another has a finite value; a point that has none is not.
 *
 * <p>What it saves is told in {@code docs/sweeps.md}; {@code SweepRecipe} of the training module grows the trees. Beside what the policy costs, a point costs O(n log m) for n runs
 * of m points, an outlook and a score.
 *
 * @param policy whose outlook the trees see
 * @param model trees with the inputs of {@link #schema}; stays open as long as the policy is used
 * @param threshold the probability from which on a run is stopped, within 0..1
 * @param keptBest a run is kept while fewer others than this have a strictly better best; at least 0
 */
public record RankedSweep(StopPolicy policy, StopModel model, double threshold, int keptBest) implements SweepPolicy {
  public RankedSweep {
    Objects.requireNonNull(policy, "policy");
    try {
      schema().requireSame(model.schema());
    } catch (SchemaMismatchException e) {
      throw new IllegalArgumentException("these are no trees for sweeps: " + e.getMessage(), e);
    }
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("the threshold must be a probability within 0..1, but was " + threshold);
    }
    if (keptBest < 0) {
      throw new IllegalArgumentException("0 or more of the best runs are kept, but were to be " + keptBest);
    }
  }

  /**
   * The policy of a file of trees for sweeps at a price, which is what the compute of a full sweep is worth in units of what the task has to
   * gain.
   *
   * @throws IllegalArgumentException if the trees are of another kind, such as those of a {@link LearnedPolicy}
   */
  public static RankedSweep of(StopPolicy policy, ModelFile trees, double price, int keptBest) {
    return new RankedSweep(policy, trees.scorer(), trees.thresholds().thresholdFor(price), keptBest);
  }

  /** What its trees are asked about. */
  public static FeatureSchema schema() {
    return SweepFeatures.SCHEMA;
  }

  @Override
  public Sweep sweep() {
    return new Shared();
  }

  private final class Shared implements Sweep {
    private final List<SweepFeatures.Member> members = new ArrayList<>();
    private final float[] row = new float[SweepFeatures.SCHEMA.size()];
    private Objective objective;

    @Override
    public synchronized Watch watch(RunContext run) {
      objective = SharedSweep.requireSame(objective, run);
      SweepFeatures.Member own = new SweepFeatures.Member();
      members.add(own);
      StopPolicy.Watch inner = policy.watch(run);
      return new EachAlone.OneRun(run, inner) {
        @Override
        public Decision observe(Step step) {
          super.observe(step); // by itself, so that others need not wait for it
          if (!run.objective().isReportedBy(step)) {
            return Decision.CONTINUE;
          }
          double gain = run.objective().gain(step);
          Optional<Outlook> outlook = inner.outlook();
          synchronized (Shared.this) {
            own.observe(run, step, gain);
            return Double.isFinite(gain) ? beside(own, inner.score(), outlook) : Decision.CONTINUE;
          }
        }

        @Override
        void ended() {
          synchronized (Shared.this) {
            own.complete();
          }
        }
      };
    }

    private Decision beside(SweepFeatures.Member own, double score, Optional<Outlook> outlook) {
      if (own.points() < LearnedPolicy.WARM_UP_POINTS || own.done() < LearnedPolicy.WARM_UP_SHARE) {
        return Decision.CONTINUE;
      }
      int better = 0;
      int others = 0;
      for (SweepFeatures.Member other : members) {
        others += other != own && other.hasValue() ? 1 : 0;
        better += other.best() > own.best() ? 1 : 0;
      }
      if (others == 0) {
        return Decision.CONTINUE;
      }
      SweepFeatures.write(row, own, members, score, outlook);
      float stop = model.score(row);
      if (!(stop >= threshold) || better < keptBest) {
        return Decision.CONTINUE;
      }
      int before = better;
      int of = others + 1;
      String best = Numbers.shown(objective.gain(own.best()));
      return new Decision.Stop(
          RankedSweep.this.toString(),
          () ->
              "the sweep does without the rest of the run with probability %.3f (at least %.3f): %d of %d runs are better than its best value %s"
                  .formatted(stop, threshold, before, of, best));
    }
  }

  @Override
  public String toString() {
    return "ranked(" + policy + ", threshold " + Numbers.shown(threshold) + ", best " + keptBest + " kept)";
  }
}
