package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops when a power law, fitted to the curve so far, promises too little for the rest of the plan.
 *
 * <p>At each point, gain = a - c x<sup>-e</sup> is fitted for e = 1/4, 1/2, 1 and 2, and gain = a + c ln x, which is
 * their limit for e = 0; x is the {@link io.stopcast.run.Horizon#progress progress}, 1 at the end of the plan. The
 * i-th point weighs i, so that the start of the curve fades as it gets longer. Of the fits that rise, c &gt; 0, the
 * one with the smallest squared error counts. Its rise from here to the end of the plan is the gain to come; where no
 * fit rises, and beyond the plan, there is none. Stops where the gain to come is below {@code share} of the gain so
 * far, best minus first finite value.
 *
 * <p>Goes on before the fourth finite point, and while nothing is gained. NaN and infinite values are left out of the
 * fit, and never stop by themselves. Not for open-ended runs: with an unknown horizon, or an unknown cost where only
 * a cost is planned, it never stops. Not for curves that leap (grokking, sparse rewards) or are shaped by a schedule:
 * no power law foresees them, and a flat stretch after a first gain looks finished. The first fits are erratic, so
 * combine it with {@link #notBefore}.
 *
 * <p>O(1) time and memory in every step: running weighted means and co-moments (D. H. D. West, "Updating mean and
 * variance estimates", 1979). Source of the idea: T. Domhan, J. T. Springenberg, F. Hutter, "Speeding up automatic
 * hyperparameter optimization of deep neural networks by extrapolation of learning curves", 2015, reduced to least
 * squares.
 *
 * @param share of the gain so far; above 0
 */
public record PowerLaw(double share) implements StopPolicy {
  private static final int SHAPES = 5;
  private static final int MIN_POINTS = 4;

  public PowerLaw {
    if (!(share > 0 && share < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the share of the gain so far must be above 0 and finite, but was " + share);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final Fit fit = new Fit();
      private double first = Double.NaN;
      private double best = Double.NEGATIVE_INFINITY;

      @Override
      Decision observePoint(Step step, double gain) {
        double progress = run.horizon().progress(points(), step.cost());
        if (!Double.isFinite(gain) || !(progress > 0)) {
          return Decision.CONTINUE;
        }
        if (Double.isNaN(first)) {
          first = gain;
        }
        best = Math.max(best, gain);
        fit.add(progress, gain);
        double toCome = fit.riseTo1();
        return fit.count >= MIN_POINTS && toCome < share * (best - first) ? stop(toCome) : Decision.CONTINUE;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        fit.save(out);
        out.writeDouble(first);
        out.writeDouble(best);
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        fit.restore(in);
        first = in.readDouble();
        best = in.readDouble();
      }

      private Decision stop(double toCome) {
        String reason =
            String.format(
                Locale.ROOT,
                "a power law promises another %.4g up to the end of the plan, after %.4g gained so far",
                toCome,
                best - first);
        return new Decision.Stop(PowerLaw.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "power-law(" + share + " of gain)";
  }

  /** Weighted least squares of the gain on each of the shapes, all of which fall from left to right. */
  private static final class Fit {
    private final double[] shape = new double[SHAPES];
    private final double[] mean = new double[SHAPES];
    private final double[] square = new double[SHAPES];
    private final double[] product = new double[SHAPES];
    private long count;
    private double weight;
    private double meanGain;

    void add(double x, double gain) {
      count++;
      double w = count;
      weight += w;
      double share = w / weight;
      double gainBefore = gain - meanGain;
      meanGain += share * gainBefore;
      shapesAt(x);
      for (int s = 0; s < SHAPES; s++) {
        double before = shape[s] - mean[s];
        mean[s] += share * before;
        double after = shape[s] - mean[s];
        square[s] += w * before * after;
        product[s] += w * gainBefore * after;
      }
    }

    private void shapesAt(double x) {
      double root = Math.sqrt(x);
      shape[0] = -Math.log(x);
      shape[1] = 1 / Math.sqrt(root);
      shape[2] = 1 / root;
      shape[3] = 1 / x;
      shape[4] = 1 / (x * x);
    }

    /** How much the best rising fit gains from the last x to 1; 0 if none rises or 1 is behind. */
    double riseTo1() {
      double explained = 0;
      double rise = 0;
      for (int s = 0; s < SHAPES; s++) {
        double c = -product[s] / square[s];
        double gone = -c * product[s]; // by how much this fit lowers the squared error
        if (c > 0 && gone > explained) {
          explained = gone;
          rise = c * (shape[s] - (s == 0 ? 0 : 1));
        }
      }
      return Math.max(0, rise);
    }

    void save(DataOutput out) throws IOException {
      for (int s = 0; s < SHAPES; s++) {
        out.writeDouble(mean[s]);
        out.writeDouble(square[s]);
        out.writeDouble(product[s]);
      }
      out.writeLong(count);
      out.writeDouble(weight);
      out.writeDouble(meanGain);
    }

    void restore(DataInput in) throws IOException {
      for (int s = 0; s < SHAPES; s++) {
        mean[s] = in.readDouble();
        square[s] = in.readDouble();
        product[s] = in.readDouble();
      }
      count = in.readLong();
      weight = in.readDouble();
      meanGain = in.readDouble();
    }
  }
}
