package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The extractor against formulas written down a second time, over the whole curve, for every prefix of it. */
class FeatureReferenceTest {
  private static final double TOLERANCE = 1e-5;

  static IntStream seeds() {
    return IntStream.range(0, 120);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_everyPrefix_equalsTheFormulas(int seed) {
    double[] y = Curves.values(seed, 100);
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("em")));
    for (int n = 1; n <= y.length; n++) {
      extractor.observe(Step.of(n, n, "em", y[n - 1]));
      float[] features = extractor.features();
      for (Map.Entry<String, Double> e : reference(y, n).entrySet()) {
        float actual = FeatureExtractorTest.value(features, e.getKey());
        double expected = e.getValue();
        int length = n;
        if (Double.isNaN(expected)) {
          assertTrue(Float.isNaN(actual), () -> e.getKey() + " after " + length + " should be missing: " + actual);
        } else {
          assertEquals(expected, actual, TOLERANCE * (1 + Math.abs(expected)), () -> e.getKey() + " after " + length);
        }
      }
    }
  }

  private static Map<String, Double> reference(double[] y, int n) {
    double best = best(y, n);
    double span = best - IntStream.range(0, n).mapToDouble(i -> y[i]).min().orElseThrow();
    double rise = best - y[0];
    double[] smooth = smoothed(y, n, .2);
    double[] steps = IntStream.range(1, n).mapToDouble(i -> Math.abs(y[i] - y[i - 1])).toArray();
    double[] bends =
        IntStream.range(2, n).mapToDouble(i -> Math.abs(y[i] - 2 * y[i - 1] + y[i - 2]) / 1.954).toArray();
    double step = Math.max(last(smoothed(steps, steps.length, .1)), span / (1 << 20));
    double noise = Math.max(last(smoothed(bends, bends.length, .1)), span / (1 << 20));
    Map<String, Double> expected = new LinkedHashMap<>();

    int bestAt = IntStream.range(0, n).filter(i -> y[i] == best).findFirst().orElseThrow();
    expected.put("since.best", (double) (n - 1 - bestAt));
    expected.put("since.best_share", (n - 1 - bestAt) / (double) n);
    expected.put("since.span_003", sinceCounted(y, n, .003, 0));
    expected.put("since.span_01", sinceCounted(y, n, .01, 0));
    expected.put("since.span_03", sinceCounted(y, n, .03, 0));
    expected.put("since.step_1", sinceCounted(y, n, 0, 1));
    expected.put("since.step_3", sinceCounted(y, n, 0, 3));
    expected.put("bests.last_10", newBests(y, n, 10) / (double) Math.min(10, n - 1));
    expected.put("bests.last_20", newBests(y, n, 20) / (double) Math.min(20, n - 1));
    expected.put("bests.all", newBests(y, n, n) / (double) (n - 1));

    expected.put("level.below_span", (best - y[n - 1]) / span);
    expected.put("level.below_step", (best - y[n - 1]) / step);
    expected.put("level.rise_span", rise / span);
    expected.put("level.step_span", step / span);
    expected.put("level.fast_span", (last(smoothed(y, n, .5)) - smooth[n - 1]) / span);
    expected.put("level.slow_span", (smooth[n - 1] - last(smoothed(y, n, .07))) / span);

    for (int w : new int[] {1, 3, 5, 10, 20}) {
      expected.put("gain.y_" + w, n > w ? (y[n - 1] - y[n - 1 - w]) / span : Double.NaN);
    }
    for (int w : new int[] {3, 5, 10, 20}) {
      expected.put("gain.best_" + w, n > w ? (best - best(y, n - w)) / rise : Double.NaN);
    }
    for (int w : new int[] {5, 20}) {
      expected.put("noise.best_" + w, n > w ? (best - best(y, n - w)) / noise : Double.NaN);
    }
    if (n <= Thinned.CAPACITY) {
      shareOfCurve(expected, y, n, "tenth", .9, best, rise, smooth, span);
      shareOfCurve(expected, y, n, "quarter", .75, best, rise, smooth, span);
      shareOfCurve(expected, y, n, "half", .5, best, rise, smooth, span);
      shareOfCurve(expected, y, n, "three_quarters", .25, best, rise, smooth, span);
      int half = Math.max(1, n / 2);
      int start = Math.max(1, n / 4);
      expected.put("log.best", (best - best(y, half)) / (best - best(y, start)));
      expected.put("noise.best_half", (best - best(y, half)) / noise);
      expected.put("slope.half", slope(y, half - 1, n) * n / span);
      expected.put("slope.quarter", slope(y, Math.max(1, (int) (.75 * n)) - 1, n) * n / span);
      expected.put("slope.half_deviation", deviation(y, half - 1, n) / rise);
    }
    for (int w : new int[] {5, 10, 20}) {
      expected.put("slope.last_" + w, n < w ? Double.NaN : slope(y, n - w, n) / span);
      expected.put("slope.last_" + w + "_t", n < w ? Double.NaN : t(y, n - w, n));
    }
    expected.put("slope.last_20_deviation", n < 20 ? Double.NaN : deviation(y, n - 20, n) / rise);

    double bestSmooth = best(smooth, n);
    expected.put("noise.rise", noise / rise);
    expected.put("noise.span", noise / span);
    expected.put("noise.above_smooth", (best - smooth[n - 1]) / noise);
    expected.put("noise.fallen_smooth_rise", (bestSmooth - smooth[n - 1]) / rise);
    double[] turns =
        IntStream.range(2, n)
            .mapToDouble(i -> Math.signum(y[i] - y[i - 1]) * Math.signum(y[i - 1] - y[i - 2]) < 0 ? 1 : 0)
            .toArray();
    expected.put("noise.turns", last(smoothed(turns, turns.length, .1)));
    expected.replaceAll((name, value) -> Double.isInfinite(value) ? Double.NaN : value);
    return expected;
  }

  private static void shareOfCurve(
      Map<String, Double> expected,
      double[] y,
      int n,
      String name,
      double share,
      double best,
      double rise,
      double[] smooth,
      double span) {
    int length = Math.max(1, (int) (share * n));
    expected.put("gain.best_" + name, (best - best(y, length)) / rise);
    expected.put("gain.smooth_" + name, (smooth[n - 1] - smooth[length - 1]) / span);
  }

  private static double best(double[] y, int n) {
    return IntStream.range(0, n).mapToDouble(i -> y[i]).max().orElse(Double.NaN);
  }

  private static int newBests(double[] y, int n, int window) {
    return (int) IntStream.range(Math.max(1, n - window), n).filter(i -> y[i] > best(y, i)).count();
  }

  private static double[] smoothed(double[] x, int n, double weight) {
    double[] smoothed = new double[n];
    for (int i = 0; i < n; i++) {
      double w = Math.max(weight, 1.0 / (i + 1));
      smoothed[i] = i == 0 ? x[0] : (1 - w) * smoothed[i - 1] + w * x[i];
    }
    return smoothed;
  }

  private static double last(double[] x) {
    return x.length == 0 ? Double.NaN : x[x.length - 1];
  }

  /** Steps since a value beat the last that counted by a share of the span and a multiple of the mean step before. */
  private static double sinceCounted(double[] y, int n, double ofSpan, double ofStep) {
    int counted = 0;
    for (int i = 1; i < n; i++) {
      double low = IntStream.rangeClosed(0, i).mapToDouble(k -> y[k]).min().orElseThrow();
      double[] steps = IntStream.range(1, i).mapToDouble(k -> Math.abs(y[k] - y[k - 1])).toArray();
      double step = steps.length == 0 ? 0 : last(smoothed(steps, steps.length, .1));
      if (y[i] > y[counted] + ofSpan * (best(y, i + 1) - low) + ofStep * step) {
        counted = i;
      }
    }
    return n - 1 - counted;
  }

  private static double slope(double[] y, int from, int to) {
    int n = to - from;
    if (n < 3) {
      return Double.NaN;
    }
    double mean = IntStream.range(from, to).mapToDouble(i -> y[i]).average().orElseThrow();
    double middle = (n - 1) / 2.0;
    double covariance = IntStream.range(from, to).mapToDouble(i -> (i - from - middle) * (y[i] - mean)).sum();
    double spread = IntStream.range(0, n).mapToDouble(i -> (i - middle) * (i - middle)).sum();
    return covariance / spread;
  }

  private static double deviation(double[] y, int from, int to) {
    int n = to - from;
    double mean = IntStream.range(from, to).mapToDouble(i -> y[i]).average().orElseThrow();
    double slope = slope(y, from, to);
    double middle = (n - 1) / 2.0;
    double left =
        IntStream.range(from, to)
            .mapToDouble(i -> Math.pow(y[i] - mean - slope * (i - from - middle), 2))
            .sum();
    double total = IntStream.range(from, to).mapToDouble(i -> Math.pow(y[i] - mean, 2)).sum();
    return Math.sqrt(Math.max(left, 1e-6 * total) / (n - 2));
  }

  private static double t(double[] y, int from, int to) {
    int n = to - from;
    if (best(y, to) == IntStream.range(0, to).mapToDouble(i -> y[i]).min().orElseThrow()) {
      return Double.NaN;
    }
    double spread = n * (n * (double) n - 1) / 12;
    double deviation = deviation(y, from, to);
    return deviation == 0 ? 0 : slope(y, from, to) / deviation * Math.sqrt(spread);
  }
}
