package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Horizon;
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
  private static final int PLANNED = 120;

  static IntStream seeds() {
    return IntStream.range(0, 120);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_everyPrefix_equalsTheFormulas(int seed) {
    double[] y = Curves.values(seed, 100);
    RunContext run = RunContext.of(Objective.maximize("em")).withHorizon(Horizon.ofPoints(PLANNED));
    FeatureExtractor extractor = new FeatureExtractor(run);
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
    expected.put("since.best_share", (n - 1 - bestAt) / (double) n);
    expected.put("since.best_planned", (n - 1 - bestAt) / (double) PLANNED);
    expected.put("since.span_01_planned", sinceCounted(y, n) / PLANNED);
    expected.put("bests.last_10", newBests(y, n, 10) / (double) Math.min(10, n - 1));
    expected.put("bests.last_20", newBests(y, n, 20) / (double) Math.min(20, n - 1));
    expected.put("bests.all", newBests(y, n, n) / (double) (n - 1));

    expected.put("level.below_step", (best - y[n - 1]) / step);

    expected.put("gain.y_1", n > 1 ? (y[n - 1] - y[n - 2]) / span : Double.NaN);
    if (n <= Thinned.CAPACITY) {
      expected.put("gain.best_tenth", (best - best(y, part(n, .9))) / rise);
      expected.put("gain.best_quarter", (best - best(y, part(n, .75))) / rise);
      expected.put("gain.best_half", (best - best(y, part(n, .5))) / rise);
      expected.put("gain.best_three_quarters", (best - best(y, part(n, .25))) / rise);
      expected.put("gain.smooth_quarter", (smooth[n - 1] - smooth[part(n, .75) - 1]) / span);
      int half = part(n, .5);
      expected.put("noise.smooth_half", (smooth[n - 1] - smooth[half - 1]) / noise);
      expected.put("log.best_left", (best - best(y, half)) * Math.log((double) PLANNED / n) / Math.log(2) / rise);
      expected.put("slope.half_t", t(y, half - 1, n));
      expected.put("slope.half_left", slope(y, half - 1, n) * (PLANNED - n) / rise);
        expected.put("noise.best_half", (best - best(y, half)) / noise);
      expected.put("slope.half", slope(y, half - 1, n) * n / span);
      expected.put("slope.quarter", slope(y, Math.max(1, (int) (.75 * n)) - 1, n) * n / span);
      expected.put("slope.half_deviation", deviation(y, half - 1, n) / rise);
    }
    expected.put("slope.last_20_left", n < 20 ? Double.NaN : slope(y, n - 20, n) * (PLANNED - n) / rise);
    expected.put("slope.last_20_deviation", n < 20 ? Double.NaN : deviation(y, n - 20, n) / rise);

    expected.put("noise.span", noise / span);
    expected.put("noise.above_smooth", (best - smooth[n - 1]) / noise);
    expected.replaceAll((name, value) -> Double.isInfinite(value) ? Double.NaN : value);
    return expected;
  }

  /** How many values the first share of a curve has. */
  private static int part(int n, double share) {
    return Math.max(1, (int) (share * n));
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

  /** Points since a value beat the last that counted by a hundredth of the span. */
  private static double sinceCounted(double[] y, int n) {
    int counted = 0;
    for (int i = 1; i < n; i++) {
      double low = IntStream.rangeClosed(0, i).mapToDouble(k -> y[k]).min().orElseThrow();
      if (y[i] > y[counted] + .01 * (best(y, i + 1) - low)) {
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
