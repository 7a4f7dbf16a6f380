package io.stopcast.train;

import io.stopcast.history.TaskId;
import io.stopcast.model.OutlookCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * From scores of runs that the model had not seen to what such scores mean: bins of equal weight, finer where scores are
 * high; in each, how often stopping was right, and what was still to come.
 *
 * <p>Every task weighs the same, and within it every run, and within that every point but the last, where there is nothing
 * to decide. The share of right stops is made to rise with the score by pooling adjacent violators [1], and drawn towards
 * one half as if half a task had been right there and half a task wrong: the points of few tasks make nothing certain.
 *
 * <p>[1] Ayer, Brunk, Ewing, Reid, Silverman, "An Empirical Distribution Function for Sampling with Incomplete
 * Information", 1955; for scores: Zadrozny, Elkan, "Transforming Classifier Scores into Accurate Multiclass Probability
 * Estimates", 2002.
 */
final class OutlookFitting {
  /** Where bins end, as shares of the weight. */
  private static final double[] BINS = {
    .05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .55, .6, .65, .7, .75, .8, .84, .88, .91, .94, .96, .98, .99, 1
  };

  private static final double MEDIAN = .5;
  private static final double HIGH = .9;

  /** A point with its score, and what became of it. */
  record Point(float score, double weight, TaskId task, boolean right, double gain, double further) {}

  private OutlookFitting() {}

  /**
   * Fits one curve.
   *
   * @param points in any order; gain and further are shares as {@link OutlookCurve} has them, a gain NaN where its unit is
   *     unknown
   */
  static OutlookCurve fit(List<Point> points) {
    List<Point> sorted = new ArrayList<>(points);
    sorted.sort((a, b) -> Float.compare(a.score, b.score));
    double total = 0;
    for (Point point : sorted) {
      total += point.weight;
    }
    List<List<Point>> bins = new ArrayList<>();
    int from = 0;
    int bin = 0;
    double sum = 0;
    for (int i = 0; i < sorted.size(); i++) {
      sum += sorted.get(i).weight;
      boolean last = i == sorted.size() - 1;
      // Points of one score stay together.
      if (last || sum >= BINS[bin] * total && sorted.get(i + 1).score > sorted.get(i).score) {
        bins.add(sorted.subList(from, i + 1));
        from = i + 1;
        while (bin < BINS.length - 1 && BINS[bin] * total <= sum) {
          bin++;
        }
      }
    }
    return curve(bins);
  }

  private static OutlookCurve curve(List<List<Point>> bins) {
    int n = bins.size();
    double[] score = new double[n];
    double[] right = new double[n];
    double[] weight = new double[n];
    double[] gain = new double[n];
    double[] median = new double[n];
    double[] high = new double[n];
    double[] further = new double[n];
    for (int b = 0; b < n; b++) {
      List<Point> bin = bins.get(b);
      Set<TaskId> tasks = new HashSet<>();
      for (Point point : bin) {
        tasks.add(point.task);
        weight[b] += point.weight;
        score[b] += point.weight * point.score;
        right[b] += point.right ? point.weight : 0;
        further[b] += point.weight * point.further;
      }
      score[b] = rounded(score[b] / weight[b], 1e7);
      right[b] = (right[b] / weight[b] * tasks.size() + .5) / (tasks.size() + 1);
      further[b] = share(further[b] / weight[b]);
      List<Point> known = new ArrayList<>(bin);
      known.removeIf(point -> Double.isNaN(point.gain));
      known.sort((x, y) -> Double.compare(x.gain, y.gain));
      double knownWeight = 0;
      for (Point point : known) {
        knownWeight += point.weight;
        gain[b] += point.weight * point.gain;
      }
      gain[b] = known.isEmpty() ? 0 : share(gain[b] / knownWeight);
      median[b] = quantile(known, MEDIAN * knownWeight);
      high[b] = quantile(known, HIGH * knownWeight);
    }
    double[] rising = rising(right, weight);
    for (int b = 0; b < n; b++) {
      rising[b] = rounded(rising[b], 1e4);
    }
    int[] distinct = distinct(score);
    return new OutlookCurve(
        pick(score, distinct), pick(rising, distinct), pick(gain, distinct), pick(median, distinct), pick(high, distinct),
        pick(further, distinct));
  }

  /** Returns the gain that points of so much weight do not exceed. */
  private static double quantile(List<Point> byGain, double weight) {
    double sum = 0;
    for (Point point : byGain) {
      sum += point.weight;
      if (sum >= weight) {
        return share(point.gain);
      }
    }
    return byGain.isEmpty() ? 0 : share(byGain.get(byGain.size() - 1).gain);
  }

  /** Returns the sequence that never falls and is nearest to the values, in weighted squares. */
  static double[] rising(double[] values, double[] weights) {
    double[] mean = new double[values.length];
    double[] weight = new double[values.length];
    int[] end = new int[values.length];
    int blocks = 0;
    for (int i = 0; i < values.length; i++) {
      mean[blocks] = values[i];
      weight[blocks] = weights[i];
      end[blocks++] = i + 1;
      while (blocks > 1 && mean[blocks - 2] > mean[blocks - 1]) {
        double both = weight[blocks - 2] + weight[blocks - 1];
        mean[blocks - 2] += (mean[blocks - 1] - mean[blocks - 2]) * weight[blocks - 1] / both;
        weight[blocks - 2] = both;
        end[blocks - 2] = end[blocks - 1];
        blocks--;
      }
    }
    double[] rising = new double[values.length];
    for (int b = 0; b < blocks; b++) {
      Arrays.fill(rising, b == 0 ? 0 : end[b - 1], end[b], mean[b]);
    }
    return rising;
  }

  /** Positions of the scores that are larger than the one before: rounding may have made two bins alike. */
  private static int[] distinct(double[] ascending) {
    int[] kept = new int[ascending.length];
    int n = 0;
    for (int i = 0; i < ascending.length; i++) {
      if (n == 0 || ascending[i] > ascending[kept[n - 1]]) {
        kept[n++] = i;
      }
    }
    return Arrays.copyOf(kept, n);
  }

  private static double[] pick(double[] values, int[] positions) {
    return Arrays.stream(positions).mapToDouble(i -> values[i]).toArray();
  }

  private static double share(double value) {
    return Math.min(OutlookCurve.LARGEST_SHARE, rounded(value, 1e4));
  }

  private static double rounded(double value, double steps) {
    return Math.rint(value * steps) / steps;
  }
}
