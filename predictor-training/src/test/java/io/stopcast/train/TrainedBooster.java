package io.stopcast.train;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Boosters for tests, really trained on synthetic rows with a quarter of the values missing; the same each time. */
final class TrainedBooster {
  private TrainedBooster() {}

  /** Trains on so many rows with binary:logistic and one thread; {@code parameters} come on top. */
  static Booster train(int features, int rows, int rounds, Map<String, Object> parameters) throws XGBoostError {
    Map<String, Object> all = new HashMap<>(Map.of("objective", "binary:logistic", "nthread", 1, "seed", 1));
    all.putAll(parameters);
    float[][] x = rows(features, rows, 3);
    SplittableRandom noise = new SplittableRandom(4);
    float[] y = new float[rows];
    for (int i = 0; i < rows; i++) {
      float a = Float.isNaN(x[i][0]) ? 0.7f : x[i][0];
      float b = Float.isNaN(x[i][1]) ? -1 : x[i][1];
      y[i] = a * b + x[i][features - 1] + noise.nextGaussian() > 0 ? 1 : 0;
    }
    DMatrix data = matrix(x);
    data.setLabel(y);
    return XGBoost.train(data, all, rounds, Map.of(), null, null);
  }

  /** Gaussian values, a third of the columns rounded so that many are exactly alike, each but the last with gaps. */
  static float[][] rows(int features, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[count][features];
    for (float[] row : rows) {
      for (int f = 0; f < features; f++) {
        float value = (float) random.nextGaussian();
        row[f] = f % 3 == 0 ? Math.round(value * 2) / 2f : value;
        if (f < features - 1 && random.nextInt(4) == 0) {
          row[f] = Float.NaN;
        }
      }
    }
    return rows;
  }

  static DMatrix matrix(float[][] rows) throws XGBoostError {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
    }
    return new DMatrix(flat, rows.length, rows[0].length, Float.NaN);
  }
}
