package io.stopcast.risk;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Certifies for a model from which score on it may stop and keep within a limit on the regret, price by price: {@link Evidence} by
 * {@link FixedSequence}, on units that training has not seen.
 *
 * <p>Certified at a price is the boldest threshold for which it and all more cautious ones are; never one below that which is best
 * for the price without any limit. Where not even the most cautious one is, the answer is never to stop.
 */
public final class Calibration {
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
      int missing) {}

  /** How many units a limit needs at the least: so many are enough if none of them has any regret. */
  public static int needed(RegretLimit limit, double confidence) {
    return Evidence.missing(limit, new double[0], 1 - confidence);
  }

  /**
   * Certifies for one kind of unit.
   *
   * @param model trained without any of the units
   * @param units the runs of each; those that the promise is not about do not count
   * @param seed decides which run stands for a unit
   */
  public static Certified certify(
      ModelFile model,
      Promise.Unit kind,
      List<List<ScoredRun>> units,
      double[] prices,
      RegretLimit limit,
      double confidence,
      long seed) {
    LearnedPolicy anyPrice = LearnedPolicy.of(model, prices[0]);
    Random random = new Random(seed);
    List<CalibrationUnit> meant = new ArrayList<>();
    for (List<ScoredRun> runs : units) {
      CalibrationUnit.of(kind, runs, run -> anyPrice.unitOf(run.run().context()) == kind, random).ifPresent(meant::add);
    }
    NavigableMap<Double, Promise.Certificate> byPrice = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    for (double price : prices) {
      LearnedPolicy policy = LearnedPolicy.of(model, price);
      double boldest = kind == Promise.Unit.RUN ? policy.threshold() : policy.thresholdAlone();
      Row row = row(price, Thresholds.downTo(boldest), meant, tables(policy, boldest, meant), limit, confidence);
      byPrice.put(price, new Promise.Certificate(row.certified, row.missing));
      rows.add(row);
    }
    return new Certified(new Promise(kind, limit, confidence, meant.size(), byPrice), rows);
  }

  private static Map<ScoredRun, StopTable> tables(LearnedPolicy policy, double boldest, List<CalibrationUnit> units) {
    double[] thresholds = Thresholds.downTo(boldest);
    List<ScoredRun> runs = units.stream().flatMap(unit -> unit.runs().stream()).toList();
    StopTable[] tables = new StopTable[runs.size()];
    IntStream.range(0, tables.length)
        .parallel()
        .forEach(
            r -> {
              ScoredRun run = runs.get(r);
              tables[r] = StopTable.of(run, Trace.of(policy, run.run(), run.length()), thresholds);
            });
    Map<ScoredRun, StopTable> byRun = new HashMap<>();
    for (int r = 0; r < tables.length; r++) {
      byRun.put(runs.get(r), tables[r]);
    }
    return byRun;
  }

  private static Row row(
      double price,
      double[] thresholds,
      List<CalibrationUnit> units,
      Map<ScoredRun, StopTable> tables,
      RegretLimit limit,
      double confidence) {
    int certified = certified(units, tables, thresholds.length, limit, confidence);
    int last = thresholds.length - 1;
    return new Row(
        price,
        thresholds[last],
        certified == 0 ? Double.POSITIVE_INFINITY : thresholds[certified - 1],
        risk(units, tables, limit, last),
        certified == 0 ? 0 : risk(units, tables, limit, certified - 1),
        saved(units, tables, last),
        certified == 0 ? 0 : saved(units, tables, certified - 1),
        certified > 0 ? 0 : Evidence.missing(limit, shown(units, tables, limit, 0), 1 - confidence));
  }

  /** How many settings from the most cautious one on are certified. */
  static int certified(
      List<CalibrationUnit> units, Map<ScoredRun, StopTable> tables, int settings, RegretLimit limit, double confidence) {
    return FixedSequence.rejected(
        settings, setting -> Evidence.against(limit, shown(units, tables, limit, setting)), 1 - confidence);
  }

  private static double[] shown(
      List<CalibrationUnit> units, Map<ScoredRun, StopTable> tables, RegretLimit limit, int setting) {
    return units.stream().mapToDouble(unit -> unit.shown(limit, run -> tables.get(run).regret()[setting])).toArray();
  }

  /** What the limit limits, over all runs of the units. */
  static double risk(List<CalibrationUnit> units, Map<ScoredRun, StopTable> tables, RegretLimit limit, int setting) {
    Optional<RegretLimit.Exceeding> exceeding =
        limit instanceof RegretLimit.Exceeding e ? Optional.of(e) : Optional.empty();
    return units.stream()
        .mapToDouble(
            unit ->
                unit.mean(
                    run -> {
                      double regret = tables.get(run).regret()[setting];
                      return exceeding.isEmpty() ? regret : regret > exceeding.get().regret() ? 1 : 0;
                    }))
        .average()
        .orElse(Double.NaN);
  }

  /** The mean share of a run's cost that is saved, over all runs of the units. */
  static double saved(List<CalibrationUnit> units, Map<ScoredRun, StopTable> tables, int setting) {
    return units.stream()
        .mapToDouble(unit -> unit.mean(run -> tables.get(run).saved()[setting]))
        .average()
        .orElse(Double.NaN);
  }
}
