package io.stopcast.feature;

import io.stopcast.feature.Neighbourhood.Kind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/**
 * Compares a run with the earlier runs of its task at the same share of the way, and tells what became of those that
 * were near: at the same level, with the same curve so far, with similar hyper-parameters, or with both.
 *
 * <p>Where the plan is unknown, the median length of the earlier runs stands for it. Looks at them again only once the
 * run has come to another column or has a new best.
 */
final class HistorySignals {
  /** What a squared distance keeps of its weight for each cell that it is old. */
  private static final double MEMORY = 0.85;

  private static final double PARAMETERS_AGAINST_CURVE = 1.5;
  private static final double[] QUANTILES = {0, .25, .5, .75, .9, 1};
  private static final String[] QUANTILE_NAMES = {
    "prior.final_0", "prior.final_25", "prior.final_50", "prior.final_75", "prior.final_90", "prior.final_100"
  };

  private static final double[] NOTHING = {};

  /** Shared by all runs that have nobody to look at: they take no memory for it. */
  private static final Neighbourhood[] NOBODY = neighbourhoods();

  private final TaskHistory history;
  private final EarlierCurves curves;
  private final double[] apart;
  private final double[] parametersApart;
  private final double[] scratch;
  private final double logRuns;
  private final Neighbourhood level;
  private final Neighbourhood prefix;
  private final Neighbourhood config;
  private final Neighbourhood both;
  private int column = -1;
  private double progress = Double.NaN;
  private double left = Double.NaN;
  private double best = Double.NaN;
  private double rank = Double.NaN;
  private boolean measured = true;

  /**
   * Signals of a run that is about to start.
   *
   * @param parameters its hyper-parameters
   */
  HistorySignals(TaskHistory history, Map<String, Object> parameters) {
    this.history = history;
    curves = history.curves();
    int runs = curves.runs();
    apart = runs == 0 ? NOTHING : new double[runs];
    parametersApart = runs == 0 ? NOTHING : history.parameters().distances(parameters);
    scratch = runs == 0 ? NOTHING : new double[runs];
    logRuns = Math.log(1 + history.runs().size());
    Neighbourhood[] neighbourhoods = runs == 0 ? NOBODY : neighbourhoods();
    level = neighbourhoods[0];
    prefix = neighbourhoods[1];
    config = neighbourhoods[2];
    both = neighbourhoods[3];
  }

  private static Neighbourhood[] neighbourhoods() {
    return new Neighbourhood[] {
      new Neighbourhood(Kind.LEVEL),
      new Neighbourhood(Kind.PREFIX),
      new Neighbourhood(Kind.CONFIG),
      new Neighbourhood(Kind.BOTH)
    };
  }

  /**
   * Takes the next point.
   *
   * @param points points so far
   * @param share of the plan; NaN if unknown
   * @param bestSoFar NaN until the first usable value
   */
  void point(long points, double share, double bestSoFar) {
    if (curves.runs() == 0 || Double.isNaN(bestSoFar)) {
      return;
    }
    progress = Double.isNaN(share) ? points / history.typicalPoints() : share;
    if (bestSoFar != best) {
      best = bestSoFar;
      measured = false;
    }
    int now = EarlierCurves.column(progress);
    if (now > column) {
      column = now;
      measured = false;
      double[] values = curves.values();
      double value = curves.inUnits(best);
      int at = curves.at(column);
      for (int j = 0; j < apart.length; j++) {
        double d = value - values[at + j];
        apart[j] = MEMORY * apart[j] + d * d;
      }
    }
  }

  /** All but what depends on the price. */
  void describe(FeatureSink to) {
    double value = curves.inUnits(best);
    if (!measured) {
      measure(value);
      measured = true;
    }
    left = Math.max(0, 1 - progress);
    to.put(FeatureExtractor.RUNS, logRuns);
    to.put("prior.progress", progress);
    to.put("prior.rank", rank);
    for (int i = 0; i < QUANTILES.length; i++) {
      to.put(QUANTILE_NAMES[i], curves.finalAt(QUANTILES[i]) - value);
    }
    level.describe(to);
    prefix.describe(to);
    config.describe(to);
    both.describe(to);
  }

  private void measure(double value) {
    double[] squares = scratch;
    double[] values = curves.values();
    int at = curves.at(column);
    int firstAbove = curves.firstAbove(best);
    rank = (double) curves.countNoBetter(column, value) / curves.runs();
    for (int j = 0; j < squares.length; j++) {
      double d = value - values[at + j];
      squares[j] = d * d;
    }
    level.measure(squares, curves, column, value, firstAbove);
    System.arraycopy(apart, 0, squares, 0, squares.length);
    prefix.measure(squares, curves, column, value, firstAbove);
    if (parametersApart.length > 0) {
      for (int j = 0; j < squares.length; j++) {
        squares[j] = parametersApart[j] * parametersApart[j];
      }
      config.measure(squares, curves, column, value, firstAbove);
      for (int j = 0; j < squares.length; j++) {
        double d = Math.sqrt(apart[j]) + PARAMETERS_AGAINST_CURVE * parametersApart[j];
        squares[j] = d * d;
      }
      both.measure(squares, curves, column, value, firstAbove);
    }
  }

  /** Writes what cannot be worked out again from the earlier runs. */
  void save(DataOutput out) throws IOException {
    out.writeShort(apart.length);
    for (double distance : apart) {
      out.writeDouble(distance);
    }
    out.writeByte(column);
    out.writeDouble(progress);
    out.writeDouble(best);
  }

  void restore(DataInput in) throws IOException {
    int runs = in.readUnsignedShort();
    if (runs != apart.length) {
      throw new IOException("%d earlier runs, where there are %d".formatted(runs, apart.length));
    }
    for (int j = 0; j < runs; j++) {
      apart[j] = in.readDouble();
    }
    column = in.readByte();
    progress = in.readDouble();
    best = in.readDouble();
    measured = Double.isNaN(best);
    if (column < -1 || column > EarlierRun.CELLS || !measured && column < 0) {
      throw new IOException("a run at column %d of %d".formatted(column, EarlierRun.CELLS));
    }
  }

  /** What going on is worth at a price, as of the last {@link #describe}. */
  void describePlans(FeatureSink to, double price) {
    level.describePlan(to, price, left);
    prefix.describePlan(to, price, left);
    config.describePlan(to, price, left);
    both.describePlan(to, price, left);
  }
}
