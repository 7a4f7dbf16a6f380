package io.stopcast.feature;

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
  private static final double[] QUANTILES = {.25, .5, .75, .9, 1};
  private static final String[] QUANTILE_NAMES = {
    "prior.final_25", "prior.final_50", "prior.final_75", "prior.final_90", "prior.final_100"
  };

  private static final double[] NOTHING = {};

  /** What is only needed while a step is looked at: one for each thread, as one for each run would take half a kilobyte of it. */
  private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[128]);

  /** Shared by all runs that have nobody to look at: they take no memory for it. */
  private static final Neighbourhood[] NOBODY = Neighbourhood.all();

  private final TaskHistory history;
  private final EarlierCurves curves;
  private final double[] apart;
  private final float[] parametersApart;
  private final double logRuns;
  private final Neighbourhood level;
  private final Neighbourhood prefix;
  private final Neighbourhood config;
  private final Neighbourhood both;
  private int column = -1;
  private double progress = Double.NaN;
  private double left = Double.NaN;
  private double best = Double.NaN;
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
    parametersApart = runs == 0 ? EarlierParameters.NOTHING : history.parameters().distances(parameters);
    logRuns = Math.log(1 + history.runs().size());
    Neighbourhood[] neighbourhoods = runs == 0 ? NOBODY : Neighbourhood.all();
    level = neighbourhoods[0];
    prefix = neighbourhoods[1];
    config = neighbourhoods[2];
    both = neighbourhoods[3];
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
    to.put(FeatureExtractor.RUNS, logRuns);
    to.put("prior.progress", progress);
    if (curves.runs() == 0) { // What is missing is quickly told.
      putMissing(to, QUANTILE_NAMES);
      putMissing(to, Neighbourhood.NAMES);
      return;
    }
    double value = curves.inUnits(best);
    if (!measured) {
      measure(value);
      measured = true;
    }
    left = Math.max(0, 1 - progress);
    for (int i = 0; i < QUANTILES.length; i++) {
      to.put(QUANTILE_NAMES[i], curves.finalAt(QUANTILES[i]) - value);
    }
    level.describe(to);
    prefix.describe(to);
    config.describe(to);
    both.describe(to);
  }

  private static void putMissing(FeatureSink to, String[] names) {
    for (String name : names) {
      to.put(name, Double.NaN);
    }
  }

  private void measure(double value) {
    int runs = apart.length;
    double[] squares = scratch(runs + Neighbourhood.NEAREST);
    double[] values = curves.values();
    int at = curves.at(column);
    for (int j = 0; j < runs; j++) {
      double d = value - values[at + j];
      squares[j] = d * d;
    }
    level.measure(squares, curves, column, value);
    System.arraycopy(apart, 0, squares, 0, runs);
    prefix.measure(squares, curves, column, value);
    if (parametersApart.length > 0) {
      for (int j = 0; j < runs; j++) {
        squares[j] = (double) parametersApart[j] * parametersApart[j];
      }
      config.measure(squares, curves, column, value);
      for (int j = 0; j < runs; j++) {
        double d = Math.sqrt(apart[j]) + PARAMETERS_AGAINST_CURVE * parametersApart[j];
        squares[j] = d * d;
      }
      both.measure(squares, curves, column, value);
    }
  }

  private static double[] scratch(int size) {
    double[] scratch = SCRATCH.get();
    if (scratch.length < size) {
      scratch = new double[size];
      SCRATCH.set(scratch);
    }
    return scratch;
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
    if (curves.runs() == 0) {
      putMissing(to, Neighbourhood.PLANS);
      return;
    }
    level.describePlan(to, price, left);
    prefix.describePlan(to, price, left);
    config.describePlan(to, price, left);
    both.describePlan(to, price, left);
  }
}
