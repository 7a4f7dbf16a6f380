package io.stopcast.feature;

import io.stopcast.feature.PlainHistorySignals.Neighbours.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@link HistorySignals} as they were first written: run by run, nothing computed ahead, nothing remembered between
 * steps. What is faster must tell the same.
 */
final class PlainHistorySignals {
  private static final int CELLS = EarlierRun.CELLS;

  /** What a squared distance keeps of its weight for each cell that it is old. */
  private static final double MEMORY = 0.85;

  private static final double PARAMETERS_AGAINST_CURVE = 1.5;
  private static final double[] QUANTILES = {.25, .5, .75, .9, 1};
  private static final String[] QUANTILE_NAMES = {
    "prior.final_25", "prior.final_50", "prior.final_75", "prior.final_90", "prior.final_100"
  };

  private static final double[] NOTHING = {};

  private final TaskHistory history;
  private final List<EarlierRun> runs;
  private final double scale;
  private final double[] apart;
  private final double[] parametersApart;
  private final double[] distances;
  private final double[] scratch;
  private final Neighbours level = new Neighbours(Kind.LEVEL);
  private final Neighbours prefix = new Neighbours(Kind.PREFIX);
  private final Neighbours config = new Neighbours(Kind.CONFIG);
  private final Neighbours both = new Neighbours(Kind.BOTH);
  private int column = -1;
  private double progress = Double.NaN;
  private double best = Double.NaN;

  PlainHistorySignals(TaskHistory history, Map<String, Object> parameters) {
    this.history = history;
    this.runs = history.runs();
    this.scale = history.scale();
    this.apart = new double[runs.size()];
    this.parametersApart = parametersApart(parameters, runs);
    this.distances = new double[runs.size()];
    this.scratch = new double[Neighbours.NEIGHBOURS];
  }

  /**
   * Takes the next point.
   *
   * @param points points so far
   * @param share of the plan; NaN if unknown
   * @param bestSoFar NaN until the first usable value
   */
  void point(long points, double share, double bestSoFar) {
    if (!(scale > 0) || Double.isNaN(bestSoFar)) {
      return;
    }
    progress = Double.isNaN(share) ? points / history.typicalPoints() : share;
    best = bestSoFar;
    int now = (int) Math.max(0, Math.min(CELLS, Math.floor(progress * CELLS + 1e-9)));
    if (now > column) {
      column = now;
      for (int j = 0; j < apart.length; j++) {
        double d = (best - at(runs.get(j), column)) / scale;
        apart[j] = MEMORY * apart[j] + d * d;
      }
    }
  }

  /** All but what depends on the price. */
  void describe(FeatureSink to) {
    boolean known = column >= 0;
    to.put("prior.runs", Math.log(1 + runs.size()));
    to.put("prior.progress", progress);
    for (int i = 0; i < QUANTILES.length; i++) {
      to.put(QUANTILE_NAMES[i], known ? (finalAt(QUANTILES[i]) - best) / scale : Double.NaN);
    }
    if (known) {
      measure();
    }
    level.describe(to);
    prefix.describe(to);
    config.describe(to);
    both.describe(to);
  }

  private double finalAt(double quantile) {
    float[] finals = new float[runs.size()];
    for (int i = 0; i < finals.length; i++) {
      finals[i] = runs.get(i).last();
    }
    Arrays.sort(finals);
    double at = quantile * (finals.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, finals.length - 1);
    return finals[below] + (at - below) * (finals[above] - finals[below]);
  }

  private void measure() {
    for (int j = 0; j < distances.length; j++) {
      distances[j] = Math.abs(best - at(runs.get(j), column)) / scale;
    }
    level.measure(distances, scratch, runs, column, progress, best, scale);
    for (int j = 0; j < distances.length; j++) {
      distances[j] = Math.sqrt(apart[j]);
    }
    prefix.measure(distances, scratch, runs, column, progress, best, scale);
    if (parametersApart.length > 0) {
      config.measure(parametersApart, scratch, runs, column, progress, best, scale);
      for (int j = 0; j < distances.length; j++) {
        distances[j] += PARAMETERS_AGAINST_CURVE * parametersApart[j];
      }
      both.measure(distances, scratch, runs, column, progress, best, scale);
    }
  }

  /** What going on is worth at a price, as of the last {@link #describe}. */
  void describePlans(FeatureSink to, double price) {
    level.describePlan(to, price);
    prefix.describePlan(to, price);
    config.describePlan(to, price);
    both.describePlan(to, price);
  }

  /** What a run had: at first, or after so many cells. */
  private static double at(EarlierRun run, int column) {
    return column == 0 ? run.first() : run.best()[column - 1];
  }

