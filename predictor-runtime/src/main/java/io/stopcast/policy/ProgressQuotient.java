package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops when generalization is lost faster than training still moves: Prechelt's <i>PQ<sub>&alpha;</sub></i>, in a
 * form that fits every metric.
 *
 * <p>The curve is cut into strips of k = {@code strip} points. At the end of each strip, GL is the {@link
 * GeneralizationLoss} of its last point, in percent of the span, and P the training progress within it: by how many
 * thousandths of its span the best training loss in the strip is better than the mean of the strip, P = 1000 (mean -
 * min) / (max - min so far). Stops at the end of a strip where GL &gt; {@code quotient} times P. So a run that still
 * moves is forgiven a loss that would stop one at rest.
 *
 * <p>The training loss is the signal {@code train_loss}, smaller is better, read at the points of the curve. A strip
 * in which a point lacks it, or reports it as NaN or infinite, takes its progress from the objective instead, whose
 * NaN and infinite points are left out. Prechelt relates both numbers to the errors themselves, GL(t) = 100 (E(t) /
 * E<sub>opt</sub>(t) - 1) and P<sub>k</sub>(t) = 1000 (mean / min - 1); relative to the spans they are defined for
 * every metric, but his thresholds need to be tuned again.
 *
 * <p>Not for runs of fewer than three strips, and not for runs that reach their plateau and stay there: without a
 * loss it never stops. O(1) time and memory in every step.
 *
 * <p>Source: L. Prechelt, "Early Stopping - But When?", Neural Networks: Tricks of the Trade, 1998.
 *
 * @param quotient how many percent of loss a thousandth of progress is worth, &alpha;; at least 0
 * @param strip how many points make a strip, k, 5 in the source; at least 2, as one point shows no progress
 */
public record ProgressQuotient(double quotient, int strip) implements StopPolicy {
  private static final String TRAIN_LOSS = "train_loss";

  public ProgressQuotient {
    if (!(quotient >= 0 && quotient < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the quotient must be at least 0 and finite, but was " + quotient);
    }
    if (strip < 2) {
      throw new IllegalArgumentException("a strip must have at least 2 points to show progress, but had " + strip);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final Progress validation = new Progress();
      private final Progress training = new Progress();

      @Override
      Decision observePoint(Step step, double gain) {
        validation.add(gain);
        training.add(-step.value(TRAIN_LOSS));
        if (points() % strip != 0) {
          return Decision.CONTINUE;
        }
        double loss = 100 * validation.extent.drop(gain);
        double progress = training.count == strip ? training.inStrip() : validation.inStrip();
        training.startStrip();
        validation.startStrip();
        return loss > quotient * progress ? stop(loss, progress) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        validation.save(out);
        training.save(out);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        validation.restore(in);
        training.restore(in);
      }

      private Decision stop(double loss, double progress) {
        String reason =
            String.format(
                Locale.ROOT,
                "lost %.4g %% of the span, while the last %d points moved by %.4g thousandths of theirs",
                loss,
                strip,
                progress);
        return new Decision.Stop(ProgressQuotient.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "prechelt-pq(" + quotient + ", strips of " + strip + ")";
  }

  /** How much a curve moves within a strip. */
  private static final class Progress {
    private final Extent extent = new Extent();
    private int count;
    private double sum;
    private double best;

    Progress() {
      startStrip();
    }

    void startStrip() {
      count = 0;
      sum = 0;
      best = Double.NEGATIVE_INFINITY;
    }

    void add(double gain) {
      extent.add(gain);
      if (Double.isFinite(gain)) {
        count++;
        sum += gain;
        best = Math.max(best, gain);
      }
    }

    /** In thousandths of the span; 0 on a constant curve and without a finite gain in the strip. */
    double inStrip() {
      double span = extent.span();
      return span > 0 && count > 0 ? 1000 * (best - sum / count) / span : 0;
    }

    void save(DataOutput out) throws IOException {
      extent.save(out);
      out.writeInt(count);
      out.writeDouble(sum);
      out.writeDouble(best);
    }

    void restore(DataInput in) throws IOException {
      extent.restore(in);
      count = in.readInt();
      sum = in.readDouble();
      best = in.readDouble();
    }
  }
}
