package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where each policy stopped each run, while it is being filled in. Several threads may do so, each for other runs.
 */
final class ScoreSheet {
  private final RuleReplays rules;
  private final List<ScoredRun> runs;
  private final double[] prices;
  private final List<String> families;
  private final List<String> policies;
  /** [policy][price][run]: the point at which it stopped. */
  private final int[][][] stops;
  private final List<String> further;
  /** [setting][run]: where the further policies' settings would have stopped; filled in by the fold that judges the run. */
  private final Map<SettingId, int[]> settings = new ConcurrentHashMap<>();
  /** [price][run][threshold]: where the learned policy would have stopped; null where it has no scores. */
  private final int[][][] reached;

  private record SettingId(String policy, String setting) {}

  /**
   * @param families the names of the tuned rules, each of which {@link #rule} fills in
   */
  ScoreSheet(RuleReplays rules, double[] prices, List<String> families) {
    this(rules, prices, families, List.of());
  }

  /**
   * @param families the names of the tuned rules, each of which {@link #rule} fills in
   * @param further the names of further policies, each of which {@link #stop} fills in
   */
  ScoreSheet(RuleReplays rules, double[] prices, List<String> families, List<String> further) {
    this.rules = rules;
    this.further = further;
    this.runs = rules.runs();
    this.prices = prices;
    this.families = families;
    this.policies = new ArrayList<>(List.of(Results.NEVER, Results.ORACLE));
    policies.addAll(families);
    policies.add(Results.TUNED_RULE);
    policies.add(Results.LEARNED);
    policies.addAll(further);
    this.stops = new int[policies.size()][prices.length][runs.size()];
    this.reached = new int[prices.length][runs.size()][];
    for (int p = 0; p < prices.length; p++) {
      for (int r = 0; r < runs.size(); r++) {
        stops[0][p][r] = runs.get(r).length() - 1;
        stops[1][p][r] = runs.get(r).hindsight().oracle(prices[p]);
      }
    }
  }

  double price(int price) {
    return prices[price];
  }

  /** Enters the point at which a policy stopped a run. */
  void stop(String policy, int price, int run, int point) {
    stops[policies.indexOf(policy)][price][run] = point;
  }

  /** Enters the point at which a setting of a further policy stopped a run. */
  void setting(String policy, String setting, int run, int point) {
    settings.computeIfAbsent(new SettingId(policy, setting), id -> new int[runs.size()])[run] = point;
  }

  /** Enters what adaptation among tuned rules and the learned policy makes of these runs, all of which were filled in. */
  void adapt(int[] judged) {
    List<String> candidates = new ArrayList<>(List.of(Results.LEARNED));
    candidates.addAll(families);
    candidates.add(Results.NEVER);
    int[] positions = candidates.stream().mapToInt(policies::indexOf).toArray();
    for (int p = 0; p < prices.length; p++) {
      int price = p;
      int[] points =
          Adapting.among(candidates, prices[p]).stops(runs, judged, (candidate, run) -> stops[positions[candidate]][price][run]);
      for (int i = 0; i < judged.length; i++) {
        stop(Adapting.NAME, p, judged[i], points[i]);
      }
    }
  }

  /** Enters a setting of a rule, counted over all families, for these runs. */
  void rule(String name, int price, int setting, int[] judged) {
    int[] into = stops[policies.indexOf(name)][price];
    for (int r : judged) {
      into[r] = rules.stop(setting, r);
    }
  }

  /** Enters the families' best settings, and the best of all, by the losses of all settings. */
  void tuned(List<String> names, int price, double[] losses, int[] judged) {
    int[] best = rules.best(losses);
    int bestOfAll = best[0];
    for (int f = 0; f < best.length; f++) {
      rule(names.get(f), price, best[f], judged);
      bestOfAll = losses[best[f]] < losses[bestOfAll] ? best[f] : bestOfAll;
    }
    rule(Results.TUNED_RULE, price, bestOfAll, judged);
  }

  /** Replays the learned policies, one a price, on these runs. */
  void learned(List<StopPolicy> learned, int[] judged) {
    for (int p = 0; p < prices.length; p++) {
      boolean scored = false; // a run that is never judged has no score either
      for (int r : judged) {
        ScoredRun run = runs.get(r);
        Trace trace = Trace.of(learned.get(p), rules.shown().show(run.run()), run.length());
        stop(Results.LEARNED, p, r, trace.point());
        reached[p][r] = trace.reached(TradeOff.THRESHOLDS);
        scored |= trace.hasScores();
      }
      if (!scored) {
        for (int r : judged) {
          reached[p][r] = null;
        }
      }
    }
  }

  /** What follows from it for these runs, all of which were filled in. */
  Results results(Split split, int[] judged, LeftOut leftOut) {
    return results(split, judged, leftOut, List.of());
  }

