package io.stopcast.model;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * What a score meant at one price: knots, by score, between which all is linear and beyond which all stays as it is.
 *
 * <p>Gains and points are shares, so that no single run that leaps from nothing decides a mean: a gain g is stored as
 * g / (u + g), where u is what the run, or its task, has risen already; d further points after t as d / (t + d). The mean
 * of shares is turned back into a gain, which lies below the mean of the gains.
 *
 * <p>Arrays have one entry a knot and are not copied: treat them as read-only.
 *
 * @param score ascending, within 0..1
 * @param probability that stopping was right, never falling, within 0..1
 * @param gain mean share, like the following at least 0 and at most {@value #LARGEST_SHARE}
 * @param gainMedian the share that half of the runs did not reach
 * @param gainHigh the share that nine of ten did not reach; not below the median
 * @param points mean share
 */
public record OutlookCurve(
    double[] score, double[] probability, double[] gain, double[] gainMedian, double[] gainHigh, double[] points) {
  /** The largest share: a gain of 9,999 units. */
  public static final double LARGEST_SHARE = .9999;

  static final int MOST_KNOTS = 128;

  public OutlookCurve {
    int n = score.length;
    if (n < 1
        || n > MOST_KNOTS
        || probability.length != n
        || gain.length != n
        || gainMedian.length != n
        || gainHigh.length != n
        || points.length != n) {
      throw new IllegalArgumentException(
          "an outlook needs 1..%d knots and each of its numbers at all of them, but has %d, %d, %d, %d, %d, %d"
              .formatted(
                  MOST_KNOTS, n, probability.length, gain.length, gainMedian.length, gainHigh.length, points.length));
    }
    for (int i = 0; i < n; i++) {
      if (!(score[i] >= 0 && score[i] <= 1)
          || !(probability[i] >= 0 && probability[i] <= 1)
          || !isShare(gain[i])
          || !isShare(gainMedian[i])
          || !isShare(gainHigh[i])
          || !isShare(points[i])) {
        throw wrong(i, "must be probabilities and shares within 0..1");
      }
      if (gainHigh[i] < gainMedian[i]) {
        throw wrong(i, "must have a median gain that is not above the high one");
      }
      if (i > 0 && !(score[i] > score[i - 1] && probability[i] >= probability[i - 1])) {
        throw wrong(i, "must ascend by score, and by probability never fall");
      }
    }
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= LARGEST_SHARE;
  }

  private static IllegalArgumentException wrong(int knot, String what) {
    return new IllegalArgumentException("the knots of an outlook %s, but knot %d does not".formatted(what, knot));
  }

  /** The probability that stopping is right. O(log knots), allocates nothing. */
  public double probability(double score) {
    return value(probability, score);
  }

  /**
   * Returns what a run with this score is to expect.
   *
   * @param unit what the run, or its task, has risen already, in the metric's unit; all gains are NaN unless it is positive
   * @param pointsSoFar how many points it had
   * @param pointsLeft how many are planned still, NaN if unknown
   */
  public Outlook outlook(double score, double unit, double pointsSoFar, double pointsLeft) {
    double further = odds(value(points, score)) * pointsSoFar;
    double positive = unit > 0 ? unit : Double.NaN;
    return new Outlook(
        probability(score),
        positive * odds(value(gain, score)),
        positive * odds(value(gainMedian, score)),
        positive * odds(value(gainHigh, score)),
        further > pointsLeft ? pointsLeft : further);
  }

  private static double odds(double share) {
    return share / (1 - share);
  }

  /** A curve between this one and another, {@code share} of the way, with the knots of both. */
  OutlookCurve towards(OutlookCurve other, double share) {
    double[] knots = DoubleStream.concat(Arrays.stream(score), Arrays.stream(other.score)).sorted().distinct().toArray();
    double[] likely = mixed(knots, probability, other, other.probability, share);
    double[] median = mixed(knots, gainMedian, other, other.gainMedian, share);
    double[] high = mixed(knots, gainHigh, other, other.gainHigh, share);
    for (int i = 0; i < knots.length; i++) { // what holds for both curves holds for the mix, but for rounding
      likely[i] = i == 0 ? likely[i] : Math.max(likely[i], likely[i - 1]);
      high[i] = Math.max(high[i], median[i]);
    }
    return new OutlookCurve(
        knots,
        likely,
        mixed(knots, gain, other, other.gain, share),
        median,
        high,
        mixed(knots, points, other, other.points, share));
  }

  private double[] mixed(double[] knots, double[] own, OutlookCurve other, double[] others, double share) {
    double[] mixed = new double[knots.length];
    Arrays.setAll(mixed, i -> between(value(own, knots[i]), other.value(others, knots[i]), share));
    return mixed;
  }

  private static double between(double a, double b, double share) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), a + share * (b - a)));
  }

  private double value(double[] values, double at) {
    if (Double.isNaN(at)) {
      return Double.NaN;
    }
    int i = Arrays.binarySearch(score, at);
    if (i >= 0) {
      return values[i];
    }
    int above = -i - 1;
    if (above == 0) {
      return values[0];
    }
    if (above == score.length) {
      return values[above - 1];
    }
    double share = (at - score[above - 1]) / (score[above] - score[above - 1]);
    return between(values[above - 1], values[above], share);
  }
}
