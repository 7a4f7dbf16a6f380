package io.stopcast.train;

import io.stopcast.history.TaskId;
import io.stopcast.model.OutlookCurve;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** In the order of their scores; those of one score as they were given, fold after fold. */
  private final Point[] byScore;

  private final int[] foldOf;
  private final int[] taskOf;
  private final int tasks;

  /** Places in {@link #byScore} by the gain that was still to come there, where its unit is known. */
  private final int[] byGain;

  /**
   * Sorts points, once for all curves: sorting is most of the work.
   *
   * @param folds in any order; scores and shares are at least 0, and shares are as {@link OutlookCurve} has them, a gain NaN where its
   *     unit is unknown
   */
  OutlookFitting(List<List<Point>> folds) {
    List<Point> points = folds.stream().flatMap(List::stream).toList();
    int n = points.size();
    int[] order = ascending(points.stream().mapToDouble(Point::score).toArray());
    byScore = new Point[n];
    foldOf = new int[n];
    taskOf = new int[n];
    int[] foldAt = new int[n];
    int at = 0;
    for (int fold = 0; fold < folds.size(); fold++) {
      Arrays.fill(foldAt, at, at += folds.get(fold).size(), fold);
    }
    Map<TaskId, Integer> numbers = new HashMap<>();
    for (int i = 0; i < n; i++) {
      byScore[i] = points.get(order[i]);
      foldOf[i] = foldAt[order[i]];
      taskOf[i] = numbers.computeIfAbsent(byScore[i].task, task -> numbers.size());
    }
    tasks = numbers.size();
    byGain = ascending(Arrays.stream(byScore).mapToDouble(Point::gain).toArray());
  }

  /**
   * Returns the places of values in ascending order, without those that are NaN; equal ones as they stand. What is sorted are numbers, a
   * value's bits above its place, which is much quicker than to sort the points.
   *
   * @param values at least 0, or NaN
   */
  private static int[] ascending(double[] values) {
    long[] keys = new long[values.length];
    int n = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        keys[n++] = (long) Float.floatToIntBits((float) values[i] + 0f) << Integer.SIZE | i; // adding makes a negative zero positive
      }
    }
    Arrays.sort(keys, 0, n);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int place = (int) keys[i];
      int to = i;
      for (; to > 0 && values[order[to - 1]] > values[place]; to--) { // the same float, but not the same value
        order[to] = order[to - 1];
      }
      order[to] = place;
    }
    return order;
  }

  /** Fits a curve to all points, of which there must be one. */
  OutlookCurve all() {
    return fit(-1);
  }

  /** Fits a curve to the points of all folds but one; nothing if there are none. */
  Optional<OutlookCurve> without(int fold) {
    return Arrays.stream(foldOf).allMatch(other -> other == fold) ? Optional.empty() : Optional.of(fit(fold));
  }

  private OutlookCurve fit(int heldOut) {
    double total = 0;
    for (int i = 0; i < byScore.length; i++) {
      total += foldOf[i] == heldOut ? 0 : byScore[i].weight;
    }
    int[] binOf = new int[byScore.length];
    double[] weight = new double[BINS.length];
    double[] score = new double[BINS.length];
    double[] right = new double[BINS.length];
    double[] further = new double[BINS.length];
    int[] tasksIn = new int[BINS.length];
    int[] lastIn = new int[tasks]; // the last bin that a task was found in, from 1
    int bins = 0;
    int end = 0;
    double sum = 0;
    Point before = null;
    for (int i = 0; i < byScore.length; i++) {
      if (foldOf[i] == heldOut) {
        continue;
      }
      Point point = byScore[i];
      // Points of one score stay together.
      if (before != null && end < BINS.length - 1 && sum >= BINS[end] * total && point.score > before.score) {
        bins++;
        while (end < BINS.length - 1 && BINS[end] * total <= sum) {
          end++;
        }
      }
      sum += point.weight;
      binOf[i] = bins;
      weight[bins] += point.weight;
      score[bins] += point.weight * point.score;
      right[bins] += point.right ? point.weight : 0;
      further[bins] += point.weight * point.further;
      tasksIn[bins] += lastIn[taskOf[i]] == bins + 1 ? 0 : 1;
      lastIn[taskOf[i]] = bins + 1;
      before = point;
    }
    int n = bins + 1;
    for (int b = 0; b < n; b++) {
      score[b] = rounded(score[b] / weight[b], 1e7);
      right[b] = (right[b] / weight[b] * tasksIn[b] + .5) / (tasksIn[b] + 1);
      further[b] = share(further[b] / weight[b]);
    }
    double[] rising = rising(Arrays.copyOf(right, n), Arrays.copyOf(weight, n));
    for (int b = 0; b < n; b++) {
      rising[b] = rounded(rising[b], 1e4);
    }
    Gains gains = gains(heldOut, binOf, n);
    int[] distinct = distinct(Arrays.copyOf(score, n));
    return new OutlookCurve(
        pick(score, distinct), pick(rising, distinct), pick(gains.mean, distinct), pick(gains.median, distinct),
        pick(gains.high, distinct), pick(further, distinct));
  }

  /** Shares of gain still to come, of each bin; 0 where no unit is known. */
  private record Gains(double[] mean, double[] median, double[] high) {}

  private Gains gains(int heldOut, int[] binOf, int bins) {
    double[] weight = new double[bins];
    double[] mean = new double[bins];
    for (int i : byGain) {
      if (foldOf[i] != heldOut) {
        weight[binOf[i]] += byScore[i].weight;
        mean[binOf[i]] += byScore[i].weight * byScore[i].gain;
      }
    }
    double[] sum = new double[bins];
    double[] median = new double[bins];
    double[] high = new double[bins];
    for (int i : byGain) {
      int bin = binOf[i];
      if (foldOf[i] != heldOut) {
        median[bin] = sum[bin] < MEDIAN * weight[bin] ? share(byScore[i].gain) : median[bin];
        high[bin] = sum[bin] < HIGH * weight[bin] ? share(byScore[i].gain) : high[bin];
        sum[bin] += byScore[i].weight;
      }
    }
    for (int b = 0; b < bins; b++) {
      mean[b] = weight[b] == 0 ? 0 : share(mean[b] / weight[b]);
    }
    return new Gains(mean, median, high);
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
