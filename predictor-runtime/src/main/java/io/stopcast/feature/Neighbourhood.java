package io.stopcast.feature;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What became of the earlier runs that were near, in one sense of near: means over all of them with weights 1 / (1 +
 * (d/h)<sup>4</sup>), where h is the distance of the sixth nearest. All gains are in units of the task's scale.
 */
final class Neighbourhood {
  /** How many make a neighbourhood. */
  static final int NEAREST = 6;

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
    private final String distance;
    private final String exceed;

    Kind() {
      String group = "prior." + name().toLowerCase(Locale.ROOT) + "_";
      plan = group + "plan";
      distance = group + "distance";
      exceed = group + "exceed";
    }
  }

  /** What {@link #describe} tells, of all kinds in turn. */
  static final String[] NAMES =
      Arrays.stream(Kind.values()).flatMap(kind -> Stream.of(kind.distance, kind.exceed)).toArray(String[]::new);

  /** What {@link #describePlan} tells, of all kinds in turn. */
  static final String[] PLANS = Arrays.stream(Kind.values()).map(kind -> kind.plan).toArray(String[]::new);

  private final Kind kind;

  /** Who was nearest when last looked: few change from step to step, so that with those to begin with hardly anybody else comes in. */
  private final char[] nearest;
  // A float where it is only told as one.
  private float bandwidth = Float.NaN;
  private double gain = Double.NaN;
  private double gain1 = Double.NaN;
  private double gain2 = Double.NaN;
  private double gain4 = Double.NaN;
  private double gain8 = Double.NaN;
  private float exceed = Float.NaN;

  private Neighbourhood(Kind kind, char[] nearest) {
    this.kind = kind;
    this.nearest = nearest;
  }

  /** One of each kind, of which nothing is known yet. They share an array, as four would take more memory. */
  static Neighbourhood[] all() {
    Kind[] kinds = Kind.values();
    char[] nearest = new char[NEAREST * kinds.length];
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] = (char) (i % NEAREST);
    }
    return Arrays.stream(kinds).map(kind -> new Neighbourhood(kind, nearest)).toArray(Neighbourhood[]::new);
  }

  /**
   * Looks around.
   *
   * @param squares the squared distance to each of the runs, at least one, and room for {@value #NEAREST} more; overwritten
   * @param column how far this run is
   * @param value its best value so far, in the units of the runs
   */
  void measure(double[] squares, EarlierCurves runs, int column, double value) {
    double square = Math.max(SMALLEST_BANDWIDTH * SMALLEST_BANDWIDTH, farthest(squares, runs.runs()));
    bandwidth = (float) Math.sqrt(square);
    double inverse = 1 / square;
    double[] weights = squares;
    int count = runs.runs();
    for (int j = 0; j < count; j++) {
      double share = squares[j] * inverse;
      weights[j] = 1 / (1 + share * share);
    }
    double[] values = runs.values();
    int at0 = runs.at(column);
    int at1 = runs.at(column + 1);
    int at2 = runs.at(column + 2);
    int at4 = runs.at(column + 4);
    int at8 = runs.at(column + 8);
    int atEnd = runs.at(CELLS);
    double total = 0;
    double now = 0;
    double in1 = 0;
    double in2 = 0;
    double in4 = 0;
    double in8 = 0;
    double last = 0;
    double over = 0;
    for (int j = 0; j < count; j++) {
      double weight = weights[j];
      total += weight;
      now += weight * values[at0 + j];
      in1 += weight * values[at1 + j];
      in2 += weight * values[at2 + j];
      in4 += weight * values[at4 + j];
      in8 += weight * values[at8 + j];
      double end = values[atEnd + j];
      last += weight * end;
      over += weight * Math.max(0, end - value);
    }
    double perWeight = 1 / total;
    // Curves never fall: what is below 0 is rounding.
    gain = Math.max(0, last - now) * perWeight;
    gain1 = Math.max(0, in1 - now) * perWeight;
    gain2 = Math.max(0, in2 - now) * perWeight;
    gain4 = Math.max(0, in4 - now) * perWeight;
    gain8 = Math.max(0, in8 - now) * perWeight;
    exceed = (float) (over * perWeight);
  }

  /** All but what depends on the price. */
  void describe(FeatureSink to) {
    to.put(kind.distance, bandwidth);
    to.put(kind.exceed, exceed);
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
   * Returns the squared distance of the sixth nearest, or of the farthest of fewer.
   *
   * @param squares as before when it returns, but for the room behind them
   */
  private double farthest(double[] squares, int runs) {
    int own = kind.ordinal() * NEAREST;
    int count = Math.min(NEAREST, runs);
    for (int i = 0; i < count; i++) {
      squares[runs + i] = squares[nearest[own + i]];
      squares[nearest[own + i]] = Double.POSITIVE_INFINITY; // is in already
    }
    int farthest = largest(squares, runs, count);
    for (int j = 0; j < runs; j++) {
      if (squares[j] < squares[farthest]) {
        int i = own + farthest - runs;
        squares[nearest[i]] = squares[farthest];
        nearest[i] = (char) j;
        squares[farthest] = squares[j];
        farthest = largest(squares, runs, count);
      }
    }
    for (int i = 0; i < count; i++) {
      squares[nearest[own + i]] = squares[runs + i];
    }
    return squares[farthest];
  }

  /** Where the largest of some values is. */
  private static int largest(double[] values, int from, int count) {
    int largest = from;
    for (int i = from + 1; i < from + count; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }
}
