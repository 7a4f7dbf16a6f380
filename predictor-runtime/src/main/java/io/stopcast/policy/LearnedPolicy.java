package io.stopcast.policy;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.SchemaMismatchException;
import io.stopcast.feature.TaskHistory;
import io.stopcast.model.Attribution;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Outlook;
import io.stopcast.model.OutlookCurve;
import io.stopcast.model.Outlooks;
import io.stopcast.model.Priors;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.model.StopModel;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * Stops once a model trained on earlier runs says that stopping is right.
 *
 * <p>Its reason says what the model expects of the run and which features drove it, as far as the model can tell; working
 * that out takes two hundred times as long as a score; it is done when the reason is read.
 *
 * <p>A step costs about a microsecond (two fifths of it for the features, half for 100 trees of depth 5), up to one more where
 * the task has 64 earlier runs to look at, and allocates nothing until it stops. It works without a known horizon and without a
 * history. On runs unlike all that the model was trained on its probabilities mean little: evaluate it on your own
 * history first.
 *
 * @param model what it asks; stays open as long as the policy is used
 * @param priors what is known of earlier runs, by task
 * @param outlooks what its scores meant on earlier runs
 * @param price what a full run's compute is worth, in units of what the task has to gain; positive
 * @param threshold the probability from which on it stops a run whose task has a history, within 0..1; infinite for never
 * @param thresholdAlone the same for a run whose task has next to none
 * @param limit on the regret that its thresholds were certified to keep; empty if nothing is promised
 * @param families that keep it by thresholds of their own
 */
