package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Asks for a lower learning rate once more than {@code patience} points brought nothing better, as PyTorch's {@code ReduceLROnPlateau};
 * never stops.
 *
 * <p>Points without a better value are counted from the last better one, from the last reduction, or from the end of its cool-down. It
 * counts as if each reduction were made. {@code MinDelta.relative(1e-4)} is PyTorch's {@code threshold=1e-4, threshold_mode='rel'},
 * {@code MinDelta.absolute} its {@code 'abs'}; what it calls {@code min_lr} is the {@link Bounds} of an {@link Arbiter}. It decides as
 * that one does but for the last bit of a value times the threshold, and where the values are negative and the threshold relative: there PyTorch
 * takes a worse value for a better one. An infinite value is no improvement; at a NaN, which is none either, nothing is asked for: that
 * waits for the next point that is no better. O(1) time and memory in every step.
 *
 * <p>Source: {@code torch/optim/lr_scheduler.py} of PyTorch 2.7.1.
 *
 * @param factor by which the rate is to be multiplied; above 0 and below 1
 * @param patience how many points without a better value are tolerated; at least 0
 * @param minDelta by how much a value must beat the best one
 * @param coolDown for how many points after a reduction nothing is counted; at least 0
 */
public record ReduceOnPlateau(double factor, int patience, MinDelta minDelta, int coolDown) implements StopPolicy {
  public ReduceOnPlateau {
    Objects.requireNonNull(minDelta, "minDelta");
    new Advice.ReduceLearningRate(factor); // checks it
    WaitingWatch.requirePatience(patience, 0);
    if (coolDown < 0) {
      throw new IllegalArgumentException("the cool-down must be at least 0 points, but was " + coolDown);
    }
  }

  /** With PyTorch's own threshold, a ten-thousandth of the best, and no cool-down. */
  public ReduceOnPlateau(double factor, int patience) {
    this(factor, patience, MinDelta.relative(1e-4), 0);
  }

  @Override
  public Watch watch(RunContext run) {
    Advice advice = new Advice.ReduceLearningRate(factor);
    return new PointWatch(run) {
      private final Improvements improvements = new Improvements(minDelta);
      private long bad;
      private long cooling;

      @Override
      Decision observePoint(Step step, double gain) {
        bad = improvements.add(gain) ? 0 : bad + 1;
        if (cooling > 0) {
          cooling--;
          bad = 0;
        }
        if (bad <= patience || Double.isNaN(gain)) {
          return Decision.CONTINUE;
        }
        long waited = bad;
        double best = inUnit(improvements.last());
        bad = 0;
        cooling = coolDown;
        return new Decision.Continue(
            advice,
            ReduceOnPlateau.this.toString(),
            () -> String.format(Locale.ROOT, "%d points without enough of a gain on %.4g", waited, best));
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        improvements.save(out);
        out.writeLong(bad);
        out.writeLong(cooling);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        improvements.restore(in);
        bad = in.readLong();
        cooling = in.readLong();
      }
    };
  }

  @Override
  public String toString() {
    String more = (minDelta.equals(MinDelta.NONE) ? "" : ", " + minDelta) + (coolDown == 0 ? "" : ", cool-down " + coolDown);
    return "reduce-on-plateau(factor " + factor + ", patience " + patience + more + ")";
  }
}
