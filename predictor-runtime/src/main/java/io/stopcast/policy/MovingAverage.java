package io.stopcast.policy;

import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * Stops once none of the last moving averages is better than the one before them: H2O's rule.
 *
 * <p>With k = {@code rounds}, let m<sub>0</sub> .. m<sub>k</sub> be the averages over k points each that end at the
 * last k + 1 points; together they look at the last 2k points. Stops if the best of m<sub>1</sub> .. m<sub>k</sub>
 * exceeds the reference m<sub>0</sub> by no more than {@code tolerance} times |m<sub>0</sub>|. As in H2O, it goes on
 *
 * <ul>
 *   <li>before point 2k + 1, as H2O does not count the first scoring event;
 *   <li>while one of the averages is NaN: a NaN point silences the rule as long as it is one of the last 2k;
 *   <li>while the averages have different signs or the reference is 0, where the ratio means nothing.
 * </ul>
 *
 * <p>On positive values it decides as H2O 3 does, {@code best / reference <= 1 + tolerance} where more is better and
 * {@code >= 1 - tolerance} where less is. It differs in two places on purpose: on negative values H2O takes the same
 * ratios, which turns better into worse, and this rule does not; and H2O stops at a reference of 0 for metrics that
 * it knows to be bounded by 0, and this rule knows no bounds.
 *
 * <p>Not for metrics that come near 0, or whose zero is arbitrary (rewards): the tolerance is relative to the value.
 * O(k) time in a step and 2k + 1 numbers of memory, whatever the length of the run.
 *
 * <p>Source: {@code hex.ScoreKeeper.stopEarly} of H2O 3, parameters {@code stopping_rounds} and {@code
 * stopping_tolerance}.
 *
 * @param rounds the length of the averages and how many of them are compared; 1 to 1000
 * @param tolerance the relative improvement that must be exceeded; at least 0
 */
public record MovingAverage(int rounds, double tolerance) implements StopPolicy {
  private static final int MAX_ROUNDS = 1000;

  public MovingAverage {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new IllegalArgumentException("rounds must be within 1.." + MAX_ROUNDS + ", but were " + rounds);
    }
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("tolerance must be at least 0 and finite, but was " + tolerance);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    return new PointWatch(run) {
      private final double[] gains = new double[rounds];
      private final double[] averages = new double[rounds + 1];

      @Override
      Decision observePoint(Step step, double gain) {
        long point = points();
        gains[(int) (point % rounds)] = gain;
        if (point >= rounds) {
          averages[(int) (point % (rounds + 1))] = average();
        }
        if (point <= 2L * rounds) {
          return Decision.CONTINUE;
        }
        int oldest = (int) ((point + 1) % (rounds + 1));
        double reference = averages[oldest];
        double best = Double.NEGATIVE_INFINITY;
        double worst = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= rounds; i++) { // Math.max and min hand on a NaN, which then fails each comparison
          if (i != oldest) {
            best = Math.max(best, averages[i]);
          }
          worst = Math.min(worst, averages[i]);
        }
        boolean sameSign = Math.signum(Math.max(best, reference)) == Math.signum(worst) && reference != 0;
        return sameSign && best - reference <= tolerance * Math.abs(reference)
            ? stop(best, reference)
            : Decision.CONTINUE;
      }

      // Added up afresh: a running sum would drift, and never lose a NaN.
      private double average() {
        double sum = 0;
        for (double gain : gains) {
          sum += gain;
        }
        return sum / rounds;
      }

      @Override
      void savePoints(DataOutput out) throws IOException {
        for (double value : gains) {
          out.writeDouble(value);
        }
        for (double value : averages) {
          out.writeDouble(value);
        }
      }

      @Override
      void restorePoints(DataInput in) throws IOException {
        for (int i = 0; i < gains.length; i++) {
          gains[i] = in.readDouble();
        }
        for (int i = 0; i < averages.length; i++) {
          averages[i] = in.readDouble();
        }
      }

      private Decision stop(double best, double reference) {
        String reason =
            String.format(
                Locale.ROOT,
                "the best of the last %d moving averages, %.4g, is no better than the one before, %.4g",
                rounds,
                inUnit(best),
                inUnit(reference));
        return new Decision.Stop(MovingAverage.this.toString(), reason);
      }
    };
  }

  @Override
  public String toString() {
    return "moving-average(" + rounds + " rounds, tolerance " + tolerance + ")";
  }
}