  /**
   * What follows from it for these runs, all of which were filled in.
   *
   * @param furtherRules replays of further families of rules, for their trade-off curves
   */
  Results results(Split split, int[] judged, LeftOut leftOut, List<RuleReplays> furtherRules) {
    int[][][] ofJudged = new int[policies.size()][prices.length][];
    for (int[][] ofPolicy : ofJudged) {
      Arrays.setAll(ofPolicy, p -> new int[judged.length]);
    }
    for (int i = 0; i < judged.length; i++) {
      for (int policy = 0; policy < stops.length; policy++) {
        for (int p = 0; p < prices.length; p++) {
          ofJudged[policy][p][i] = stops[policy][p][judged[i]];
        }
      }
    }
    return new Results(
        new Results.Scope(split, rules.shown(), leftOut),
        Fold.select(runs, judged),
        prices,
        policies,
        families,
        ofJudged,
        tradeOffs(judged),
        further,
        further.isEmpty() ? List.of() : rows(judged, furtherRules));
  }

  /** For each price all points of all trade-off curves. */
  private List<List<TradeOffRow>> rows(int[] judged, List<RuleReplays> furtherRules) {
    double[] weights = TaskWeights.of(runs, judged);
    List<TradeOffRow> anyPrice = new ArrayList<>();
    for (RuleReplays replays : Stream.concat(Stream.of(rules), furtherRules.stream()).toList()) {
      int setting = 0;
      for (Family family : replays.families()) {
        for (StopPolicy policy : family.settings()) {
          int s = setting++;
          anyPrice.add(row(family.name(), point(policy.toString(), judged, weights, r -> replays.stop(s, r))));
        }
      }
    }
    settings.entrySet().stream()
        .sorted(Comparator.comparing((Map.Entry<SettingId, int[]> e) -> e.getKey().policy).thenComparing(e -> e.getKey().setting))
        .forEach(e -> anyPrice.add(row(e.getKey().policy, point(e.getKey().setting, judged, weights, r -> e.getValue()[r]))));
    Set<String> withSettings = anyPrice.stream().map(TradeOffRow::policy).collect(Collectors.toSet());
    TradeOffs tradeOffs = tradeOffs(judged);
    List<List<TradeOffRow>> all = new ArrayList<>();
    for (int p = 0; p < prices.length; p++) {
      int price = p;
      List<TradeOffRow> rows = new ArrayList<>(anyPrice);
      tradeOffs.learned().get(p).points().forEach(point -> rows.add(row(Results.LEARNED, point)));
      for (int policy = 0; policy < stops.length; policy++) {
        int[] ofPolicy = stops[policy][price];
        if (!withSettings.contains(policies.get(policy))) {
          rows.add(row(policies.get(policy), point("as in the table", judged, weights, r -> ofPolicy[r])));
        }
      }
      all.add(List.copyOf(rows));
    }
    return all;
  }

  private static TradeOffRow row(String policy, TradeOff.Point point) {
    return new TradeOffRow(policy, point.setting(), point.regret(), 1 - point.saved());
  }

  private TradeOffs tradeOffs(int[] judged) {
    double[] weights = TaskWeights.of(runs, judged);
    List<TradeOff> learned = new ArrayList<>();
    int[][][] reachedByJudged = new int[prices.length][][];
    for (int p = 0; p < prices.length; p++) {
      int[][] ofRun = reached[p];
      boolean all = Arrays.stream(judged).allMatch(r -> ofRun[r] != null);
      List<TradeOff.Point> points = new ArrayList<>();
      for (int t = 0; all && t < TradeOff.THRESHOLDS.length; t++) {
        int threshold = t;
        String setting = String.format(Locale.ROOT, "threshold %.3f", TradeOff.THRESHOLDS[t]);
        points.add(point(setting, judged, weights, r -> ofRun[r][threshold]));
      }
      learned.add(new TradeOff(points));
      reachedByJudged[p] = all ? Arrays.stream(judged).mapToObj(r -> ofRun[r]).toArray(int[][]::new) : null;
    }
    List<TradeOff.Point> settings =
        IntStream.range(0, rules.settings())
            .mapToObj(setting -> point(rules.name(setting), judged, weights, r -> rules.stop(setting, r)))
            .toList();
    return new TradeOffs(learned, new TradeOff(settings), reachedByJudged);
  }

  private TradeOff.Point point(String setting, int[] judged, double[] weights, IntUnaryOperator stop) {
    double regret = 0;
    double share = 0;
    for (int i = 0; i < judged.length; i++) {
      int r = judged[i];
      int point = stop.applyAsInt(r);
      regret += weights[i] * runs.get(r).hindsight().regret()[point];
      share += weights[i] * runs.get(r).hindsight().share()[point];
    }
    return new TradeOff.Point(setting, regret, 1 - share);
  }
}
