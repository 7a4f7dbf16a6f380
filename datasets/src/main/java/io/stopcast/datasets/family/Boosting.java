package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Boosted trees by XGBoost, single-threaded; a point after each round. */
final class Boosting implements TableTrainer {
  private static final String[] EVALUATED = {"train", "validation", "test"};

  @Override
  public String letter() {
    return "B";
  }

  @Override
  public String name() {
    return "boosting";
  }

  @Override
  public int runs(TableSource source) {
    return 10;
  }

  @Override
  public Settings sample(Question question, boolean tuned, Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    if (tuned) {
      settings.put("learning_rate", draw.logUniform(0.03, 0.2));
      settings.put("schedule", Schedule.CONSTANT.label());
      settings.put("max_depth", draw.whole(3, 6));
      settings.put("min_child_weight", draw.uniform(1, 3));
      settings.put("subsample", draw.uniform(0.7, 0.9));
      settings.put("colsample", draw.uniform(0.6, 0.9));
      settings.put("lambda", draw.uniform(1, 3));
      settings.put("gamma", 0.0);
      settings.put(Settings.LABEL_NOISE, 0.0);
      settings.put(Settings.TRAIN_ROWS, 3000L);
      settings.put(Settings.POINTS, draw.pick(100L, 150L, 200L));
    } else {
      settings.put("learning_rate", draw.logUniform(0.01, 1));
      Schedule schedule = draw.chance(0.7) ? Schedule.CONSTANT : draw.pick(Schedule.STEP, Schedule.COSINE);
      settings.put("schedule", schedule.label());
      settings.put("max_depth", draw.whole(1, 10));
      settings.put("min_child_weight", draw.logUniform(0.1, 30));
      settings.put("subsample", draw.uniform(0.3, 1));
      settings.put("colsample", draw.uniform(0.2, 1));
      settings.put("lambda", draw.logUniform(0.01, 100));
      settings.put("gamma", draw.chance(0.6) ? 0.0 : draw.logUniform(0.001, 10));
      settings.put(Settings.LABEL_NOISE, draw.chance(0.4) ? 0.0 : draw.uniform(0, 0.4));
      settings.put(Settings.TRAIN_ROWS, draw.logWhole(100, 3000));
      settings.put(Settings.POINTS, draw.pick(30L, 60L, 80L, 100L, 120L, 150L, 200L));
    }
    return new Settings(settings);
  }

  @Override
  public void train(Split split, Split.Rows training, Settings settings, int seed, Curve curve) {
    Booster booster = null;
    DMatrix[] matrices = new DMatrix[EVALUATED.length];
    try {
      matrices[0] = matrix(training);
      matrices[1] = matrix(split.validation());
      matrices[2] = matrix(split.test());
      Map<String, DMatrix> watched = new LinkedHashMap<>();
      for (int i = 0; i < matrices.length; i++) {
        watched.put(EVALUATED[i], matrices[i]);
      }
      // No rounds: this only makes a booster that caches its answers for these matrices.
      booster = XGBoost.train(matrices[0], parameters(split.table().classes(), settings, seed), 0, watched, null, null);
      booster.setParam("eval_metric", split.table().classes() == 0 ? "mae" : errorMetric(split.table().classes()));
      boost(booster, matrices, training.count(), split.table().classes() > 0, settings, curve);
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost failed with settings " + settings.values() + ": " + e.getMessage(), e);
    } finally {
      if (booster != null) {
        booster.dispose();
      }
      for (DMatrix matrix : matrices) {
        if (matrix != null) {
          matrix.dispose();
        }
      }
    }
  }

  private static void boost(
      Booster booster, DMatrix[] matrices, int rows, boolean classes, Settings settings, Curve curve)
      throws XGBoostError {
    double firstRate = settings.real("learning_rate");
    Schedule schedule = Schedule.ofLabel(settings.text("schedule"));
    int points = settings.whole(Settings.POINTS);
    long rowsPerRound = Math.max(1, Math.round(rows * settings.real("subsample")));
    float[] metrics = new float[2 * matrices.length];
    for (int round = 0; round < points; round++) {
      double rate = firstRate * schedule.factor(round, points);
      if (schedule != Schedule.CONSTANT) {
        booster.setParam("eta", rate);
      }
      booster.update(matrices[0], round);
      booster.evalSet(matrices, EVALUATED, round, metrics);
      curve.point(
          (round + 1) * rowsPerRound,
          rate,
          Double.NaN,
          scores(metrics, 0, classes),
          scores(metrics, 1, classes),
          scores(metrics, 2, classes));
    }
  }

  /** XGBoost reports each matrix's metrics in the order in which they were asked for. */
  static Scores scores(float[] metrics, int matrix, boolean classes) {
    double second = metrics[2 * matrix + 1];
    return new Scores(metrics[2 * matrix], classes ? 1 - second : second);
  }

  static String errorMetric(int classes) {
    return classes == 2 ? "error" : "merror";
  }

  static Map<String, Object> parameters(int classes, Settings settings, int seed) {
    Map<String, Object> parameters = new HashMap<>();
    if (classes == 0) {
      parameters.put("objective", "reg:squarederror");
      parameters.put("eval_metric", "rmse");
    } else if (classes == 2) {
      parameters.put("objective", "binary:logistic");
      parameters.put("eval_metric", "logloss");
    } else {
      parameters.put("objective", "multi:softprob");
      parameters.put("num_class", classes);
      parameters.put("eval_metric", "mlogloss");
    }
    parameters.put("tree_method", "hist");
    parameters.put("nthread", 1);
    parameters.put("seed", seed);
    parameters.put("verbosity", 0);
    parameters.put("eta", settings.real("learning_rate"));
    parameters.put("max_depth", settings.whole("max_depth"));
    parameters.put("min_child_weight", settings.real("min_child_weight"));
    parameters.put("subsample", settings.real("subsample"));
    parameters.put("colsample_bytree", settings.real("colsample"));
    parameters.put("lambda", settings.real("lambda"));
    parameters.put("gamma", settings.real("gamma"));
    return parameters;
  }

  static DMatrix matrix(Split.Rows rows) throws XGBoostError {
    int width = rows.features()[0].length;
    float[] values = new float[rows.count() * width];
    float[] targets = new float[rows.count()];
    for (int i = 0; i < rows.count(); i++) {
      for (int j = 0; j < width; j++) {
        values[i * width + j] = (float) rows.features()[i][j];
      }
      targets[i] = (float) rows.targets()[i];
    }
    DMatrix matrix = new DMatrix(values, rows.count(), width, Float.NaN);
    matrix.setLabel(targets);
    return matrix;
  }
}
