package io.stopcast.risk;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

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
   * @param families what it comes to in each family of runs, that of most units first
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
      List<FamilyRow> families,
      int missing) {
    public Row {
      families = List.copyOf(families);
    }
  }

  /**
   * One family at a price, on its own runs among the units.
   *
   * @param units how many units have runs of it
   * @param risk what the limit limits, by the threshold that is certified in general; that it is kept on average does not say that it is kept here
   * @param own what was certified for it by itself; empty if nothing was to be, or if its units would not be enough if none had any regret
   */
  public record FamilyRow(String family, int units, double risk, double saved, Optional<Own> own) {}

  /**
   * The certificate of a family.
   *
   * @param certified infinite for never
   * @param missing how many units without any regret are missing; 0 if something was certified
   */
  public record Own(double certified, double risk, double saved, int missing) {}

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
   * Certifies for one kind of unit, and for each family of runs that has enough of them.
   *
   * <p>A limit that is also kept over early stops needs some to look at, of which the most cautious thresholds have none. Its sequence begins
   * where, going by the runs that training has seen, there will be enough; a look at the units themselves would favour thresholds at which
   * they happen to be lucky. If there are too few all the same nothing is certified.
   *
   * <p>A family is certified by its own units, if these would be enough were they all without regret; that is told by their number alone, so that the
   * units stay independent draws from what the family is like. Of a unit that has runs of several families, each takes its own.
   *
   * @param model trained on the training part of the split
   * @param split has units of that kind; those whose runs the promise is not about do not count
   * @param recipe what is to be kept, how surely, and whether by family; its seed decides which run stands for a unit
   */
  static Certified certify(ModelFile model, Promise.Unit kind, CalibrationSplit split, double[] prices, PromiseRecipe recipe) {
    RegretLimit limit = recipe.limit();
    LearnedPolicy anyPrice = LearnedPolicy.of(model, prices[0]);
    List<List<ScoredRun>> held = split.units().get(kind);
    List<CalibrationUnit> units = meant(anyPrice, kind, held, run -> true, new Random(recipe.seed()));
    Map<String, List<CalibrationUnit>> families = families(anyPrice, kind, held, recipe.seed());
    List<List<ScoredRun>> trained = limit.early().isEmpty() ? List.of() : CalibrationSplit.unitsOf(kind, split.training());
    NavigableMap<Double, Promise.Certificate> byPrice = new TreeMap<>();
    NavigableMap<String, NavigableMap<Double, Promise.Certificate>> ofFamilies = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    for (double price : prices) {
      LearnedPolicy policy = LearnedPolicy.of(model, price);
      double[] thresholds = Thresholds.downTo(kind == Promise.Unit.RUN ? policy.threshold() : policy.thresholdAlone());
      Optional<UnitStops> seen =
          limit.early().isEmpty() ? Optional.empty() : Optional.of(seen(policy, kind, trained, thresholds, recipe.seed()));
      UnitStops stops = UnitStops.of(policy, thresholds, units);
      int certified = certified(stops, seen, thresholds.length, recipe);
      int missing = certified > 0 ? 0 : missing(stops, seen, thresholds.length, recipe);
      byPrice.put(price, new Promise.Certificate(threshold(thresholds, certified), missing));
      List<FamilyRow> ofFamily = new ArrayList<>();
      for (Map.Entry<String, List<CalibrationUnit>> family : families.entrySet()) {
        String name = family.getKey();
        UnitStops own = stops.with(family.getValue());
        boolean hasRoom = ofFamilies.containsKey(name) || ofFamilies.size() < Promise.MOST_FAMILIES;
        boolean isOwn = recipe.byFamily() && hasRoom && hasEnough(name, family.getValue().size(), recipe);
        Optional<Own> certificate =
            isOwn ? Optional.of(own(own, seen.map(some -> some.of(name)), thresholds, recipe)) : Optional.empty();
        certificate.ifPresent(
            of ->
                ofFamilies.computeIfAbsent(name, n -> new TreeMap<>()).put(price, new Promise.Certificate(of.certified, of.missing)));
        ofFamily.add(
            new FamilyRow(
                name,
                family.getValue().size(),
                riskWithin(own, limit, certified),
                savedWithin(own, certified),
                certificate));
      }
      rows.add(row(price, thresholds, certified, missing, stops, limit, ofFamily));
    }
    NavigableMap<String, Promise.OfFamily> own = new TreeMap<>();
    ofFamilies.forEach((name, certificates) -> own.put(name, new Promise.OfFamily(families.get(name).size(), certificates)));
    return new Certified(new Promise(kind, limit, recipe.confidence(), units.size(), byPrice, own), rows);
  }

  private static boolean hasEnough(String family, int units, PromiseRecipe recipe) {
    return Promise.isNameable(family) && units >= needed(recipe.limit(), recipe.confidence());
  }

  /** The families of the runs, that of most units first, with the part of each unit that is theirs. */
  private static Map<String, List<CalibrationUnit>> families(
      LearnedPolicy policy, Promise.Unit kind, List<List<ScoredRun>> units, long seed) {
    Map<String, List<CalibrationUnit>> byName = new TreeMap<>();
    units.stream()
        .flatMap(List::stream)
        .map(run -> run.run().context().family())
        .distinct()
        .forEach(
            family ->
                byName.put(family, meant(policy, kind, units, run -> run.run().context().family().equals(family), new Random(seed))));
    Map<String, List<CalibrationUnit>> mostFirst = new LinkedHashMap<>();
    byName.entrySet().stream()
        .filter(family -> !family.getValue().isEmpty())
        .sorted(Comparator.comparing(family -> -family.getValue().size()))
        .forEach(family -> mostFirst.put(family.getKey(), family.getValue()));
    return mostFirst;
  }

  private static List<CalibrationUnit> meant(
      LearnedPolicy policy, Promise.Unit kind, List<List<ScoredRun>> units, Predicate<ScoredRun> which, Random random) {
    return units.stream()
        .flatMap(
            runs ->
                CalibrationUnit.of(kind, runs, run -> which.test(run) && policy.unitOf(run.run().context()) == kind, random).stream())
        .toList();
  }

  private static Own own(UnitStops stops, Optional<UnitStops> seen, double[] thresholds, PromiseRecipe recipe) {
    int certified = certified(stops, seen, thresholds.length, recipe);
    return new Own(
        threshold(thresholds, certified),
        riskWithin(stops, recipe.limit(), certified),
        savedWithin(stops, certified),
        certified > 0 ? 0 : missing(stops, seen, thresholds.length, recipe));
  }

  /** The boldest setting that is certified, from 1 on; 0 for none. */
  private static int certified(UnitStops stops, Optional<UnitStops> seen, int settings, PromiseRecipe recipe) {
    return stops.certified(first(stops, seen, settings, recipe), settings, recipe.limit(), recipe.confidence());
  }

  private static int missing(UnitStops stops, Optional<UnitStops> seen, int settings, PromiseRecipe recipe) {
    return stops.missing(recipe.limit(), first(stops, seen, settings, recipe), recipe.confidence());
  }

  private static int first(UnitStops stops, Optional<UnitStops> seen, int settings, PromiseRecipe recipe) {
    return seen.map(some -> firstWithEarly(some, settings, stops.units().size(), recipe.limit(), recipe.confidence())).orElse(0);
  }

  private static double threshold(double[] thresholds, int certified) {
    return certified == 0 ? Double.POSITIVE_INFINITY : thresholds[certified - 1];
  }

  /** What the limit limits where stops are as certified; 0 for never. */
  private static double riskWithin(UnitStops stops, RegretLimit limit, int certified) {
    return certified == 0 ? 0 : stops.risk(limit, certified - 1);
  }

  private static double savedWithin(UnitStops stops, int certified) {
    return certified == 0 ? 0 : stops.saved(certified - 1);
  }

  /**
   * What the thresholds do on runs that the policy has learned from, one a unit, of so many units as tell enough. Such runs are of tasks with a
   * history, so that for new tasks it is taken away.
   */
  static UnitStops seen(LearnedPolicy policy, Promise.Unit kind, List<List<ScoredRun>> trained, double[] thresholds, long seed) {
    LearnedPolicy asked = kind == Promise.Unit.RUN ? policy : policy.with(Priors.NONE);
    Random random = new Random(seed);
    List<CalibrationUnit> units =
        new ArrayList<>(meant(asked, kind, trained, run -> true, random).stream().map(CalibrationUnit::alone).toList());
    Collections.shuffle(units, random);
    return UnitStops.of(asked, thresholds, units.subList(0, Math.min(ENOUGH_TO_LOOK_AT, units.size())));
  }

  /**
   * The most cautious setting at which so many units can be expected to have {@link Evidence#enough} early stops; the boldest one if there is none.
   *
   * @param seen units like those, but not among them
   */
  static int firstWithEarly(UnitStops seen, int settings, int units, RegretLimit limit, double confidence) {
    double enough = Evidence.enough(limit, 1 - confidence);
    int first = 0;
    while (first < settings - 1 && !(units * seen.early(limit, first).share() >= enough)) {
      first++;
    }
    return first;
  }

  private static Row row(
      double price, double[] thresholds, int certified, int missing, UnitStops stops, RegretLimit limit, List<FamilyRow> families) {
    int last = thresholds.length - 1;
    Optional<EarlyRow> early = Optional.empty();
    if (limit.early().isPresent()) {
      UnitStops.Early without = stops.early(limit, last);
      UnitStops.Early within = certified == 0 ? new UnitStops.Early(0, Double.NaN) : stops.early(limit, certified - 1);
      early = Optional.of(new EarlyRow(without.share(), within.share(), without.risk(), within.risk()));
    }
    return new Row(
        price,
        thresholds[last],
        threshold(thresholds, certified),
        stops.risk(limit, last),
        riskWithin(stops, limit, certified),
        stops.saved(last),
        savedWithin(stops, certified),
        early,
        families,
        missing);
  }
}
