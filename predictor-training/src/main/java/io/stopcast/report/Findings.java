package io.stopcast.report;

import io.stopcast.inspect.Agreement;
import io.stopcast.inspect.Calibration;
import io.stopcast.inspect.Closeup;
import io.stopcast.inspect.Examples;
import io.stopcast.inspect.HeldOutPoint;
import io.stopcast.inspect.HeldOutPoints;
import io.stopcast.inspect.Importance;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found out about one split at one price beyond the protocol's results; page and plots show the same.
 *
 * @param price its position among the prices
 * @param comparison with the best rule
 * @param points how many held-out points it was looked at
 */
record Findings(
    Results results,
    int price,
    Results.Comparison comparison,
    Headline headline,
    List<TaskRow> tasks,
    List<Example> examples,
    int points,
    Calibration calibration,
    List<Importance> importances,
    List<Agreement> byShare) {
  private static final long SEED = 1;

  /**
   * A judged run with the points at which it was stopped.
   *
   * @param threshold from which score on the learned policy stops it; NaN for one without
   */
  record Example(
      ScoredRun run, List<Examples.Kind> kinds, Closeup closeup, double threshold, int ours, int rule, int oracle) {

    double saved() {
      return 1 - run.hindsight().share()[ours];
    }

    double regret() {
      return run.hindsight().regret()[ours];
    }
  }

  static Findings of(Evaluation.Judged judged, int price, List<Promise> promises) {
    Results results = judged.results();
    Results.Comparison comparison = ResultsText.comparison(results, price);
    List<HeldOutPoint> points =
        HeldOutPoints.of(judged.turns(), judged.learner(), results.prices(), price, results.horizon());
    return new Findings(
        results,
        price,
        comparison,
        Headline.of(results, price, comparison, promises),
        TaskRow.of(results, price),
        examples(judged, price),
        points.size(),
        Calibration.of(points),
        Importance.of(points, SEED),
        Agreement.byShare(points));
  }

  double worth() {
    return results.prices()[price];
  }

  private static List<Example> examples(Evaluation.Judged judged, int price) {
    Results results = judged.results();
    Map<ScoredRun, StopPolicy> policies = new IdentityHashMap<>();
    for (Folds.Turn turn : judged.turns()) {
      StopPolicy policy = judged.learner().fit(turn.training(), results.prices()).policies().get(price);
      turn.judged().forEach(run -> policies.put(run, policy));
    }
    String rule = results.bestRule(price);
    List<Example> examples = new ArrayList<>();
    for (Examples.Example chosen : Examples.of(results, price)) {
      ScoredRun scored = results.runs().get(chosen.run());
      Run run = results.horizon().show(scored.run());
      StopPolicy policy = policies.get(scored);
      examples.add(
          new Example(
              scored,
              List.copyOf(chosen.kinds()),
              Closeup.of(policy, scored, run),
              policy instanceof LearnedPolicy learned ? learned.thresholdFor(run.context()) : Double.NaN,
              results.stop(Results.LEARNED, price, chosen.run()),
              results.stop(rule, price, chosen.run()),
              results.stop(Results.ORACLE, price, chosen.run())));
    }
    return examples;
  }
}
