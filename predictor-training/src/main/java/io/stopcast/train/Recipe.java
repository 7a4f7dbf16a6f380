package io.stopcast.train;

/**
 * How a model is trained: everything that, beside the runs, decides its bytes.
 *
 * @param trees how many, one a boosting round, for tasks with a history and for tasks without
 * @param depth of each tree, at most
 * @param eta shrinkage of each tree
 * @param subsample share of rows that a tree sees
 * @param featureSubsample share of features that a tree sees
 * @param minChildWeight smallest sum of p(1-p)*weight in a leaf; rows have weight 1 on average
 * @param lambda L2 penalty on leaves
 * @param rowsPerRun how many rows of a run are taken, at random points, at most
 * @param withoutHistory share of runs whose rows show no history even where those of others do, so that the trees for tasks
 *     with a history learn as well what is true of all runs
 * @param unknownHorizon share of training runs whose horizon is hidden, so that the model can do without
 * @param unknownTrainLoss share of training runs of which only the objective is shown, so that the model can do without the rest
 * @param runsPerTask how many runs of a task are used, at most
 * @param fewRuns a task of n runs has the weight n / (n + fewRuns)
 * @param improvements how many rounds of policy improvement follow on hindsight
 * @param thresholdFolds in how many parts, by task, the training runs are split to score them out of fold
 * @param thresholdShrinkage how far a tuned threshold for tasks without a history is drawn towards 0.5, within 0..1
 * @param historyShrinkage the same for tasks with one, of which training knows more
 * @param seed of sampling, folds and trees
 */
public record Recipe(
    int trees,
    int depth,
    double eta,
    double subsample,
    double featureSubsample,
    double minChildWeight,
    double lambda,
    int rowsPerRun,
    double withoutHistory,
    double unknownHorizon,
    double unknownTrainLoss,
    int runsPerTask,
    double fewRuns,
    int improvements,
    int thresholdFolds,
    double thresholdShrinkage,
    double historyShrinkage,
    int seed) {

  /** How many rows of a history are worth their training time, over all runs, with and without a history each. */
  private static final int ROWS = 100_000;

  /**
   * Returns the recipe for a history of so many runs: of few runs many points are taken, of many runs few, since the points
   * of one run tell nearly the same.
   */
  public static Recipe standard(int runs) {
    int rowsPerRun = Math.max(20, Math.min(96, ROWS / Math.max(1, runs)));
    return new Recipe(100, 5, 0.08, 0.6, 0.4, 20, 5, rowsPerRun, 0.3, 0.25, 0.3, 150, 40, 1, 3, 0.5, 0.15, 20_260_101);
  }
}
