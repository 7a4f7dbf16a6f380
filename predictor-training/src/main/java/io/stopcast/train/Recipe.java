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
 * @param pointsPerRun at how many points of a run, evenly spread, a policy that has not seen the run's task is asked, at most
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
    int pointsPerRun,
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

  private static final int MOST_ROWS = 96;

  /** Where there are more runs than this, fewer of each task are enough, and fewer points of each: docs/scale.md has what that costs. */
  private static final int MANY_RUNS = 5000;

  /**
   * Returns the recipe for a history of so many runs: of few runs many points are taken, of many runs few, since the points
   * of one run tell nearly the same; and so do many runs of one task.
   */
  public static Recipe standard(int runs) {
    boolean many = runs > MANY_RUNS;
    int rowsPerRun = many ? 40 : Math.min(MOST_ROWS, ROWS / Math.max(1, runs));
    int pointsPerRun = many ? 32 : Integer.MAX_VALUE;
    int runsPerTask = many ? 48 : 150;
    return new Recipe(
        100, 5, 0.08, 0.6, 0.4, 20, 5, rowsPerRun, pointsPerRun, 0.3, 0.25, 0.3, runsPerTask, 40, 1, 3, 0.5, 0.15, 20_260_101);
  }

  /** At every how-manieth point of so many a policy is asked. */
  int askedEvery(int points) {
    return 1 + (points - 1) / pointsPerRun;
  }
}
