package io.stopcast.policy;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;

/**
 * Stops once the loss of generalisation is large against what training still gains: <i>PQ<sub>a</sub></i> of Prechelt,
 * "Early Stopping - But When?", 1998.
 *
 * <p>The paper divides GL = 100 * (error / lowest error - 1) by the progress P_k = 1000 * (mean / lowest - 1) of the
 * training error over a strip of k points. Ratios of errors have no meaning for metrics that may be 0 or negative; here the
 * generalisation loss is (best - now) / (best - worst so far), and progress is the same kind of ratio on the last k points
 * of {@code train_loss}, or of the objective where the run reports none: (mean - lowest) / (worst - best so far) of that
 * signal. Memory k values, time O(k) a point.
 *
 * @param alpha how many times the progress the loss may be, greater than 0
 * @param strip k, at least 2
 */
public record ProgressQuotient(double alpha, int strip) implements StopPolicy {
  private static final Objective TRAIN = Objective.minimize("train_loss");
  private static final int LONGEST = 1000;

  public ProgressQuotient {
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("alpha must be positive and finite, but was " + alpha);
    }
    if (strip < 2 || strip > LONGEST) {
      throw new IllegalArgumentException("a strip must have 2 to %d points, but was to have %d".formatted(LONGEST, strip));
    }
  }

  @Override
  public Watch watch(RunContext run) {
    GainTrack track = new GainTrack(run.objective());
    GainTrack train = new GainTrack(TRAIN);
    return new Watch() {
      private final Strip ofObjective = new Strip(strip);
      private final Strip ofTrain = new Strip(strip);

      @Override
      public Decision observe(Step step) {
        if (TRAIN.isReportedBy(step)) {
          ofTrain.add(train.add(step));
        }
        if (!track.isPoint(step)) {
          return Decision.CONTINUE;
        }
        double gain = track.add(step);
        ofObjective.add(gain);
        double progress =
            train.points > 0 ? ofTrain.progress(train.span()) : ofObjective.progress(track.span());
        double loss = (track.best - gain) / track.span();
        return loss > alpha * progress
            ? new Decision.Stop(
                ProgressQuotient.this.toString(),
                "generalisation loss %.4f is more than %s times the progress %.4f".formatted(loss, alpha, progress))
            : Decision.CONTINUE;
      }
    };
  }

  /** The last few values of a signal. */
  private static final class Strip {
    private final double[] last;
    private long seen;

    Strip(int length) {
      last = new double[length];
    }

    void add(double gain) {
      if (!Double.isNaN(gain)) {
        last[(int) (seen++ % last.length)] = gain;
      }
    }

    /** (best - mean of the strip) / span; NaN, which no comparison meets, until the strip is full. */
    double progress(double span) {
      if (seen < last.length) {
        return Double.NaN;
      }
      double sum = 0;
      double best = Double.NEGATIVE_INFINITY;
      for (double value : last) {
        sum += value;
        best = Math.max(best, value);
      }
      return (best - sum / last.length) / span;
    }
  }

  @Override
  public String toString() {
    return "PQ(" + alpha + ", strip of " + strip + ")";
  }
}