public record LearnedPolicy(
    StopModel model,
    Priors priors,
    Outlooks outlooks,
    double price,
    double threshold,
    double thresholdAlone,
    Optional<RegretLimit> limit,
    FamilyThresholds families)
    implements StopPolicy {
  /** With fewer earlier runs than this a task counts as one without a history. */
  public static final int ENOUGH_RUNS = 3;

  /** With fewer earlier runs than this nobody knows whether a run that has not moved yet ever will. */
  public static final int TELLING_RUNS = 10;

  /** Before so many points a run is not judged. */
  public static final int WARM_UP_POINTS = 3;

  /** Before this share of its plan a run is not judged. */
  public static final double WARM_UP_SHARE = .05;

  /** What is only needed while a step is scored: one for each thread, as one for each run would be a seventh of its memory. */
  private static final ThreadLocal<float[]> ROW =
      ThreadLocal.withInitial(() -> new float[FeatureExtractor.schema().size()]);

  public LearnedPolicy {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(families, "families");
    if (!(price > 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException("the price must be positive, such as 0.1, but was " + price);
    }
    requireProbability(threshold);
    requireProbability(thresholdAlone);
    try {
      FeatureExtractor.schema().requireSame(model.schema());
    } catch (SchemaMismatchException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The policy of a model file at a price, with the threshold and the earlier runs that the file brings. */
  public static LearnedPolicy of(ModelFile file, double price) {
    return new LearnedPolicy(
        file.scorer(),
        file.priors(),
        file.outlooks(),
        price,
        file.thresholds().thresholdFor(price),
        file.thresholdsAlone().thresholdFor(price));
  }

  /**
   * The policy of a model file that keeps within a limit on the regret, at the highest of the file's prices at which that was
   * certified. Under a tight limit a lower price may save more; the model card says what each saved on the units of its certificate.
   *
   * <p>What is promised, for whom and with which confidence, {@link ModelFile#promises} says. A run of a task with a history is stopped
   * as certified for new runs of known tasks, any other as certified for new tasks; of whichever nothing is certified, none is
   * stopped. A confidence is that of one price: where the highest price is not certified and a lower one serves, it is a choice
   * among several, and each adds its own chance of being wrong.
   *
   * @throws IllegalArgumentException if the file has no promise that covers the limit, or none that was certified; the message says
   *     what there is
   */
  public static LearnedPolicy within(ModelFile file, RegretLimit limit) {
    Optional<Double> boldest = Optional.empty();
    for (Promise.Unit unit : Promise.Unit.values()) {
      Optional<Double> price = file.promises().covering(unit, limit).flatMap(Promise::boldestPrice);
      boldest = price.isPresent() && (boldest.isEmpty() || price.get() > boldest.get()) ? price : boldest;
    }
    return within(file, limit, boldest.orElseThrow(() -> notPromised(file, limit)));
  }

  /**
   * The policy of a model file at a price, as far as it keeps within a limit on the regret: no bolder than at the price alone.
   *
   * @param price one of those at which the file promises something: between them nothing was certified
   * @throws IllegalArgumentException if nothing that covers the limit was certified at that price; the message says what there is
   */
  public static LearnedPolicy within(ModelFile file, RegretLimit limit, double price) {
    Optional<Promise> known = file.promises().covering(Promise.Unit.RUN, limit).filter(promise -> promise.byPrice().containsKey(price));
    Optional<Promise> alone = file.promises().covering(Promise.Unit.TASK, limit).filter(promise -> promise.byPrice().containsKey(price));
    if (known.filter(promise -> promise.isCertifiedAt(price)).isEmpty() && alone.filter(promise -> promise.isCertifiedAt(price)).isEmpty()) {
      throw notPromised(file, limit);
    }
    return new LearnedPolicy(
        file.scorer(),
        file.priors(),
        file.outlooks(),
        price,
        threshold(known, price),
        threshold(alone, price),
        Optional.of(limit),
        new FamilyThresholds(families(known, price), families(alone, price)));
  }

  private static double threshold(Optional<Promise> promise, double price) {
    return promise.map(some -> some.byPrice().get(price).threshold()).orElse(Double.POSITIVE_INFINITY);
  }

  private static Map<String, Double> families(Optional<Promise> promise, double price) {
    Map<String, Double> thresholds = new HashMap<>();
    promise.ifPresent(
        some -> some.families().forEach((name, family) -> thresholds.put(name, family.byPrice().get(price).threshold())));
    return thresholds;
  }

  private static IllegalArgumentException notPromised(ModelFile file, RegretLimit limit) {
    StringJoiner there = new StringJoiner("; ", ": it promises ", "");
    there.setEmptyValue(": it promises nothing");
    for (Promise promise : file.promises().all()) {
      StringJoiner prices = new StringJoiner(", ");
      promise.byPrice()
          .forEach(
              (price, certificate) ->
                  prices.add(
                      certificate.isCertified()
                          ? "certified at price " + price
                          : "not at price %s, for which %d units were missing".formatted(price, certificate.missing())));
      there.add(promise + " (" + prices + ")");
    }
    return new IllegalArgumentException(
        "model %s cannot be held to %s%s. Train it with such a limit, on more runs if units were missing"
            .formatted(file.where(), limit, there));
  }

  /** Without any promise. */
  public LearnedPolicy(
      StopModel model, Priors priors, Outlooks outlooks, double price, double threshold, double thresholdAlone) {
    this(model, priors, outlooks, price, threshold, thresholdAlone, Optional.empty(), FamilyThresholds.NONE);
  }

  /** Without a history of any task, and without knowing what scores meant. */
  public LearnedPolicy(StopModel model, double price, double threshold) {
    this(model, Priors.NONE, Outlooks.NONE, price, threshold, threshold);
  }

  /** The same policy with other earlier runs to look at, for which nothing is promised. */
  public LearnedPolicy with(Priors earlier) {
    return new LearnedPolicy(model, earlier, outlooks, price, threshold, thresholdAlone);
  }

  /** The same policy asking another model, which is to give the same scores. */
  public LearnedPolicy with(StopModel other) {
    return new LearnedPolicy(other, priors, outlooks, price, threshold, thresholdAlone, limit, families);
  }

  /** What a run is to this policy, and so which promise is about it. */
  public Promise.Unit unitOf(RunContext run) {
    return hasEnough(priors.of(run)) ? Promise.Unit.RUN : Promise.Unit.TASK;
  }

  /**
   * The same policy with one threshold for tasks with a history and without.
   *
   * @param other the probability from which on it stops a run, within 0..1
   */
  public LearnedPolicy withThreshold(double other) {
    return new LearnedPolicy(model, priors, outlooks, price, other, other);
  }

  /** From which score on it stops this run. */
  public double thresholdFor(RunContext run) {
    return thresholdFor(run, priors.of(run));
  }

  private double thresholdFor(RunContext run, TaskHistory history) {
    boolean withHistory = hasEnough(history);
    return families.thresholdFor(run.family(), withHistory, withHistory ? threshold : thresholdAlone);
  }

  private static boolean hasEnough(TaskHistory history) {
    return history.runs().size() >= ENOUGH_RUNS;
  }

  /**
   * Whether enough of a run was seen to judge it: three points, and a twentieth of the plan where that is known. Before
   * that a model is not asked: it costs next to nothing to wait, and a start cannot be told from a standstill. A run
   * whose value has stood still from the start may be dead or about to leap; that takes {@value #TELLING_RUNS} earlier
   * runs to tell.
   *
   * @param earlierRuns how many the task has
   */
  public static boolean isJudged(FeatureExtractor run, int earlierRuns) {
    return run.points() >= WARM_UP_POINTS
        && !(run.done() < WARM_UP_SHARE)
        && (run.hasMoved() || earlierRuns >= TELLING_RUNS);
  }

  static void requireProbability(double threshold) {
    if (!(threshold >= 0 && threshold <= 1) && threshold != Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("the threshold must be a probability within 0..1, but was " + threshold);
    }
  }

  @Override
  public Watch watch(RunContext run) {
    TaskHistory history = priors.of(run);
    boolean withHistory = hasEnough(history);
    double stopAt = thresholdFor(run, history);
    Optional<OutlookCurve> meaning = outlooks.at(price, withHistory);
    FeatureExtractor extractor = new FeatureExtractor(run, history);
    float priceFeature = FeatureExtractor.priceFeature(price);
    return new Watch() {
      private float score = Float.NaN;

      @Override
      public Decision observe(Step step) {
        if (!extractor.observe(step) || !isJudged(extractor, history.runs().size())) {
          return Decision.CONTINUE;
        }
        float[] row = written(ROW.get());
        score = model.score(row);
        boolean mayStop = score >= stopAt && !Double.isNaN(run.objective().gain(step));
        return mayStop ? new Decision.Stop(LearnedPolicy.this.toString(), reason(row.clone())) : Decision.CONTINUE;
      }

      private float[] written(float[] row) {
        row[FeatureExtractor.PRICE] = priceFeature;
        extractor.write(row);
        return row;
      }

      private Supplier<String> reason(float[] row) {
        float now = score;
        Optional<Outlook> expected = outlook();
        return () -> {
          String line =
              expected
                  .map(outlook -> Reason.of(now, stopAt, price, outlook))
                  .orElseGet(() -> Reason.of(now, stopAt, price));
          return model.attribution(row).map(attribution -> Reason.because(line, attribution)).orElse(line);
        };
      }

      @Override
      public double score() {
        return score;
      }

      @Override
      public Optional<Outlook> outlook() {
        if (Float.isNaN(score)) {
          return Optional.empty();
        }
        double unit = withHistory ? history.scale() : extractor.rise();
        return meaning.map(curve -> curve.outlook(score, unit, extractor.points(), extractor.pointsLeft()));
      }

      @Override
      public Optional<Attribution> attribution() {
        return Float.isNaN(score)
            ? Optional.empty()
            : model.attribution(written(new float[FeatureExtractor.schema().size()]));
      }

      @Override
      public void save(DataOutput out) throws IOException {
        extractor.save(out);
        out.writeFloat(score);
      }

      @Override
      public void restore(DataInput in) throws IOException {
        extractor.restore(in);
        score = in.readFloat();
      }
    };
  }

  @Override
  public String toString() {
    return limit
        .map(
            kept ->
                "learned(%s, price %s, threshold %.3f, alone %.3f%s)"
                    .formatted(kept, price, threshold, thresholdAlone, families.equals(FamilyThresholds.NONE) ? "" : ", " + families))
        .orElseGet(() -> "learned(price %s, threshold %.3f)".formatted(price, threshold));
  }
}
