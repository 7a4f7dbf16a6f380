package io.stopcast.train;

import io.stopcast.history.TaskId;
import io.stopcast.model.Outlook;
import io.stopcast.model.OutlookCurve;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far the probabilities and quantiles of a new model come true, on its own training runs: neither the scores nor what they are
 * said to mean knew the task in question. Every task weighs the same, and within it every run. Empty if no task could be held out.
 *
 * @param diagram for points at which it says about the same, what it says and how often stopping was right: tenths, the whole range
 * @param rows by kind, price and family
 */
public record ProbabilityCheck(List<Reliability.Row> diagram, List<Row> rows) {
  /** All families together. */
  public static final String ALL = "all";

  static final double[] TENTHS = {0, .1, .2, .3, .4, .5, .6, .7, .8, .9};

  /**
   * One family of tasks: what their runs name as {@code family}, or else their source.
   *
   * @param kind {@code alone} for points without a history, {@code history} for those with one
   * @param tasks how many have points
   * @param right how often stopping was right
   * @param brier the mean of (probability - right)<sup>2</sup>
   * @param brierOfBaseRate the same for one who always says how often it is right in this family
   * @param belowMedian how often the gain still to come was at most its median, which one half would be right for; more where many
   *     gain nothing. NaN where no unit of gain is known
   * @param belowHigh how often it was at most its .9 quantile
   */
  public record Row(
      String kind,
      double price,
      String family,
      int tasks,
      double right,
      double brier,
      double brierOfBaseRate,
      double belowMedian,
      double belowHigh) {}

  public ProbabilityCheck {
    diagram = List.copyOf(diagram);
    rows = List.copyOf(rows);
  }

  /** Adds up points by family. */
  static final class Tally {
    private final Map<TaskId, String> families;
    private final Map<String, Sums> sums = new TreeMap<>();

    private static final class Sums {
      final Set<TaskId> tasks = new HashSet<>();
      double weight;
      double right;
      double squares;
      double withGain;
      double belowMedian;
      double belowHigh;
    }

    /**
     * @param families the family of each task
     */
    Tally(Map<TaskId, String> families) {
      this.families = families;
    }

    void add(OutlookCurve curve, OutlookFitting.Point point) {
      Outlook outlook = curve.outlook(point.score(), 1, 1, Double.NaN); // gains in units of what the run has risen
      double gain = point.gain() / (1 - point.gain());
      for (String family : List.of(ALL, families.get(point.task()))) {
        Sums of = sums.computeIfAbsent(family, f -> new Sums());
        double miss = outlook.probability() - (point.right() ? 1 : 0);
        of.tasks.add(point.task());
        of.weight += point.weight();
        of.right += point.right() ? point.weight() : 0;
        of.squares += point.weight() * miss * miss;
        of.withGain += Double.isNaN(gain) ? 0 : point.weight();
        of.belowMedian += gain <= outlook.gainMedian() ? point.weight() : 0;
        of.belowHigh += gain <= outlook.gainHigh() ? point.weight() : 0;
      }
    }

    List<Row> rows(String kind, double price) {
      List<Row> rows = new ArrayList<>();
      sums.forEach(
          (family, of) -> {
            double right = of.right / of.weight;
            rows.add(
                new Row(
                    kind, price, family, of.tasks.size(), right, of.squares / of.weight, right * (1 - right),
                    of.belowMedian / of.withGain, of.belowHigh / of.withGain));
          });
      return rows;
    }
  }
}
