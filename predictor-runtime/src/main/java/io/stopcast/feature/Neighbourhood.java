package io.stopcast.feature;

import java.util.Locale;

/**
 * What became of the earlier runs that were near, in one sense of near: means over all of them with weights 1 / (1 +
 * (d/h)<sup>4</sup>), where h is the distance of the sixth nearest. All gains are in units of the task's scale.
 */
final class Neighbourhood {
  private static final int CELLS = EarlierRun.CELLS;

  /** Distances below this are rounding. */
  private static final double SMALLEST_BANDWIDTH = 1e-3;

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
    private final String[] names;

    Kind() {
      String group = "prior." + name().toLowerCase(Locale.ROOT) + "_";
      plan = group + "plan";
      names =
          new String[] {
            group + "distance", group + "gain", group + "gain_01", group + "gain_05", group + "above", group + "end",
            group + "gain_1", group + "gain_2", group + "gain_4", group + "gain_8", group + "exceed"
          };
    }
  }

  private final Kind kind;
  private final Nearest nearest = new Nearest();
  private double bandwidth = Double.NaN;
  private double gain = Double.NaN;
  private double gainOver1 = Double.NaN;
  private double gainOver5 = Double.NaN;
  private double above = Double.NaN;
  private double end = Double.NaN;
  private double gain1 = Double.NaN;
  private double gain2 = Double.NaN;
  private double gain4 = Double.NaN;
  private double gain8 = Double.NaN;
  private double exceed = Double.NaN;

  /** A neighbourhood of which nothing is known yet. */
  Neighbourhood(Kind kind) {
    this.kind = kind;
  }

  /**
   * Looks around.
   *
   * @param squares the squared distance to each of the runs, at least one; overwritten
   * @param column how far this run is
   * @param value its best value so far, in the units of the runs
   * @param firstAbove the first of the runs that ended above it
   */
  void measure(double[] squares, EarlierCurves runs, int column, double value, int firstAbove) {
    double square = Math.max(SMALLEST_BANDWIDTH * SMALLEST_BANDWIDTH, nearest.farthestOf(squares));
    bandwidth = Math.sqrt(square);
    double inverse = 1 / square;
    double[] weights = squares;
    for (int j = 0; j < weights.length; j++) {
      double share = squares[j] * inverse;
      weights[j] = 1 / (1 + share * share);
    }
    double sumAbove = sum(weights, firstAbove, weights.length);
    double perWeight = 1 / (sum(weights, 0, firstAbove) + sumAbove);
    above = sumAbove * perWeight;
    double much = sum(weights, runs.rising(), runs.muchFrom(column), runs.littleFrom(column));
    double little = sum(weights, runs.rising(), runs.littleFrom(column), runs.muchFrom(column + 1));
    gainOver5 = much * perWeight;
    gainOver1 = (much + little) * perWeight;
    double[] values = runs.values();
    int at0 = runs.at(column);
    int at1 = runs.at(column + 1);
    int at2 = runs.at(column + 2);
    int at4 = runs.at(column + 4);
    int at8 = runs.at(column + 8);
    int atEnd = runs.at(CELLS);
    double now = 0;
    double in1 = 0;
    double in2 = 0;
    double in4 = 0;
    double in8 = 0;
    double last = 0;
    double over = 0;
    for (int j = 0; j < weights.length; j++) {
      double weight = weights[j];
      now += weight * values[at0 + j];
      in1 += weight * values[at1 + j];
      in2 += weight * values[at2 + j];
      in4 += weight * values[at4 + j];
      in8 += weight * values[at8 + j];
      double end = values[atEnd + j];
      last += weight * end;
      over += weight * Math.max(0, end - value);
    }
    // Curves never fall: what is below 0 is rounding.
    gain = Math.max(0, last - now) * perWeight;
    gain1 = Math.max(0, in1 - now) * perWeight;
    gain2 = Math.max(0, in2 - now) * perWeight;
    gain4 = Math.max(0, in4 - now) * perWeight;
    gain8 = Math.max(0, in8 - now) * perWeight;
    end = last * perWeight - value;
    exceed = over * perWeight;
  }

  /** Adds two at a time: one after the other would each wait for the one before. */
  private static double sum(double[] weights, int from, int to) {
    double even = 0;
    double odd = 0;
    int j = from;
    for (; j < to - 1; j += 2) {
      even += weights[j];
      odd += weights[j + 1];
    }
    return even + odd + (j < to ? weights[j] : 0);
  }

  private static double sum(double[] weights, char[] which, int from, int to) {
    double even = 0;
    double odd = 0;
    int i = from;
    for (; i < to - 1; i += 2) {
      even += weights[which[i]];
      odd += weights[which[i + 1]];
    }
    return even + odd + (i < to ? weights[which[i]] : 0);
  }

  void describe(FeatureSink to) {
    to.put(kind.names[0], bandwidth);
    to.put(kind.names[1], gain);
    to.put(kind.names[2], gainOver1);
    to.put(kind.names[3], gainOver5);
    to.put(kind.names[4], above);
    to.put(kind.names[5], end);
    to.put(kind.names[6], gain1);
    to.put(kind.names[7], gain2);
    to.put(kind.names[8], gain4);
    to.put(kind.names[9], gain8);
    to.put(kind.names[10], exceed);
  }

  /**
   * What the best fixed plan to go on is worth: gain less the price of the way to it.
   *
   * @param left the share of the way that is left
   */
  void describePlan(FeatureSink to, double price, double left) {
    double ofCell = price / CELLS;
    double plan = gain - price * left;
    plan = Math.max(plan, gain1 - ofCell);
    plan = Math.max(plan, gain2 - 2 * ofCell);
    plan = Math.max(plan, gain4 - 4 * ofCell);
    plan = Math.max(plan, gain8 - 8 * ofCell);
    to.put(kind.plan, plan);
  }

  /**
   * Finds the sixth nearest, or the farthest of fewer. Remembers who were nearest: few change from step to step, so that
   * with those to begin with hardly anybody else comes in.
   */
  private static final class Nearest {
    private static final int COUNT = 6;

    private final int[] who = {0, 1, 2, 3, 4, 5};
    private final double[] near = new double[COUNT];

    /** Returns its squared distance. The squares are as before when it returns. */
    double farthestOf(double[] squares) {
      int count = Math.min(COUNT, squares.length);
      for (int i = 0; i < count; i++) {
        near[i] = squares[who[i]];
        squares[who[i]] = Double.POSITIVE_INFINITY; // is in already
      }
      int farthest = farthest(count);
      for (int j = 0; j < squares.length; j++) {
        if (squares[j] < near[farthest]) {
          squares[who[farthest]] = near[farthest];
          who[farthest] = j;
          near[farthest] = squares[j];
          farthest = farthest(count);
        }
      }
      for (int i = 0; i < count; i++) {
        squares[who[i]] = near[i];
      }
      return near[farthest];
    }

    private int farthest(int count) {
      int farthest = 0;
      for (int i = 1; i < count; i++) {
        farthest = near[i] > near[farthest] ? i : farthest;
      }
      return farthest;
    }
  }
}
