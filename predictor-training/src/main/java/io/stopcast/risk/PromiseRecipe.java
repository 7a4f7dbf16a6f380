package io.stopcast.risk;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Promise;
import io.stopcast.model.Promises;
import io.stopcast.model.RegretLimit;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.OnnxExport;
import io.stopcast.train.ProbabilityCheck;
import io.stopcast.train.Trained;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Trains a model that promises something: on a part of the history, with thresholds certified on the rest.
 *
 * <p>What is certified is the file as it is, so the units that were held out stay out of its trees, its thresholds and its earlier
 * runs. That is the price of a promise beside what it stops less.
 *
 * @param limit what is to be kept
 * @param confidence that each price's promise holds, within 0.5 and 1 (exclusive)
 * @param units for whom; each is certified by itself
 * @param byFamily whether families of runs that have enough units are certified by themselves; for the others it is what is certified for all
 * @param seed decides which units are held out, and which run stands for each
 */
public record PromiseRecipe(RegretLimit limit, double confidence, Set<Promise.Unit> units, boolean byFamily, long seed) {
  /** How sure a promise is unless somebody says otherwise. */
  public static final double CONFIDENCE = .9;

  /** The share of runs that may lose too much unless somebody says otherwise. */
  public static final double RISK = .1;

  /** The same in every job, so that a promise is certified as it was. */
  public static final long SEED = 20_260_101;

  public PromiseRecipe {
    units = Set.copyOf(units);
    if (units.isEmpty()) {
      throw new IllegalArgumentException("a promise needs somebody that it is for: new runs, new tasks or both");
    }
    if (!(confidence >= .5 && confidence < 1)) {
      throw new IllegalArgumentException("the confidence must be at least 0.5 and below 1, such as 0.9, but was " + confidence);
    }
  }

  /** One that promises nothing for families. */
  public PromiseRecipe(RegretLimit limit, double confidence, Set<Promise.Unit> units, long seed) {
    this(limit, confidence, units, false, seed);
  }

  /**
   * How a model that promises the same is trained; by family, if a family has a certificate.
   *
   * @return empty if nothing is promised, or if limits or confidences differ, which one training cannot certify
   */
  public static Optional<PromiseRecipe> again(Promises promises, long seed) {
    List<Promise> all = promises.all();
    if (all.stream().map(promise -> promise.limit().format() + " " + promise.confidence()).distinct().count() != 1) {
      return Optional.empty();
    }
    Set<Promise.Unit> units = all.stream().map(Promise::unit).collect(Collectors.toSet());
    boolean byFamily = all.stream().anyMatch(promise -> !promise.families().isEmpty());
    return Optional.of(new PromiseRecipe(all.get(0).limit(), all.get(0).confidence(), units, byFamily, seed));
  }

  /**
   * A model with promises, or with none.
   *
   * @param trainingRuns how many runs training has seen
   * @param certified by kind of unit; empty if nothing was to be promised
   */
  public record Promised(
      ModelFile model, ProbabilityCheck probabilities, int trainingRuns, List<Calibration.Certified> certified) {
    public Promised {
      certified = List.copyOf(certified);
    }
  }

  /** Trains on the whole history a model that promises nothing. */
  public static Promised nothing(
      LearnedRecipe recipe, List<ScoredRun> runs, double[] prices, Map<String, String> metadata) {
    Trained trained = recipe.trained(runs, prices, metadata);
    return new Promised(trained.model(), trained.probabilities(), runs.size(), List.of());
  }

  /**
   * Trains and certifies.
   *
   * @param runs the whole history
   * @param metadata what else the file should say of itself
   */
  public Promised train(LearnedRecipe recipe, List<ScoredRun> runs, double[] prices, Map<String, String> metadata) {
    CalibrationSplit split = CalibrationSplit.of(runs, units, Calibration.needed(limit, confidence), seed);
    Trained trained = recipe.trained(split.training(), prices, metadata);
    List<Calibration.Certified> certified = new ArrayList<>();
    for (Promise.Unit unit : EnumSet.copyOf(units)) {
      certified.add(Calibration.certify(trained.model(), unit, split, prices, this));
    }
    Promises promises = new Promises(certified.stream().map(Calibration.Certified::promise).toList());
    return new Promised(
        OnnxExport.withPromises(trained.model(), promises), trained.probabilities(), split.training().size(), certified);
  }
}