  /** Returns the distance to each earlier run, 0 to 1; empty if there is nothing to compare. */
  private static double[] parametersApart(Map<String, Object> parameters, List<EarlierRun> runs) {
    if (runs.isEmpty()) {
      return NOTHING;
    }
    Set<String> names = new TreeSet<>();
    runs.forEach(run -> names.addAll(run.parameters().keySet()));
    names.retainAll(parameters.keySet());
    if (names.isEmpty()) {
      return NOTHING;
    }
    double[] distances = new double[runs.size()];
    double[] weights = new double[runs.size()];
    for (String name : names) {
      Object own = TaskHistory.comparable(parameters.get(name));
      double[] values =
          runs.stream()
              .map(run -> run.parameters().get(name))
              .filter(Number.class::isInstance)
              .mapToDouble(v -> ((Number) v).doubleValue())
              .toArray();
      for (int j = 0; j < distances.length; j++) {
        Object other = runs.get(j).parameters().get(name);
        if (other == null) {
          continue;
        }
        weights[j]++;
        if (own instanceof Number a && other instanceof Number b) {
          double low = Math.min(a.doubleValue(), b.doubleValue());
          double high = Math.max(a.doubleValue(), b.doubleValue());
          double between = 0;
          for (double value : values) {
            between += value > low && value < high ? 1 : value == low || value == high ? 0.5 : 0;
          }
          distances[j] += low == high ? 0 : between / values.length;
        } else {
          distances[j] += own.equals(other) ? 0 : 1;
        }
      }
    }
    for (int j = 0; j < distances.length; j++) {
      distances[j] = weights[j] == 0 ? 1 : (float) (distances[j] / weights[j]);
    }
    return distances;
  }

  /** What became of the earlier runs that were near, in one sense of near. */
  static final class Neighbours {
    private static final int CELLS = EarlierRun.CELLS;
    static final int NEIGHBOURS = 6;

    /** Distances below this are rounding. */
    private static final double SMALLEST_BANDWIDTH = 1e-3;

    /** How far ahead gains are looked up, in cells. */
    private static final int[] AHEAD = {1, 2, 4, 8};

    /** In which sense earlier runs are near. */
    enum Kind {
      /** At the same level at the same share of the way. */
      LEVEL,
      /** With the same curve so far, the latest most. */
      PREFIX,
      /** With similar hyper-parameters. */
      CONFIG,
      /** With both of the last two. */
      BOTH;

      private final String plan;
      private final String distance;
      private final String exceeds;

      Kind() {
        String group = "prior." + name().toLowerCase(Locale.ROOT) + "_";
        plan = group + "plan";
        distance = group + "distance";
        exceeds = group + "exceed";
      }
    }

    private final Kind kind;
    private final double[] ahead = new double[AHEAD.length];
    private double bandwidth;
    private double gain;
    private double exceed;
    private double left;

    /** A neighbourhood of which nothing is known yet. */
    Neighbours(Kind kind) {
      this.kind = kind;
      bandwidth = Double.NaN;
      gain = Double.NaN;
      exceed = Double.NaN;
      left = Double.NaN;
      Arrays.fill(ahead, Double.NaN);
    }

    /**
     * Looks around.
     *
     * @param distances to each of the runs, at least one
     * @param scratch room for {@value #NEIGHBOURS} numbers
     * @param column how far this run is
     * @param progress the same as a share of the whole
     * @param best its best value so far
     * @param scale the task's
     */
    void measure(
        double[] distances,
        double[] scratch,
        List<EarlierRun> runs,
        int column,
        double progress,
        double best,
        double scale) {
      bandwidth = bandwidth(distances, scratch);
      double total = 0;
      gain = 0;
      exceed = 0;
      Arrays.fill(ahead, 0);
      for (int j = 0; j < distances.length; j++) {
        float[] curve = runs.get(j).best();
        double d = distances[j] / bandwidth;
        double weight = 1 / (1 + d * d * d * d);
        double now = at(runs.get(j), column);
        double last = curve[CELLS - 1];
        double rest = last - now;
        total += weight;
        gain += weight * rest;
        exceed += weight * Math.max(0, last - best);
        for (int a = 0; a < AHEAD.length; a++) {
          ahead[a] += weight * (curve[Math.min(CELLS, column + AHEAD[a]) - 1] - now);
        }
      }
      gain /= total * scale;
      exceed /= total * scale;
      for (int a = 0; a < AHEAD.length; a++) {
        ahead[a] /= total * scale;
      }
      left = Math.max(0, 1 - progress);
    }

    void describe(FeatureSink to) {
      to.put(kind.distance, (float) bandwidth);
      to.put(kind.exceeds, (float) exceed);
    }

    /** What the best fixed plan to go on is worth: gain less the price of the way to it. */
    void describePlan(FeatureSink to, double price) {
      double plan = gain - price * left;
      for (int a = 0; a < AHEAD.length; a++) {
        plan = Math.max(plan, ahead[a] - price * AHEAD[a] / CELLS);
      }
      to.put(kind.plan, plan);
    }

    /** The distance of the sixth nearest, or of the farthest of fewer. */
    private static double bandwidth(double[] distances, double[] nearest) {
      Arrays.fill(nearest, Double.POSITIVE_INFINITY);
      for (double distance : distances) {
        int i = NEIGHBOURS - 1;
        if (distance < nearest[i]) {
          for (; i > 0 && nearest[i - 1] > distance; i--) {
            nearest[i] = nearest[i - 1];
          }
          nearest[i] = distance;
        }
      }
      return Math.max(SMALLEST_BANDWIDTH, nearest[Math.min(NEIGHBOURS, distances.length) - 1]);
    }
  }
}
