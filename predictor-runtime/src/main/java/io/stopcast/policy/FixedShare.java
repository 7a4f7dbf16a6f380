package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops once a share of the planned run is done: the i-Epoch baseline of Bohdal et al., "PASHA", 2023, and of every
 * fixed budget.
 *
 * <p>Never stops a run of which nobody knows how long it is planned to be.
 *
 * @param share of the horizon, within 0..1
 */
public record FixedShare(double share) implements StopPolicy {
  public FixedShare {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("the share of the horizon must lie within (0, 1], but was " + share);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new Watch() {
      private long points;

      @Override
      public Decision observe(Step step) {
        if (!run.objective().isReportedBy(step)) {
          return Decision.CONTINUE;
        }
        double progress = run.horizon().progress(++points, step.cost());
        return progress >= share
            ? new Decision.Stop(FixedShare.this.toString(), "%.3f of the planned run is done".formatted(progress))
            : Decision.CONTINUE;
      }
    };
  }

  @Override
  public String toString() {
    return "fixed share(" + share + ")";
  }
}
