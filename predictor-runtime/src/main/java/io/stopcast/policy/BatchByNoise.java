package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Asks for a larger batch where the curve's noise drowns what it gains, and for a smaller one where the gain stands clear of the noise;
 * never stops.
 *
 * <p>The points are taken in blocks. At the end of each, the gain of its mean over that of the block before is compared with the
 * deviation that two such means would have by the curve's own noise alone, {@code noise * sqrt(2 / points)}: below {@code raise} of
 * these the batch is multiplied by {@code factor}, above {@code lower} divided by it. The noise is told by how the curve bends from
 * point to point; without any nothing is asked for. The same in every unit. A block in which a value is NaN or infinite is made of the others;
 * without one it says nothing. O(1) time and memory in every step.
 *
 * <p>For what a metric gains against the tokens that it takes, {@code on} a hybrid metric: {@code new BatchByNoise(5, 1, 8,
 * 2).on(HybridObjective.minusLogCost(em, 0.1))}. A larger batch makes steadier steps and a smaller one cheaper ones: S. McCandlish, J.
 * Kaplan, D. Amodei et al., "An Empirical Model of Large-Batch Training", 2018; S. Smith et al., "Don't Decay the Learning Rate,
 * Increase the Batch Size", 2018. They measure the noise of gradients, which a trainer seldom reports; that of the curve is what there is, and part of it
 * is the validation's.
 *
 * @param points of a block; 2 to 1000
 * @param raise below how many deviations of a gain the batch is raised; finite
 * @param lower above how many it is lowered; above {@code raise}, infinite for never
 * @param factor by which it is raised or lowered; above 1
 */
public record BatchByNoise(int points, double raise, double lower, double factor) implements StopPolicy {
  private static final int MAX_POINTS = 1000;

  public BatchByNoise {
    if (points < 2 || points > MAX_POINTS) {
      throw new IllegalArgumentException("a block needs 2 to " + MAX_POINTS + " points, but was to have " + points);
    }
    if (!Double.isFinite(raise) || !(lower > raise)) {
      throw new IllegalArgumentException(
          "a batch is raised below a number of deviations and lowered above a larger one, but was to be at %s and %s"
              .formatted(raise, lower));
    }
    if (!(factor > 1 && factor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a batch is raised by a finite factor above 1, but was to be by " + factor);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    Advice larger = new Advice.ScaleBatch(factor);
    Advice smaller = new Advice.ScaleBatch(1 / factor);
    return new PointWatch(run) {
      private final Noise noise = new Noise();
      private double sum;
      private int count;
      private double meanBefore = Double.NaN;
      private int ofBlock;
      private double due = Double.NaN;

      @Override
      Decision observePoint(Step step, double gain) {
        noise.add(gain);
        if (Double.isFinite(gain)) {
          sum += gain;
          count++;
        }
        if (++ofBlock == points) {
          due = endBlock();
        }
        if (Double.isNaN(gain)) {
          return Decision.CONTINUE; // what is due waits for the next point
        }
        double deviations = due;
        due = Double.NaN;
        return deviations < raise ? ask(larger, deviations) : deviations > lower ? ask(smaller, deviations) : Decision.CONTINUE;
      }

      /** The gain in deviations of what noise alone would bring; NaN if unknown. */
      private double endBlock() {
        double mean = sum / count;
        double deviations = (mean - meanBefore) / (noise.level() * Math.sqrt(2.0 / points));
        if (count > 0) {
          meanBefore = mean;
        }
        sum = 0;
        count = 0;
        ofBlock = 0;
        return deviations;
      }

      private Decision ask(Advice advice, double deviations) {
        return new Decision.Continue(
            advice,
            BatchByNoise.this.toString(),
            () ->
                String.format(
                    Locale.ROOT, "the last %d points gained %.2f deviations of the noise over those before", points, deviations));
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        noise.save(out);
        out.writeDouble(sum);
        out.writeInt(count);
        out.writeDouble(meanBefore);
        out.writeInt(ofBlock);
        out.writeDouble(due);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        noise.restore(in);
        sum = in.readDouble();
        count = in.readInt();
        meanBefore = in.readDouble();
        ofBlock = in.readInt();
        due = in.readDouble();
      }
    };
  }

  @Override
  public String toString() {
    return "batch-by-noise(" + points + " points, up below " + raise + ", down above " + lower + ", by " + factor + ")";
  }
}
