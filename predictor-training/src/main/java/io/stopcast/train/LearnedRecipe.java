package io.stopcast.train;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.ModelFile;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.Priors;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Learned;
import io.stopcast.replay.Learner;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Trains the stop model: rows, trees, thresholds, outlooks, model file. The one way to do it, in retraining as in evaluation.
 *
 * <p>Two lessons are learned ({@link Lesson}) and put into one set of trees: one for tasks with a history, in which each
 * training run is shown with a random number of other runs of its task, none of its own configuration, and some with none;
 * and one for tasks without. A tree asks first how many earlier runs there are. Safe for several threads.
 */
public final class LearnedRecipe implements Learner {
  /** Says, as {@link ModelFile#PROVENANCE} does of the trees for tasks without a history, what those for the others come from. */
  private static final String PROVENANCE_HISTORY = "stopcast.provenance_history";

  private final Recipe recipe;
  private final List<ScoredRun> further;
  private final boolean expecting;
  private final Optional<ModelFile> before;

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
    this(recipe, further, false, Optional.empty());
  }

  private LearnedRecipe(Recipe recipe, List<ScoredRun> further, boolean expecting, Optional<ModelFile> before) {
    this.recipe = recipe;
    this.further = List.copyOf(further);
    this.expecting = expecting;
    this.before = before;
  }

  /** The same, whose policies also know what to expect of a run, as those of a published model do; they decide alike. */
  public LearnedRecipe expecting() {
    return new LearnedRecipe(recipe, further, true, before);
  }

  /**
   * The same, for a history in which this model stopped runs: the fewer exempt ones tell what those would have lost, the closer to its thresholds
   * stay the new ones. Without stopped runs it makes no difference.
   */
  public LearnedRecipe after(ModelFile previous) {
    return new LearnedRecipe(recipe, further, expecting, Optional.of(previous));
  }

  /** How many runs of other tasks it learns from as well. */
  public int furtherRuns() {
    return further.size();
  }

  /** The runs of other tasks that it learns from as well. */
  public List<ScoredRun> further() {
    return further;
  }

  @Override
  public Learned fit(List<ScoredRun> training, double[] prices) {
    ModelFile file = train(training, prices, Map.of(), expecting).model(); // to decide, nobody needs to know what scores mean
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
   * @throws NothingToLearnException if the runs do not tell at a single point whether to stop
   */
  public ModelFile train(List<ScoredRun> training, double[] prices, Map<String, String> metadata) {
    return trained(training, prices, metadata).model();
  }

  /** Returns the same model file with more of how far its probabilities come true. */
  public Trained trained(List<ScoredRun> training, double[] prices, Map<String, String> metadata) {
    return train(training, prices, metadata, true);
  }

  private Trained train(
      List<ScoredRun> training, double[] prices, Map<String, String> metadata, boolean withOutlooks) {
    Histories histories = new Histories(Stream.concat(training.stream(), further.stream()).toList());
    List<ScoredRun> own = TrainingRows.choose(training, recipe);
    List<ScoredRun> others = TrainingRows.choose(further, recipe);
    Lesson alone =
        Lesson.learn(
            recipe,
            own,
            others,
            run -> true,
            prices,
            TrainingRows.alone(recipe),
            recipe.thresholdShrinkage(),
            before.map(ModelFile::thresholdsAlone));
    Set<ScoredRun> knowing =
        Stream.concat(own.stream(), others.stream())
            .filter(run -> TrainingRows.sizeOfHistory(run, recipe, histories) >= LearnedPolicy.ENOUGH_RUNS)
            .collect(Collectors.toSet());
    Optional<Lesson> known =
        knowing.isEmpty()
            ? Optional.empty()
            : Optional.of(
                Lesson.learn(
                    recipe,
                    own,
                    others,
                    knowing::contains,
                    prices,
                    TrainingRows.withHistory(recipe, histories),
                    recipe.historyShrinkage(),
                    before.map(ModelFile::thresholds)));
    SortedMap<String, String> all = new TreeMap<>(metadata);
    all.put(ModelFile.PRIORS, new Histories(training).priors(new Random(recipe.seed())).format());
    all.put(ModelFile.THRESHOLDS_ALONE, alone.thresholds().format());
    all.put(ModelFile.PROVENANCE, alone.grown().provenance());
    known.ifPresent(lesson -> all.put(PROVENANCE_HISTORY, lesson.grown().provenance()));
    ProbabilityCheck probabilities = new ProbabilityCheck(List.of(), List.of());
    if (withOutlooks && alone.scores().isPresent()) {
      ScoreMeaning meaning = ScoreMeaning.of(alone, known, prices, recipe);
      all.put(ModelFile.OUTLOOK, meaning.outlooks().format());
      all.put(Reliability.PROPERTY, meaning.reliability().format());
      probabilities = meaning.check();
    }
    return new Trained(file(alone, known, all), probabilities);
  }

  private static ModelFile file(Lesson alone, Optional<Lesson> known, SortedMap<String, String> metadata) {
    BoosterDump trees = alone.grown().trees();
    PriceThresholds thresholds = alone.thresholds();
    List<float[]> golden = new ArrayList<>(List.of(alone.golden()));
    if (known.isPresent()) {
      Lesson lesson = known.get();
      trees =
          BoosterDump.halves(
              FeatureExtractor.schema().names().indexOf(FeatureExtractor.RUNS),
              FeatureExtractor.runsFeature(LearnedPolicy.ENOUGH_RUNS),
              trees,
              lesson.grown().trees());
      thresholds = lesson.thresholds();
      golden.addAll(List.of(lesson.golden()));
    }
    return OnnxExport.write(trees, FeatureExtractor.schema(), thresholds, metadata, golden.toArray(float[][]::new));
  }
}
