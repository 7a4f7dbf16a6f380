package io.stopcast.inspect;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.history.TaskId;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Learner;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Points of judged runs at which the policy of their fold was asked: of each task some runs, of each of these some points, whether
 * a stop came before or not. Which ones is decided by the runs' names.
 */
public final class HeldOutPoints {
  /** Runs of a task say much the same. */
  private static final int RUNS_PER_TASK = 30;

  /** And so do neighbouring points. */
  private static final int POINTS_PER_RUN = 24;

  private HeldOutPoints() {}

  /**
   * Returns points at one of the prices; none for a policy that has not learned.
   *
   * @param learner gives for each turn what it learned there, at best from memory
   * @param prices as the learner was asked for them
   * @param price which of them
   * @param shown what the policy is told of a run's planned length
   */
  public static List<HeldOutPoint> of(
      List<Folds.Turn> turns, Learner learner, double[] prices, int price, ShownHorizon shown) {
    Map<ScoredRun, Double> weights = weights(turns);
    return turns.parallelStream()
        .flatMap(
            turn -> {
              List<HeldOutPoint> points = new ArrayList<>();
              StopPolicy policy = learner.fit(turn.training(), prices).policies().get(price);
              if (policy instanceof LearnedPolicy learned) {
                for (ScoredRun run : turn.judged()) {
                  if (weights.containsKey(run)) {
                    points.addAll(of(run, learned, shown, weights.get(run)));
                  }
                }
              }
              return points.stream();
            })
        .toList();
  }

  /** The chosen runs, each with its weight: all tasks weigh the same. */
  private static Map<ScoredRun, Double> weights(List<Folds.Turn> turns) {
    Map<TaskId, List<ScoredRun>> byTask = new HashMap<>();
    turns.forEach(
        turn -> turn.judged().forEach(run -> byTask.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run)));
    Map<ScoredRun, Double> weights = new HashMap<>();
    for (List<ScoredRun> runs : byTask.values()) {
      runs.sort(Comparator.comparingInt(Draw::of).thenComparing(run -> run.run().context().run()));
      int count = Math.min(runs.size(), RUNS_PER_TASK);
      runs.subList(0, count).forEach(run -> weights.put(run, 1.0 / byTask.size() / count));
    }
    return weights;
  }

  private static List<HeldOutPoint> of(ScoredRun scored, LearnedPolicy policy, ShownHorizon shown, double weight) {
    Run run = shown.show(scored.run());
    int length = scored.length();
    double[] advantage = scored.hindsight().advantage(policy.price());
    double threshold = policy.thresholdFor(run.context());
    StopPolicy.Watch watch = policy.watch(run.context());
    FeatureExtractor extractor = new FeatureExtractor(run.context(), policy.priors().of(run.context()));
    int every = 1 + (length - 1) / POINTS_PER_RUN;
    List<HeldOutPoint> points = new ArrayList<>();
    int point = 0;
    for (Step step : run.steps()) {
      watch.observe(step);
      // At the last point there is nothing to decide.
      if (extractor.observe(step) && point++ % every == every / 2 && point < length && !Double.isNaN(watch.score())) {
        float[] row = new float[FeatureExtractor.schema().size()];
        row[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(policy.price());
        extractor.write(row);
        int t = point - 1;
        points.add(
            new HeldOutPoint(
                scored.task(),
                policy.model(),
                weight * every / length,
                scored.hindsight().share()[t],
                (float) watch.score(),
                threshold,
                watch.outlook(),
                advantage[t],
                scored.curve().finalBest() - scored.curve().best()[t],
                row));
      }
    }
    return points;
  }
}
