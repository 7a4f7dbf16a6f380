package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.Locale;

/**
 * Stops every run at the same share of its plan, whatever it shows.
 *
 * <p>Stops at each point at which {@link io.stopcast.run.Horizon#progress} is at least {@code share}. It is what a
 * shorter budget would be, and a baseline that rules which look at the curve often fail to beat: <i>i-Epoch</i> of
 * Egele et al., "The unreasonable effectiveness of early discarding after one epoch in neural network hyperparameter
 * optimization", 2024.
 *
 * <p>Not for open-ended runs: with an unknown horizon, or an unknown cost where only a cost is planned, it never
 * stops. O(1) time and memory in every step.
 *
 * @param share of the planned points, or of the planned cost where only that is known; above 0, at most 1
 */
public record FixedShare(double share) implements StopPolicy {
  public FixedShare {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("the share of the plan must be above 0 and at most 1, but was " + share);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      @Override
      Decision observePoint(Step step, double gain) {
        double done = run.horizon().progress(points(), step.cost());
        return done >= share ? stop(done) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) {}

      @Override
      void restorePoints(DataInput in) {}

      private Decision stop(double done) {
        String reason = String.format(Locale.ROOT, "%.4g of the plan is done at point %d", done, points());
        return new Decision.Stop(FixedShare.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "fixed-share(" + share + " of plan)";
  }
}
