package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops once the metric has fallen from its best by more than a share of what it had gained.
 *
 * <p>The drop is measured in best minus worst value so far. A share of the best value itself would mean something else for
 * every metric: nothing at a loss near 0, the wrong sign for a negative reward. Until a second, different value is seen it
 * never stops; a NaN ends a series of low points without being one.
 *
 * @param share of best - worst, greater than 0
 * @param points how many points in a row must lie that low, at least 1
 */
public record RelativeDrop(double share, int points) implements StopPolicy {
  public RelativeDrop {
    if (!(share > 0) || Double.isInfinite(share)) {
      throw new IllegalArgumentException("the share of a drop must be positive and finite, but was " + share);
    }
    if (points < 1) {
      throw new IllegalArgumentException("a drop must last at least 1 point, but was to last " + points);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    GainTrack track = new GainTrack(run.objective());
    return new Watch() {
      private int low;

      @Override
      public Decision observe(Step step) {
        if (!track.isPoint(step)) {
          return Decision.CONTINUE;
        }
        double gain = track.add(step);
        low = track.best - gain > share * track.span() ? low + 1 : 0;
        return low >= points
            ? new Decision.Stop(
                RelativeDrop.this.toString(),
                "%s is %.3f of the span below the best %s"
                    .formatted(
                        run.objective().gain(gain),
                        (track.best - gain) / track.span(),
                        run.objective().gain(track.best)))
            : Decision.CONTINUE;
      }
    };
  }

  @Override
  public String toString() {
    return "relative drop(" + share + " of span, " + points + " in a row)";
  }
}
