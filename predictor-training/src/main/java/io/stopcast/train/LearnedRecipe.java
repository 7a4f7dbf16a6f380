package io.stopcast.train;

import io.stopcast.model.ModelFile;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.Priors;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Learned;
import io.stopcast.replay.Learner;
import io.stopcast.replay.ScoredRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Trains the stop model: rows, trees, thresholds, outlooks, model file. The one way to do it, in retraining as in evaluation.
 *
 * <p>First by hindsight; then, as often as the recipe says, half by hindsight and half by what the policy so far would do.
 * That policy, the thresholds and the outlooks come from scores of models that have not seen the task in question; the shipped trees see
 * all runs. Each training run is shown with a random number of other runs of its task as its history, none of its own
 * configuration, so that the trees know what to make of none as of many. Thresholds are tuned apart for runs with and
 * without a history. Safe for several threads.
 */
public final class LearnedRecipe implements Learner {
  private final Recipe recipe;
  private final List<ScoredRun> further;

  /** Learns from the given runs alone. */
  public LearnedRecipe(Recipe recipe) {
    this(recipe, List.of());
  }

  /**
   * Learns from further runs as well.
   *
   * @param further runs of other tasks, whoever trained them: the trees learn from them, the thresholds a little, and
   *     they are no history of any task
   */
  public LearnedRecipe(Recipe recipe, List<ScoredRun> further) {
    this.recipe = recipe;
    this.further = List.copyOf(further);
  }

  /** How many runs of other tasks it learns from as well. */
  public int furtherRuns() {
    return further.size();
  }

  @Override
  public Learned fit(List<ScoredRun> training, double[] prices) {
    ModelFile file = train(training, prices, Map.of(), false); // to decide, nobody needs to know what scores mean
    List<LearnedPolicy> policies = Arrays.stream(prices).mapToObj(price -> LearnedPolicy.of(file, price)).toList();
    return new Learned() {
      @Override
      public List<StopPolicy> policies() {
        return List.copyOf(policies);
      }

      @Override
      public List<StopPolicy> policies(Priors earlier) {
        return policies.stream().<StopPolicy>map(policy -> policy.with(earlier)).toList();
      }
    };
  }

  /**
   * Returns the model file, checked as any reader would check it.
   *
   * @param metadata what else the file should say of itself, under keys that start with {@code stopcast.}
   */
  public ModelFile train(List<ScoredRun> training, double[] prices, Map<String, String> metadata) {
    return train(training, prices, metadata, true);
  }

  private ModelFile train(
      List<ScoredRun> training, double[] prices, Map<String, String> metadata, boolean withOutlooks) {
    List<ScoredRun> everything = Stream.concat(training.stream(), further.stream()).toList();
    TrainingRows rows = new TrainingRows(recipe, everything);
    TreeGrower grower = new TreeGrower(recipe, rows);
    List<ScoredRun> own = rows.choose(training);
    List<ScoredRun> others = rows.choose(further);
    List<ScoredRun> chosen = Stream.concat(own.stream(), others.stream()).toList();
    Targets targets = Targets.hindsight(chosen, prices);
    PriceThresholds thresholds = ThresholdTuning.neutral(prices);
    PriceThresholds alone = thresholds;
    Optional<OutOfFold.Scores> scores = Optional.empty();
    Set<ScoredRun> knowing = chosen.stream().filter(run -> hasHistory(rows, run)).collect(Collectors.toSet());
    List<ScoredRun> withHistory = own.stream().filter(knowing::contains).toList();
    List<ScoredRun> othersWithHistory = others.stream().filter(knowing::contains).toList();
    for (int round = 0; round <= recipe.improvements(); round++) {
      scores = OutOfFold.scores(chosen, prices, targets, grower, rows, recipe);
      if (scores.isEmpty()) {
        break;
      }
      alone = ThresholdTuning.tune(own, others, prices, scores.get().alone(), recipe.thresholdShrinkage(), recipe.seed());
      thresholds =
          withHistory.isEmpty()
              ? alone
              : ThresholdTuning.tune(
                  withHistory,
                  othersWithHistory,
                  prices,
                  scores.get().sampled(),
                  recipe.historyShrinkage(),
                  recipe.seed());
      if (round < recipe.improvements()) {
        PriceThresholds known = thresholds;
        PriceThresholds unknown = alone;
        targets = targets.improvedBy(scores.get().sampled(), run -> knowing.contains(run) ? known : unknown);
      }
    }
    Map<String, String> all = new HashMap<>(metadata);
    all.put(ModelFile.PRIORS, new Histories(training).priors(new Random(recipe.seed())).format());
    all.put(ModelFile.THRESHOLDS_ALONE, alone.format());
    if (withOutlooks && scores.isPresent()) {
      ScoreMeaning meaning = ScoreMeaning.of(own, withHistory, prices, scores.get(), rows, recipe);
      all.put(ModelFile.OUTLOOK, meaning.outlooks().format());
      all.put(Reliability.PROPERTY, meaning.reliability().format());
    }
    return grower.grow(chosen, prices, targets, thresholds, all);
  }

  private static boolean hasHistory(TrainingRows rows, ScoredRun run) {
    return rows.historyOf(run).runs().size() >= LearnedPolicy.ENOUGH_RUNS;
  }
}
