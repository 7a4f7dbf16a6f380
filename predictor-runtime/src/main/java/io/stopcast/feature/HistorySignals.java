package io.stopcast.feature;

import io.stopcast.feature.Neighbourhood.Kind;
import java.util.List;

/**
 * Compares a run with the earlier runs of its task at the same share of the way, and tells what became of those that
 * were near: at the same level, with the same curve so far, with similar hyper-parameters, or with both.
 *
 * <p>Where the plan is unknown, the median length of the earlier runs stands for it.
 */
final class HistorySignals {
  private static final int CELLS = EarlierRun.CELLS;

  /** What a squared distance keeps of its weight for each cell that it is old. */
  private static final double MEMORY = 0.85;

  private static final double PARAMETERS_AGAINST_CURVE = 1.5;
  private static final double[] QUANTILES = {0, .25, .5, .75, .9, 1};
  private static final String[] QUANTILE_NAMES = {
    "prior.final_0", "prior.final_25", "prior.final_50", "prior.final_75", "prior.final_90", "prior.final_100"
  };

  private static final double[] NOTHING = {};

  /** Shared by all runs of tasks without a history: a run that has nobody to look at takes no memory for it. */
  private static final Neighbourhood[] NOBODY = {
    new Neighbourhood(Kind.LEVEL),
    new Neighbourhood(Kind.PREFIX),
    new Neighbourhood(Kind.CONFIG),
    new Neighbourhood(Kind.BOTH)
  };

  private final TaskHistory history;
  private final List<EarlierRun> runs;
  private final double scale;
  private final double[] apart;
  private final double[] parametersApart;
  private final double[] distances;
  private final double[] scratch;
  private final Neighbourhood level;
  private final Neighbourhood prefix;
  private final Neighbourhood config;
  private final Neighbourhood both;
  private int cell = -1;
  private double progress = Double.NaN;
  private double best = Double.NaN;

  /**
   * Signals of a run that is about to start.
   *
   * @param parametersApart distance of its hyper-parameters to each earlier run's; empty if unknown
   */
  HistorySignals(TaskHistory history, double[] parametersApart) {
    this.history = history;
    this.runs = history.runs();
    this.scale = history.scale();
    this.apart = new double[runs.size()];
    this.parametersApart = parametersApart;
    this.distances = new double[runs.size()];
    this.scratch = runs.isEmpty() ? NOTHING : new double[Neighbourhood.NEIGHBOURS];
    this.level = runs.isEmpty() ? NOBODY[0] : new Neighbourhood(Kind.LEVEL);
    this.prefix = runs.isEmpty() ? NOBODY[1] : new Neighbourhood(Kind.PREFIX);
    this.config = runs.isEmpty() ? NOBODY[2] : new Neighbourhood(Kind.CONFIG);
    this.both = runs.isEmpty() ? NOBODY[3] : new Neighbourhood(Kind.BOTH);
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
    int now = (int) Math.max(0, Math.min(CELLS - 1, Math.rint(progress * CELLS) - 1));
    if (now > cell) {
      cell = now;
      for (int j = 0; j < apart.length; j++) {
        double d = (best - runs.get(j).best()[cell]) / scale;
        apart[j] = MEMORY * apart[j] + d * d;
      }
    }
  }

  /** All but what depends on the price. */
  void describe(FeatureSink to) {
    boolean known = cell >= 0;
    to.put("prior.runs", Math.log(1 + runs.size()));
    to.put("prior.progress", progress);
    to.put("prior.rank", known ? rank() : Double.NaN);
    for (int i = 0; i < QUANTILES.length; i++) {
      to.put(QUANTILE_NAMES[i], known ? (history.finalAt(QUANTILES[i]) - best) / scale : Double.NaN);
    }
    if (known) {
      measure();
    }
    level.describe(to);
    prefix.describe(to);
    config.describe(to);
    both.describe(to);
  }

  private void measure() {
    for (int j = 0; j < distances.length; j++) {
      distances[j] = Math.abs(best - runs.get(j).best()[cell]) / scale;
    }
    level.measure(distances, scratch, runs, cell, progress, best, scale);
    for (int j = 0; j < distances.length; j++) {
      distances[j] = Math.sqrt(apart[j]);
    }
    prefix.measure(distances, scratch, runs, cell, progress, best, scale);
    if (parametersApart.length > 0) {
      config.measure(parametersApart, scratch, runs, cell, progress, best, scale);
      for (int j = 0; j < distances.length; j++) {
        distances[j] += PARAMETERS_AGAINST_CURVE * parametersApart[j];
      }
      both.measure(distances, scratch, runs, cell, progress, best, scale);
    }
  }

  /** What going on is worth at a price, as of the last {@link #describe}. */
  void describePlans(FeatureSink to, double price) {
    level.describePlan(to, price);
    prefix.describePlan(to, price);
    config.describePlan(to, price);
    both.describePlan(to, price);
  }

  /** The share of earlier runs that were no better here. */
  private double rank() {
    int below = 0;
    for (int j = 0; j < runs.size(); j++) { // no iterator: steps allocate nothing
      below += runs.get(j).best()[cell] <= best ? 1 : 0;
    }
    return (double) below / runs.size();
  }
}
