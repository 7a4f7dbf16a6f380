package io.stopcast.sweep;

import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A policy for single runs, made for {@link io.stopcast.policy.LearnedPolicy}, that knows the incumbent: the best value of all
 * other runs of the sweep, running, stopped or ended.
 *
 * <p>It stops a run earlier than the policy would, once the gain which nine of ten runs do not exceed ({@link Outlook#gainHigh})
 * would not lead it to the incumbent's best; a policy without an outlook, or one whose gain is unknown, gives no reason for that.
 * And it keeps a run that the policy would stop while fewer than {@code keptBest} other runs have a strictly better best; with 0
 * none is kept.
 *
 * <p>No model was trained for this: the outlook is that of the run alone, which has not seen the sweep, and what it means for a
 * run that is watched <i>because</i> it lags behind nobody has calibrated; the trees of {@link
 * RankedSweep} were grown for it. Not for runs that leap late, such as those that grok: what it lost there stands in {@code docs/sweeps.md}.
 *
 * <p>Values that are not finite are no best. Beside what the policy costs, a point costs O(n) for n runs, and an outlook (an
 * allocation) where the run lags behind.
 *
 * @param policy asked about each run
 * @param keptBest how many of the best are kept; at least 0
 */
public record IncumbentAware(StopPolicy policy, int keptBest) implements SweepPolicy {
  public IncumbentAware {
    Objects.requireNonNull(policy, "policy");
    if (keptBest < 0) {
      throw new IllegalArgumentException("0 or more of the best runs are kept, but were to be " + keptBest);
    }
  }

  @Override
  public Sweep sweep() {
    return new Shared();
  }

  private static final class Best {
    private double gain = Double.NEGATIVE_INFINITY;
  }

  private final class Shared implements Sweep {
    private final List<Best> bests = new ArrayList<>();
    private Objective objective;

    @Override
    public synchronized Watch watch(RunContext run) {
      objective = SharedSweep.requireSame(objective, run);
      Best own = new Best();
      bests.add(own);
      StopPolicy.Watch inner = policy.watch(run);
      return new EachAlone.OneRun(run, inner) {
        @Override
        public Decision observe(Step step) {
          Decision decision = super.observe(step); // by itself, so that others need not wait for it
          double gain = run.objective().gain(step); // NaN where it is not reported
          synchronized (Shared.this) {
            if (Double.isFinite(gain)) {
              own.gain = Math.max(own.gain, gain);
            }
            return Double.isNaN(gain) ? Decision.CONTINUE : beside(own, decision, inner);
          }
        }
      };
    }

    private Decision beside(Best own, Decision decision, StopPolicy.Watch inner) {
      double incumbent = Double.NEGATIVE_INFINITY;
      int better = 0;
      for (Best other : bests) {
        if (other != own) {
          incumbent = Math.max(incumbent, other.gain);
          better += other.gain > own.gain ? 1 : 0;
        }
      }
      if (better < keptBest) {
        return decision.isStop() ? Decision.CONTINUE : decision;
      }
      if (decision.isStop() || better == 0) {
        return decision;
      }
      Optional<Outlook> outlook = inner.outlook();
      double high = outlook.map(Outlook::gainHigh).orElse(Double.NaN);
      double best = own.gain;
      double aim = incumbent;
      return Double.isFinite(best) && best + high < aim
          ? new Decision.Stop(
              IncumbentAware.this.toString(),
              () ->
                  "nine of ten such runs gain %s at most, and the best value %s does not come to %s so, the best of the sweep"
                      .formatted(
                          Numbers.shown(high), Numbers.shown(objective.gain(best)), Numbers.shown(objective.gain(aim))))
          : decision;
    }
  }

  @Override
  public String toString() {
    return "incumbent-aware(" + policy + ", best " + keptBest + " kept)";
  }
}
