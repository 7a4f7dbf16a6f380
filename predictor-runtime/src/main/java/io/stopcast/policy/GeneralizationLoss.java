package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops at the first point whose generalization loss is too high: Prechelt's <i>GL<sub>&alpha;</sub></i>, in a form
 * that fits every metric.
 *
 * <p>Prechelt defines GL(t) = 100 (E(t) / E<sub>opt</sub>(t) - 1) on validation errors E. That ratio means nothing
 * for metrics that are maximised, negative or near 0, and a minimised metric and its mirror image would decide
 * differently. Here GL(t) = 100 (best - gain(t)) / (best - worst), best and worst over all points up to t: how many
 * percent of the ground gained are lost again, within 0..100, and 0 on a constant curve. Stops where GL(t) &gt;
 * {@code percent}. His thresholds of 1 to 5 percent of an error do not carry over; ours are usually higher.
 *
 * <p>NaN and positive infinity have no loss. It never stops a run that reached its plateau and stays there, and the
 * first points of a noisy curve stop it easily: combine it with {@link #notBefore}. It is the same rule as a {@link
 * RelativeDrop} of one point, kept under the name by which people know it. O(1) time and memory in every step.
 *
 * <p>Source: L. Prechelt, "Early Stopping - But When?", Neural Networks: Tricks of the Trade, 1998.
 *
 * @param percent the loss that is tolerated, &alpha;; at least 0 and below 100
 */
public record GeneralizationLoss(double percent) implements StopPolicy {
  public GeneralizationLoss {
    if (!(percent >= 0 && percent < 100)) {
      throw new IllegalArgumentException(
          "generalization loss must be at least 0 and below 100 percent of the span, but was " + percent);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final Extent extent = new Extent();

      @Override
      Decision observePoint(Step step, double gain) {
        extent.add(gain);
        double loss = 100 * extent.drop(gain);
        return loss > percent ? stop(gain, loss) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        extent.save(out);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        extent.restore(in);
      }

      private Decision stop(double gain, double loss) {
        String reason =
            String.format(
                Locale.ROOT,
                "%.4g is %.4g %% of the span from the best, %.4g",
                inUnit(gain),
                loss,
                inUnit(extent.best()));
        return new Decision.Stop(GeneralizationLoss.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "prechelt-gl(" + percent + " %)";
  }
}
