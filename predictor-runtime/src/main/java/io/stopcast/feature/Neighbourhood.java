package io.stopcast.feature;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What became of the earlier runs that were near, in one sense of near: means over all of them with weights 1 / (1 +
 * (d/h)<sup>4</sup>), where h is the distance of the sixth nearest. All gains are in units of the task's scale.
 */
final class Neighbourhood {
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
    private final String[] names;

    Kind() {
      String group = "prior." + name().toLowerCase(Locale.ROOT) + "_";
      plan = group + "plan";
      names =
          new String[] {
            group + "distance", group + "gain", group + "gain_01", group + "gain_05", group + "above", group + "end",
            group + "gain_1", group + "gain_2", group + "gain_4", group + "gain_8"
          };
    }
  }

  private final Kind kind;
  private final double[] ahead = new double[AHEAD.length];
  private double bandwidth;
  private double gain;
  private double gainOver1;
  private double gainOver5;
  private double above;
  private double end;
  private double left;

  /** A neighbourhood of which nothing is known yet. */
  Neighbourhood(Kind kind) {
    this.kind = kind;
    bandwidth = Double.NaN;
    gain = Double.NaN;
    gainOver1 = Double.NaN;
    gainOver5 = Double.NaN;
    above = Double.NaN;
    end = Double.NaN;
    left = Double.NaN;
    Arrays.fill(ahead, Double.NaN);
  }

  /**
   * Looks around.
   *
   * @param distances to each of the runs, at least one
   * @param scratch room for {@value #NEIGHBOURS} numbers
   * @param cell how far this run is
   * @param progress the same as a share of the whole
   * @param best its best value so far
   * @param scale the task's
   */
  void measure(
      double[] distances,
      double[] scratch,
      List<EarlierRun> runs,
      int cell,
      double progress,
      double best,
      double scale) {
    bandwidth = bandwidth(distances, scratch);
    double total = 0;
    gain = 0;
    gainOver1 = 0;
    gainOver5 = 0;
    above = 0;
    end = 0;
    Arrays.fill(ahead, 0);
    for (int j = 0; j < distances.length; j++) {
      float[] curve = runs.get(j).best();
      double d = distances[j] / bandwidth;
      double weight = 1 / (1 + d * d * d * d);
      double now = curve[cell];
      double last = curve[CELLS - 1];
      double rest = last - now;
      total += weight;
      gain += weight * rest;
      gainOver1 += rest > .01 * scale ? weight : 0;
      gainOver5 += rest > .05 * scale ? weight : 0;
      above += last > best + .01 * scale ? weight : 0;
      end += weight * (last - best);
      for (int a = 0; a < AHEAD.length; a++) {
        ahead[a] += weight * (curve[Math.min(CELLS - 1, cell + AHEAD[a])] - now);
      }
    }
    gain /= total * scale;
    gainOver1 /= total;
    gainOver5 /= total;
    above /= total;
    end /= total * scale;
    for (int a = 0; a < AHEAD.length; a++) {
      ahead[a] /= total * scale;
    }
    left = Math.max(0, 1 - progress);
  }

  void describe(FeatureSink to) {
    to.put(kind.names[0], bandwidth);
    to.put(kind.names[1], gain);
    to.put(kind.names[2], gainOver1);
    to.put(kind.names[3], gainOver5);
    to.put(kind.names[4], above);
    to.put(kind.names[5], end);
    for (int a = 0; a < AHEAD.length; a++) {
      to.put(kind.names[6 + a], ahead[a]);
    }
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
