package io.stopcast.inspect;

import io.stopcast.history.TaskId;
import io.stopcast.model.Outlook;
import io.stopcast.replay.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Whether what a policy expected came true on runs that it had not seen.
 *
 * @param bins by the probability that stopping is right, ascending; bins without a point are left out
 * @param quantiles of the gain still to come
 */
public record Calibration(List<Bin> bins, List<Quantile> quantiles) {
  private static final int BINS = 10;
  private static final int DRAWS = 1_000;

  /**
   * Points of about the same probability. Every task weighs the same.
   *
   * @param said the mean probability
   * @param observed how often stopping was right
   * @param interval of {@code observed}, 95 %, by bootstrap over tasks
   * @param share of all points
   */
  public record Bin(double said, double observed, Interval interval, double share, int tasks) {}

  /**
   * @param promised which share of points should gain no more than was said
   * @param observed which share did not
   */
  public record Quantile(double promised, double observed, Interval interval, int tasks) {}

  public Calibration {
    bins = List.copyOf(bins);
    quantiles = List.copyOf(quantiles);
  }

  /** Of points with an outlook; all others are passed over. */
  public static Calibration of(List<HeldOutPoint> points) {
    List<HeldOutPoint> told = points.stream().filter(point -> point.outlook().isPresent()).toList();
    double total = told.stream().mapToDouble(HeldOutPoint::weight).sum();
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      int bin = b;
      Sums said = new Sums();
      Sums right = new Sums();
      told.stream()
          .filter(point -> bin(probability(point)) == bin)
          .forEach(
              point -> {
                said.add(point, probability(point));
                right.add(point, point.right() ? 1 : 0);
              });
      if (!said.isEmpty()) {
        bins.add(new Bin(said.mean(), right.mean(), right.interval(), said.weight() / total, said.tasks()));
      }
    }
    List<Quantile> quantiles = new ArrayList<>();
    addQuantile(quantiles, told, .5, Outlook::gainMedian);
    addQuantile(quantiles, told, .9, Outlook::gainHigh);
    return new Calibration(bins, quantiles);
  }

  private static void addQuantile(
      List<Quantile> quantiles, List<HeldOutPoint> points, double promised, ToDoubleFunction<Outlook> quantile) {
    Sums covered = new Sums();
    for (HeldOutPoint point : points) {
      double most = quantile.applyAsDouble(point.outlook().orElseThrow());
      if (!Double.isNaN(most) && !Double.isNaN(point.gain())) {
        covered.add(point, point.gain() <= most ? 1 : 0);
      }
    }
    if (!covered.isEmpty()) {
      quantiles.add(new Quantile(promised, covered.mean(), covered.interval(), covered.tasks()));
    }
  }

  private static double probability(HeldOutPoint point) {
    return point.outlook().orElseThrow().probability();
  }

  private static int bin(double probability) {
    return Math.min(BINS - 1, (int) (probability * BINS));
  }

  /** Weighted sums by task. */
  private static final class Sums {
    private final Map<TaskId, double[]> byTask = new TreeMap<>();

    void add(HeldOutPoint point, double value) {
      double[] sum = byTask.computeIfAbsent(point.task(), task -> new double[2]);
      sum[0] += point.weight();
      sum[1] += point.weight() * value;
    }

    boolean isEmpty() {
      return byTask.isEmpty();
    }

    int tasks() {
      return byTask.size();
    }

    double weight() {
      return byTask.values().stream().mapToDouble(sum -> sum[0]).sum();
    }

    double mean() {
      return byTask.values().stream().mapToDouble(sum -> sum[1]).sum() / weight();
    }

    Interval interval() {
      double[][] tasks = byTask.values().toArray(double[][]::new);
      SplittableRandom random = new SplittableRandom(1);
      double[] means = new double[DRAWS];
      for (int d = 0; d < DRAWS; d++) {
        double weight = 0;
        double value = 0;
        for (int i = 0; i < tasks.length; i++) {
          double[] task = tasks[random.nextInt(tasks.length)];
          weight += task[0];
          value += task[1];
        }
        means[d] = value / weight;
      }
      Arrays.sort(means);
      return new Interval(means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40]);
    }
  }
}
