package io.stopcast.train;

import io.stopcast.history.TaskId;
import io.stopcast.label.TaskScales;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.Fold;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.replay.SweepProtocol;
import io.stopcast.sweep.RankedSweep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import org.tribuo.ONNXExportable;

/**
 * Trains the trees of {@link RankedSweep} on sweeps that are made of recorded runs: those of a task, in drawn orders.
 *
 * <p>What each run's score and outlook would have been comes from a learned policy of the other half of the tasks, so that the trees learn how far
 * such an outlook is to be believed. The threshold is one half: the rows weigh what a wrong answer costs, and nothing is tuned. Takes about two
 * trainings of a learned policy on half the runs; the same runs give the same bytes. Immutable.
 */
public final class SweepRecipe {
  /** The price at which the policy beside the trees is asked. */
  public static final double POLICY_PRICE = .1;

  private static final int HALVES = 2;
  private static final int MOST = 16;
  private static final int FEWEST = 5;
  private static final int WORKERS = 4;
  private static final int ORDERS = 2;
  private static final int SEED = 7;

  /** Smaller than the recipe for single runs: there are a fifth of the rows, and less than half the features. */
  private static final Recipe TREES = new Recipe(100, 4, .08, .6, .5, 20, 5, 12, Integer.MAX_VALUE, 0, 0, 0, 150, 40, 0, 3, 0, 0, SEED);

  /** How many rows travel in the file. */
  private static final int GOLDEN_ROWS = 24;

  private final List<List<ScoredRun>> sweeps;
  private final Map<TaskId, LearnedPolicy> policies;
  private final TaskScales scales;

  private SweepRecipe(List<List<ScoredRun>> sweeps, Map<TaskId, LearnedPolicy> policies, TaskScales scales) {
    this.sweeps = sweeps;
    this.policies = policies;
    this.scales = scales;
  }

  /**
   * Makes sweeps of runs, and trains what judges each of their runs alone.
   *
   * @throws IllegalArgumentException if the runs make no sweeps, or belong to tasks that are all related, so that no half can judge the other
   */
  public static SweepRecipe on(List<ScoredRun> training) {
    List<List<ScoredRun>> sweeps = new ArrayList<>();
    for (int order = 0; order < ORDERS; order++) {
      sweeps.addAll(new SweepProtocol(MOST, FEWEST, WORKERS, OptionalLong.of(SEED + order)).sweeps(training));
    }
    List<Fold> halves = Split.UNSEEN_TASK.folds(training, HALVES, SEED).folds();
    if (halves.size() < HALVES || sweeps.isEmpty()) {
      throw new IllegalArgumentException(
          "trees for sweeps are grown on tasks of %d runs or more, at least %d unrelated ones, but %d runs make %s; give more runs of more tasks"
              .formatted(FEWEST, HALVES, training.size(), sweeps.isEmpty() ? "no sweep" : "sweeps of related tasks only"));
    }
    Map<TaskId, LearnedPolicy> policies = new HashMap<>();
    for (Fold half : halves) {
      List<ScoredRun> others = Fold.select(training, half.training());
      ModelFile file = new LearnedRecipe(Recipe.standard(others.size())).train(others, new double[] {POLICY_PRICE}, Map.of());
      LearnedPolicy policy = LearnedPolicy.of(file, POLICY_PRICE);
      Fold.select(training, half.judged()).forEach(run -> policies.put(run.task(), policy));
    }
    return new SweepRecipe(sweeps, policies, TaskScales.of(training.stream().map(ScoredRun::run).toList()));
  }

  /**
   * Returns the trees as a model file that {@link RankedSweep#of} takes.
   *
   * @param price what the compute of a full sweep is worth, in units of what its task has to gain; positive
   */
  public ModelFile train(double price) {
    WeightedRows rows = new SweepRows(TREES, price, WORKERS, scales).rows(sweeps, policies::get);
    BinaryBoostingTrainer trainer = new BinaryBoostingTrainer(TREES);
    float[][] golden = new float[Math.min(GOLDEN_ROWS, rows.size())][];
    for (int i = 0; i < golden.length; i++) {
      golden[i] = rows.features()[(int) ((long) i * rows.size() / golden.length)].clone();
    }
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(ModelFile.PROVENANCE, ONNXExportable.SERIALIZER.marshalAndSerialize(trainer.provenance(rows)));
    Booster booster = trainer.grow(rows);
    try {
      return OnnxExport.write(
          BoosterDump.read(booster), RankedSweep.schema(), ThresholdTuning.neutral(new double[] {price}), metadata, golden);
    } finally {
      booster.dispose();
    }
  }
}
