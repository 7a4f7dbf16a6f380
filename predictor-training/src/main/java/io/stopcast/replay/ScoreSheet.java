package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

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
  /** [price][run][threshold]: where the learned policy would have stopped; null where it has no scores. */
  private final int[][][] reached;

  /**
   * @param families the names of the tuned rules, each of which {@link #rule} fills in
   */
  ScoreSheet(RuleReplays rules, double[] prices, List<String> families) {
    this.rules = rules;
    this.runs = rules.runs();
    this.prices = prices;
    this.families = families;
    this.policies = new ArrayList<>(List.of(Results.NEVER, Results.ORACLE));
    policies.addAll(families);
    policies.add(Results.TUNED_RULE);
    policies.add(Results.LEARNED);
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
        stops[policies.size() - 1][p][r] = trace.point();
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
        tradeOffs(judged));
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
