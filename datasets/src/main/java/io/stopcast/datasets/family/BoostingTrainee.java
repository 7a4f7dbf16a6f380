package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.policy.Advice;
import java.util.LinkedHashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Boosted trees by XGBoost, single-threaded; nothing but the learning rate can be changed. */
final class BoostingTrainee implements Trainee {
  private static final String[] EVALUATED = {"train", "validation", "test"};

  private final Question question;
  private final int classes;
  private final int rows;
  private final DMatrix[] matrices = new DMatrix[EVALUATED.length];
  private final Booster booster;
  private final float[] metrics = new float[2 * EVALUATED.length];
  private int rounds;

  BoostingTrainee(Split split, Split.Rows training, Settings settings, int seed) {
    question = split.table().source().question();
    classes = split.table().classes();
    rows = training.count();
    try {
      Split.Rows[] parts = {training, split.validation(), split.test()};
      Map<String, DMatrix> watched = new LinkedHashMap<>();
      for (int i = 0; i < parts.length; i++) {
        matrices[i] = Boosting.matrix(parts[i]);
        watched.put(EVALUATED[i], matrices[i]);
      }
      booster = XGBoost.train(matrices[0], Boosting.parameters(classes, settings, seed), 0, watched, null, null);
      booster.setParam("eval_metric", classes == 0 ? "mae" : Boosting.errorMetric(classes));
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost failed with settings " + settings.values() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Report epoch(double rate) {
    try {
      booster.setParam("eta", rate);
      booster.update(matrices[0], rounds);
      booster.evalSet(matrices, EVALUATED, rounds, metrics);
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost failed in round " + rounds + ": " + e.getMessage(), e);
    }
    rounds++;
    return new Report((double) rounds * rows, judged(2), judged(1), Boosting.scores(metrics, 0, classes > 0).loss());
  }

  private double judged(int matrix) {
    return Curve.judged(question, Boosting.scores(metrics, matrix, classes > 0));
  }

  @Override
  public boolean take(Advice advice) {
    return false;
  }

  @Override
  public int batchSize() {
    return 0;
  }

  @Override
  public void close() {
    booster.dispose();
    for (DMatrix matrix : matrices) {
      matrix.dispose();
    }
  }
}
