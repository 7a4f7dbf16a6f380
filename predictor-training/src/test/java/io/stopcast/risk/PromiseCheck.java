package io.stopcast.risk;

import io.stopcast.history.TaskId;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.MinDelta;
import io.stopcast.policy.PatienceShare;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.CheckedHistory;
import io.stopcast.replay.Configurations;
import io.stopcast.replay.Fold;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.replay.Trace;
import io.stopcast.run.Run;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Whether promises hold on recorded runs: models are trained once, on each half of the history for the other one; then
 * its units are divided at random, many times, into some on which a limit is certified and others, and it is counted how often the
 * limit is broken on all units together, which are what the promise is about. {@code checks/promise} runs {@link #main}.
 *
 * <p>Calibrated patience goes the same way: patience as a share of the plan, from the whole plan to a fiftieth, with each of three
 * min-deltas.
 */
final class PromiseCheck {
  private static final double CONFIDENCE = .9;
  private static final int FOLDS = 2;
  private static final int FEW = 15;
  private static final double BOLDEST = 1e-9;
  private static final int TELLING_UNITS = 5;
  private static final int LIMITS_BY_FAMILY = 4;
  private static final double[] PRICES = {.03, .1, .3};
  private static final List<RegretLimit> LIMITS =
      List.of(
          new RegretLimit.Exceeding(.02, .1),
          new RegretLimit.Exceeding(.05, .05),
          new RegretLimit.Mean(.01),
          new RegretLimit.Mean(.05),
          new RegretLimit.AlsoEarly(new RegretLimit.Exceeding(.02, .1), .5),
          new RegretLimit.AlsoEarly(new RegretLimit.Exceeding(.05, .05), .5),
          new RegretLimit.AlsoEarly(new RegretLimit.Mean(.05), .5));
  private static final double[] MIN_DELTAS = {0, .01, .03};
  private static final double[] SHARES =
      IntStream.rangeClosed(1, 50).mapToDouble(i -> (51 - i) / 50.0).toArray();

  /**
   * Settings of a policy from cautious to bold, and what each held-out run loses and saves at them.
   *
   * @param seen what tells, before any units are drawn, how many are stopped early
   */
  record Policy(String name, int settings, Map<ScoredRun, StopTable> tables, UnitStops seen) {}

  /**
   * How a policy fares over all draws.
   *
   * @param brokenByAverage of a limit on early stops, how often it is broken among them by who keeps it over all runs alone
   */
  record Fate(
      int calibration, int broken, int brokenOnTheRest, int never, int brokenByAverage, double saved, double savedWithout, double riskWithout) {}

  /**
   * How a family fares over all draws.
   *
   * @param units all of it; {@code drawn} of them in the mean
   * @param broken of the threshold that is certified for all
   * @param own in how many draws it had enough units for a certificate of its own; the rest is of these alone
   */
  record FamilyFate(int units, double drawn, double broken, double saved, int own, double ownNever, double ownBroken, double ownSaved) {}

  /** How all fare where families have certificates of their own, and each of them. */
  record ByFamily(int broken, double saved, Map<String, FamilyFate> families) {}

  private PromiseCheck() {}

  public static void main(String[] args) throws Exception {
    Optional<List<Run>> history = CheckedHistory.at(args[0]);
    if (history.isEmpty()) {
      return;
    }
    int draws = Integer.parseInt(args[1]);
    List<ScoredRun> runs = ScoredRun.of(history.get());
    System.out.printf("%,d runs, confidence %s, %d draws%n%n", runs.size(), CONFIDENCE, draws);
    System.out.println("| unit | limit | price | policy | units: to certify, all | broken | broken on the rest | never | saved | without | kept over all alone: broken |");
    System.out.println("|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|");
    boolean holds = true;
    for (Promise.Unit kind : Promise.Unit.values()) {
      holds &= print(kind, runs, fitted(kind, runs), draws);
    }
    System.out.printf("%nbroken in at most %d of %d draws: %s%n", allowed(draws), draws, holds ? "yes, everywhere" : "NO");
    System.exit(holds ? 0 : 1);
  }

  /** Prints a row for each limit and policy, and returns whether promises hold. */
  static boolean print(Promise.Unit kind, List<ScoredRun> runs, Fitted fitted, int draws) {
    boolean holds = true;
    List<List<ScoredRun>> units = units(kind, runs, fitted.held.keySet());
    List<Policy> policies = policies(kind, units, fitted);
    for (RegretLimit limit : LIMITS) {
      for (Policy policy : policies) {
        Fate fate = fate(kind, units, policy, limit, draws, 1);
        boolean isBroken = fate.broken > allowed(draws);
        holds &= !isBroken;
        System.out.printf(
            "| %s | %s | %s | %d, %d | %.3f%s | %.3f | %.3f | %.1f %% | %.1f %% (%.3f) | %s |%n",
            kind.word(), limit, policy.name, fate.calibration, units.size(), (double) fate.broken / draws, isBroken ? " !" : "",
            (double) fate.brokenOnTheRest / draws, (double) fate.never / draws, 100 * fate.saved, 100 * fate.savedWithout,
            fate.riskWithout, limit.early().isEmpty() ? "" : "%.3f".formatted((double) fate.brokenByAverage / draws));
      }
    }
    return holds & printByFamily(kind, units, policies, draws);
  }

  /** The learned policy by family; returns whether the families' own promises hold, which each is to do by itself. */
  private static boolean printByFamily(Promise.Unit kind, List<List<ScoredRun>> units, List<Policy> policies, int draws) {
    boolean holds = true;
    System.out.println("\n| unit | limit | price | family | units: to certify, all | broken, by the threshold for all | saved | by its own: broken | never | saved |");
    System.out.println("|---|---|--:|---|--:|--:|--:|--:|--:|--:|");
    for (RegretLimit limit : LIMITS.subList(0, LIMITS_BY_FAMILY)) {
      for (Policy policy : policies.subList(0, PRICES.length)) {
        ByFamily fate = byFamily(kind, units, policy, limit, draws, 1);
        System.out.printf("| %s | %s | %s | all, by family | | %.3f | %.1f %% | | | |%n", kind.word(), limit, policy.name.split(" ")[0],
            (double) fate.broken / draws, 100 * fate.saved);
        for (Map.Entry<String, FamilyFate> family : fate.families.entrySet()) {
          FamilyFate of = family.getValue();
          boolean isBroken = of.ownBroken * of.own > allowed(of.own);
          holds &= !isBroken;
          System.out.printf("| | | | %s | %.0f, %d | %.3f | %.1f %% | %s |%n", family.getKey(), of.drawn, of.units, of.broken, 100 * of.saved,
              of.own < draws / 2 ? "too few units | | " : "%.3f%s | %.3f | %.1f %%".formatted(of.ownBroken, isBroken ? " !" : "", of.ownNever, 100 * of.ownSaved));
        }
      }
    }
    return holds;
  }

  /** Draws as {@link #fate}, and certifies for families with enough units by themselves. */
  static ByFamily byFamily(Promise.Unit kind, List<List<ScoredRun>> units, Policy policy, RegretLimit limit, int draws, long seed) {
    Random random = new Random(seed);
    Map<String, UnitStops> whole = families(kind, units, policy, random);
    int n = units.size();
    int needed = Calibration.needed(limit, CONFIDENCE);
    int calibration = Math.min(n / 2, Math.max(n / 4, 2 * needed));
    UnitStops all = new UnitStops(drawn(kind, units, random), policy.tables);
    Map<String, double[]> sums = new TreeMap<>();
    double weights = whole.values().stream().mapToDouble(family -> family.units().size()).sum();
    int broken = 0;
    double savedInAll = 0;
    for (int draw = 0; draw < draws; draw++) {
      List<List<ScoredRun>> shuffled = new ArrayList<>(units);
      Collections.shuffle(shuffled, random);
      List<List<ScoredRun>> some = shuffled.subList(0, calibration);
      int general = all.with(drawn(kind, some, random)).certified(0, policy.settings, limit, CONFIDENCE);
      Map<String, UnitStops> families = families(kind, some, policy, random);
      double risk = 0;
      double saved = 0;
      for (Map.Entry<String, UnitStops> family : whole.entrySet()) {
        double[] of = sums.computeIfAbsent(family.getKey(), name -> new double[7]);
        UnitStops own = families.getOrDefault(family.getKey(), all.with(List.of()));
        boolean isOwn = own.units().size() >= needed;
        int certified = isOwn ? own.certified(0, policy.settings, limit, CONFIDENCE) : general;
        double share = family.getValue().units().size() / weights;
        of[0] += own.units().size();
        of[1] += general > 0 && breaks(family.getValue(), limit, general - 1) ? 1 : 0;
        of[2] += general > 0 ? family.getValue().saved(general - 1) : 0;
        of[3] += isOwn ? 1 : 0;
        of[4] += isOwn && certified == 0 ? 1 : 0;
        of[5] += isOwn && certified > 0 && breaks(family.getValue(), limit, certified - 1) ? 1 : 0;
        of[6] += isOwn && certified > 0 ? family.getValue().saved(certified - 1) : 0;
        risk += certified > 0 ? share * family.getValue().risk(limit, certified - 1) : 0;
        saved += certified > 0 ? share * family.getValue().saved(certified - 1) : 0;
      }
      broken += risk > limit.most() ? 1 : 0;
      savedInAll += saved;
    }
    Map<String, FamilyFate> fates = new LinkedHashMap<>();
    whole.entrySet().stream()
        .sorted(Comparator.comparing(family -> -family.getValue().units().size()))
        .filter(family -> family.getValue().units().size() >= TELLING_UNITS)
        .forEach(
            family -> {
              double[] of = sums.get(family.getKey());
              double own = Math.max(1, of[3]);
              fates.put(
                  family.getKey(),
                  new FamilyFate(
                      family.getValue().units().size(), of[0] / draws, of[1] / draws, of[2] / draws, (int) of[3], of[4] / own, of[5] / own, of[6] / own));
            });
    return new ByFamily(broken, savedInAll / draws, fates);
  }

  private static Map<String, UnitStops> families(Promise.Unit kind, List<List<ScoredRun>> units, Policy policy, Random random) {
    Map<String, List<CalibrationUnit>> families = new TreeMap<>();
    for (List<ScoredRun> runs : units) {
      runs.stream().map(run -> run.run().context().family()).distinct().sorted()
          .forEach(
              family ->
                  CalibrationUnit.of(kind, runs, run -> run.run().context().family().equals(family), random)
                      .ifPresent(unit -> families.computeIfAbsent(family, name -> new ArrayList<>()).add(unit)));
    }
    Map<String, UnitStops> stops = new TreeMap<>();
    families.forEach((family, of) -> stops.put(family, new UnitStops(of, policy.tables)));
    return stops;
  }

  /** So many broken promises are within what chance makes of 1 - confidence: two standard deviations more. */
  static int allowed(int draws) {
    double p = 1 - CONFIDENCE;
    return (int) Math.floor(draws * p + 2 * Math.sqrt(draws * p * (1 - p)));
  }

  /** Draws units many times, certifies on these, and looks at all. */
  static Fate fate(
      Promise.Unit kind, List<List<ScoredRun>> units, Policy policy, RegretLimit limit, int draws, long seed) {
    Random random = new Random(seed);
    List<CalibrationUnit> all = drawn(kind, units, random);
    int n = all.size();
    int calibration = Math.min(n / 2, Math.max(n / 4, 2 * Calibration.needed(limit, CONFIDENCE)));
    UnitStops stops = new UnitStops(all, policy.tables);
    int first = limit.early().isEmpty() ? 0 : Calibration.firstWithEarly(policy.seen, policy.settings, calibration, limit, CONFIDENCE);
    double[] saved = new double[policy.settings];
    boolean[] breaks = new boolean[policy.settings];
    boolean[] breaksEarly = new boolean[policy.settings];
    for (int i = 0; i < policy.settings; i++) {
      saved[i] = stops.saved(i);
      breaks[i] = breaks(stops, limit, i);
      breaksEarly[i] = limit.early().isPresent() && stops.early(limit, i).risk() > limit.most();
    }
    int broken = 0;
    int brokenOnTheRest = 0;
    int never = 0;
    int brokenByAverage = 0;
    double sum = 0;
    for (int draw = 0; draw < draws; draw++) {
      List<CalibrationUnit> shuffled = drawn(kind, units, random);
      Collections.shuffle(shuffled, random);
      List<CalibrationUnit> some = shuffled.subList(0, calibration);
      int certified = stops.with(some).certified(first, policy.settings, limit, CONFIDENCE);
      int onAverage = limit.early().isEmpty() ? 0 : stops.with(some).certified(0, policy.settings, limit.overall(), CONFIDENCE);
      brokenByAverage += onAverage > 0 && breaksEarly[onAverage - 1] ? 1 : 0;
      never += certified == 0 ? 1 : 0;
      if (certified > 0) {
        sum += saved[certified - 1];
        broken += breaks[certified - 1] ? 1 : 0;
        brokenOnTheRest += breaks(stops.with(shuffled.subList(calibration, n)), limit, certified - 1) ? 1 : 0;
      }
    }
    int last = policy.settings - 1;
    double riskWithout = limit.early().isEmpty() ? stops.risk(limit, last) : stops.early(limit, last).risk();
    return new Fate(calibration, broken, brokenOnTheRest, never, brokenByAverage, sum / draws, saved[last], riskWithout);
  }

  /** Whether a setting breaks the limit on these units, over all of their runs or over the early stops among them. */
  private static boolean breaks(UnitStops stops, RegretLimit limit, int setting) {
    return stops.risk(limit, setting) > limit.most() || limit.early().isPresent() && stops.early(limit, setting).risk() > limit.most();
  }

  private static List<CalibrationUnit> drawn(Promise.Unit kind, List<List<ScoredRun>> units, Random random) {
    List<CalibrationUnit> drawn = new ArrayList<>();
    units.forEach(runs -> CalibrationUnit.of(kind, runs, run -> true, random).ifPresent(drawn::add));
    return drawn;
  }

  /** The held-out runs that were judged, by unit. */
  private static List<List<ScoredRun>> units(Promise.Unit kind, List<ScoredRun> runs, Set<ScoredRun> judged) {
    Configurations configurations = Configurations.bySettings(runs);
    Function<ScoredRun, String> unitOf = kind == Promise.Unit.RUN ? configurations::of : Split::dataOf;
    Map<String, List<ScoredRun>> units = new TreeMap<>();
    runs.stream().filter(judged::contains).forEach(run -> units.computeIfAbsent(unitOf.apply(run), k -> new ArrayList<>()).add(run));
    return new ArrayList<>(units.values());
  }

  /** What a held-out run shows of the model that has not seen it: a trace and a threshold for each price. */
  record Held(Trace[] traces, double[] boldest) {}

  /**
   * What came of training on each half.
   *
   * @param seen by price, what the thresholds do on runs of the halves that were learned from
   */
  record Fitted(Map<ScoredRun, Held> held, List<UnitStops> seen) {}

  static Fitted fitted(Promise.Unit kind, List<ScoredRun> runs) {
    double[] grid = Thresholds.downTo(BOLDEST);
    List<UnitStops> seen = new ArrayList<>(Collections.nCopies(PRICES.length, new UnitStops(List.of(), Map.of())));
    LearnedRecipe recipe = new LearnedRecipe(Recipe.standard(runs.size()));
    Split split = kind == Promise.Unit.RUN ? Split.KNOWN_TASK : Split.UNSEEN_TASK;
    Map<ScoredRun, Held> held = new LinkedHashMap<>();
    List<ScoredRun> used = kind == Promise.Unit.RUN ? runs : few(runs);
    for (Fold fold : split.folds(used, FOLDS, Protocol.standard().seed()).folds()) {
      List<ScoredRun> training = Arrays.stream(fold.training()).mapToObj(used::get).toList();
      List<LearnedPolicy> policies =
          recipe.fit(training, PRICES).policies().stream().map(policy -> (LearnedPolicy) policy).toList();
      double[] boldest =
          policies.stream().mapToDouble(policy -> kind == Promise.Unit.RUN ? policy.threshold() : policy.thresholdAlone()).toArray();
      for (int p = 0; p < PRICES.length; p++) {
        UnitStops ofFold =
            Calibration.seen(policies.get(p), kind, CalibrationSplit.unitsOf(kind, training), downTo(grid, boldest[p]), Protocol.standard().seed());
        seen.set(p, together(seen.get(p), ofFold));
      }
      for (int r : fold.judged()) {
        ScoredRun run = used.get(r);
        if (policies.get(0).unitOf(run.run().context()) == kind) {
          Trace[] traces =
              policies.stream().map(policy -> Trace.of(policy, run.run(), run.length())).toArray(Trace[]::new);
          held.put(run, new Held(traces, boldest));
        }
      }
    }
    return new Fitted(held, seen);
  }

  /** Each fold has a model, and a boldest threshold, of its own: the sequence ends there. */
  private static double[] downTo(double[] grid, double boldest) {
    return DoubleStream.of(grid).map(threshold -> Math.max(threshold, boldest)).toArray();
  }

  private static UnitStops together(UnitStops one, UnitStops other) {
    List<CalibrationUnit> units = new ArrayList<>(one.units());
    units.addAll(other.units());
    Map<ScoredRun, StopTable> tables = new HashMap<>(one.tables());
    tables.putAll(other.tables());
    return new UnitStops(units, tables);
  }

  /** Some runs of each task: where a task is a unit, more of them tell little more, and training takes a quarter of the time. */
  private static List<ScoredRun> few(List<ScoredRun> runs) {
    List<ScoredRun> shuffled = new ArrayList<>(runs);
    Collections.shuffle(shuffled, new Random(Protocol.standard().seed()));
    Map<TaskId, Integer> taken = new HashMap<>();
    Set<ScoredRun> few = new HashSet<>();
    shuffled.stream().filter(run -> taken.merge(run.task(), 1, Integer::sum) <= FEW).forEach(few::add);
    return runs.stream().filter(few::contains).toList();
  }

  private static List<Policy> policies(Promise.Unit kind, List<List<ScoredRun>> units, Fitted fitted) {
    List<Policy> policies = new ArrayList<>();
    double[] grid = Thresholds.downTo(BOLDEST);
    for (int p = 0; p < PRICES.length; p++) {
      int price = p;
      Map<ScoredRun, StopTable> tables = new HashMap<>();
      fitted.held.forEach((run, of) -> tables.put(run, StopTable.of(run, of.traces[price], downTo(grid, of.boldest[price]))));
      policies.add(new Policy(PRICES[p] + " | learned", grid.length, tables, fitted.seen.get(p)));
    }
    for (double minDelta : MIN_DELTAS) {
      Map<ScoredRun, StopTable> tables = new HashMap<>();
      fitted.held.keySet()
          .forEach(
              run -> {
                int[] stops = new int[SHARES.length];
                Arrays.setAll(stops, i -> Replay.of(patience(SHARES[i], minDelta), run.run()).point());
                tables.put(run, StopTable.of(run, stops));
              });
      // Patience has seen nothing: how many it stops early is told by all runs, whoever is drawn.
      UnitStops seen = new UnitStops(drawn(kind, units, new Random(1)), tables);
      policies.add(new Policy("| patience as share, min-delta " + minDelta, SHARES.length, tables, seen));
    }
    return policies;
  }

  private static StopPolicy patience(double share, double minDelta) {
    return new PatienceShare(share, MinDelta.ofSpan(minDelta));
  }
}
