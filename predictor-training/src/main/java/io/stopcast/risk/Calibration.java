package io.stopcast.risk;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Certifies for a model from which score on it may stop and keep within a limit on the regret, price by price: {@link Evidence} by
 * {@link FixedSequence}, on units that training has not seen.
 *
 * <p>Certified at a price is the boldest threshold for which it and all more cautious ones are; never one below that which is best
 * for the price without any limit. Where not even the most cautious one is, the answer is never to stop.
 */
public final class Calibration {
  /** So many runs tell well enough how many are stopped early. */
  private static final int ENOUGH_TO_LOOK_AT = 1_000;

  private Calibration() {}

  /**
   * What came of one kind of unit, with what the thresholds do on the very units on which they were certified.
   *
   * @param rows one a price, ascending
   */
  public record Certified(Promise promise, List<Row> rows) {
    public Certified {
      rows = List.copyOf(rows);
    }
  }

  /**
   * One price, without the limit and within it.
   *
   * @param threshold the one that is best for the price; {@code certified} the one within the limit, infinite for never
   * @param risk what the limit limits, the share of units that lose too much or the mean regret, on the units at hand
   * @param saved mean share of a run's cost
   * @param early of the runs that are stopped early, where the limit is kept over them too
   * @param missing how many units without any regret are missing; 0 if something was certified
   */
  public record Row(
      double price,
      double threshold,
      double certified,
      double risk,
      double riskWithin,
      double saved,
      double savedWithin,
      Optional<EarlyRow> early,
      int missing) {}

  /**
   * The early stops at a price, without the limit and within it.
   *
   * @param share of the runs that are stopped early
   * @param risk what the limit limits, over these; NaN if there are none
   */
  public record EarlyRow(double share, double shareWithin, double risk, double riskWithin) {}

  /** How many units a limit needs at the least: so many are enough if none of them has any regret. */
  public static int needed(RegretLimit limit, double confidence) {
    return Evidence.missing(limit, new double[0], 1 - confidence);
  }

  /**
   * Certifies for one kind of unit.
   *
   * <p>A limit that is also kept over early stops needs some to look at, of which the most cautious thresholds have none. Its sequence begins
   * where, going by the runs that training has seen, there will be enough; a look at the units themselves would favour thresholds at which
   * they happen to be lucky. If there are too few all the same nothing is certified.
   *
   * @param model trained on the training part of the split
   * @param split has units of that kind; those whose runs the promise is not about do not count
   * @param seed decides which run stands for a unit
   */
  public static Certified certify(
      ModelFile model,
      Promise.Unit kind,
      CalibrationSplit split,
      double[] prices,
      RegretLimit limit,
      double confidence,
      long seed) {
    Random random = new Random(seed);
    List<CalibrationUnit> units = meant(LearnedPolicy.of(model, prices[0]), kind, split.units().get(kind), random);
    List<List<ScoredRun>> trained = limit.early().isEmpty() ? List.of() : CalibrationSplit.unitsOf(kind, split.training());
    NavigableMap<Double, Promise.Certificate> byPrice = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    for (double price : prices) {
      LearnedPolicy policy = LearnedPolicy.of(model, price);
      double[] thresholds = Thresholds.downTo(kind == Promise.Unit.RUN ? policy.threshold() : policy.thresholdAlone());
      int first = 0;
      if (limit.early().isPresent()) {
        first = firstWithEarly(seen(policy, kind, trained, thresholds, seed), thresholds.length, units.size(), limit, confidence);
      }
      Row row = row(price, thresholds, first, UnitStops.of(policy, thresholds, units), limit, confidence);
      byPrice.put(price, new Promise.Certificate(row.certified, row.missing));
      rows.add(row);
    }
    return new Certified(new Promise(kind, limit, confidence, units.size(), byPrice), rows);
  }

  private static List<CalibrationUnit> meant(LearnedPolicy policy, Promise.Unit kind, List<List<ScoredRun>> units, Random random) {
    return units.stream()
        .flatMap(runs -> CalibrationUnit.of(kind, runs, run -> policy.unitOf(run.run().context()) == kind, random).stream())
        .toList();
  }

  /**
   * What the thresholds do on runs that the policy has learned from, one a unit, of so many units as tell enough. Such runs are of tasks with a
   * history, so that for new tasks it is taken away.
   */
  static UnitStops seen(LearnedPolicy policy, Promise.Unit kind, List<List<ScoredRun>> trained, double[] thresholds, long seed) {
    LearnedPolicy asked = kind == Promise.Unit.RUN ? policy : policy.with(Priors.NONE);
    Random random = new Random(seed);
    List<CalibrationUnit> units =
        new ArrayList<>(meant(asked, kind, trained, random).stream().map(CalibrationUnit::alone).toList());
    Collections.shuffle(units, random);
    return UnitStops.of(asked, thresholds, units.subList(0, Math.min(ENOUGH_TO_LOOK_AT, units.size())));
  }

  /**
   * The most cautious setting at which so many units can be expected to have twice the early stops that a clean limit needs; the boldest one if
   * there is none.
   *
   * @param seen units like those, but not among them
   */
  static int firstWithEarly(UnitStops seen, int settings, int units, RegretLimit limit, double confidence) {
    double enough = 2.0 * needed(limit, confidence);
    int first = 0;
    while (first < settings - 1 && !(units * seen.early(limit, first).share() >= enough)) {
      first++;
    }
    return first;
  }

  private static Row row(
      double price, double[] thresholds, int first, UnitStops stops, RegretLimit limit, double confidence) {
    int certified = stops.certified(first, thresholds.length, limit, confidence);
    int last = thresholds.length - 1;
    boolean never = certified == 0;
    Optional<EarlyRow> early = Optional.empty();
    if (limit.early().isPresent()) {
      UnitStops.Early without = stops.early(limit, last);
      UnitStops.Early within = never ? new UnitStops.Early(0, Double.NaN) : stops.early(limit, certified - 1);
      early = Optional.of(new EarlyRow(without.share(), within.share(), without.risk(), within.risk()));
    }
    return new Row(
        price,
        thresholds[last],
        never ? Double.POSITIVE_INFINITY : thresholds[certified - 1],
        stops.risk(limit, last),
        never ? 0 : stops.risk(limit, certified - 1),
        stops.saved(last),
        never ? 0 : stops.saved(certified - 1),
        early,
        never ? stops.missing(limit, first, confidence) : 0);
  }
}
