package io.stopcast.train;

import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.tribuo.Dataset;
import org.tribuo.Example;
import org.tribuo.Feature;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.classification.Label;
import org.tribuo.common.xgboost.XGBoostModel;
import org.tribuo.common.xgboost.XGBoostTrainer;
import org.tribuo.provenance.ModelProvenance;
import org.tribuo.provenance.TrainerProvenance;
import org.tribuo.provenance.impl.TrainerProvenanceImpl;

/**
 * Tribuo's XGBoost trainer with a binary objective, so that a round grows one tree: the stock classifier trains two with
 * {@code multi:softprob}.
 *
 * <p>Differs from the stock trainer in two more points. Rows go to xgboost through primitive arrays, not boxed lists,
 * which at a million rows is the difference between 0.6 and 4 GB. And the provenance carries no clock and no machine, so
 * that the same rows give the same bytes anywhere.
 */
final class BinaryBoostingTrainer extends XGBoostTrainer<Label> {
  static final Label STOP = new Label("stop");
  static final Label CONTINUE = new Label("continue");
  /** In place of the wall clock, in every provenance that goes into a model file. */
  static final OffsetDateTime NO_TIME = OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC);

  BinaryBoostingTrainer(Recipe recipe) {
    super(
        BoosterType.GBTREE,
        TreeMethod.HIST,
        recipe.trees(),
        recipe.eta(),
        0,
        recipe.depth(),
        recipe.minChildWeight(),
        recipe.subsample(),
        recipe.featureSubsample(),
        recipe.lambda(),
        0,
        1, // one thread: sums in another order would give other bytes; folds run in parallel instead
        LoggingVerbosity.SILENT,
        recipe.seed());
    postConfig();
  }

  @Override
  public void postConfig() {
    super.postConfig();
    parameters.put("objective", "binary:logistic");
  }

  @Override
  public XGBoostModel<Label> train(Dataset<Label> examples) {
    return train(examples, Map.of());
  }

  @Override
  public XGBoostModel<Label> train(Dataset<Label> examples, Map<String, Provenance> runProvenance) {
    return train(examples, runProvenance, INCREMENT_INVOCATION_COUNT);
  }

  @Override
  public synchronized XGBoostModel<Label> train(
      Dataset<Label> examples, Map<String, Provenance> runProvenance, int invocationCount) {
    if (invocationCount != INCREMENT_INVOCATION_COUNT) {
      setInvocationCount(invocationCount);
    }
    TrainerProvenance trainer = getProvenance();
    trainInvocationCounter++;
    try {
      DMatrix matrix = matrix(examples);
      Booster booster;
      try {
        booster = XGBoost.train(matrix, copyParams(parameters), numTrees, Map.of(), null, null);
      } finally {
        matrix.dispose();
      }
      ModelProvenance provenance =
          new ModelProvenance(
              XGBoostModel.class.getName(), NO_TIME, examples.getProvenance(), trainer, runProvenance, false);
      return createModel(
          "stopcast",
          provenance,
          examples.getFeatureIDMap(),
          examples.getOutputIDInfo(),
          List.of(booster),
          new StopProbabilityConverter());
    } catch (XGBoostError e) {
      throw new IllegalStateException("xgboost could not train: " + e.getMessage(), e);
    }
  }

  private static DMatrix matrix(Dataset<Label> examples) throws XGBoostError {
    ImmutableFeatureMap ids = examples.getFeatureIDMap();
    int n = examples.size();
    long[] starts = new long[n + 1];
    float[] labels = new float[n];
    float[] weights = new float[n];
    int values = 0;
    for (Example<Label> example : examples) {
      values += example.size();
    }
    int[] columns = new int[values];
    float[] data = new float[values];
    int row = 0;
    int at = 0;
    for (Example<Label> example : examples) {
      // Features come sorted by name, and Tribuo gives ids in the same order: columns increase within a row.
      for (Feature feature : example) {
        columns[at] = ids.getID(feature.getName());
        data[at++] = (float) feature.getValue();
      }
      labels[row] = example.getOutput().getLabel().equals(STOP.getLabel()) ? 1 : 0;
      weights[row++] = example.getWeight();
      starts[row] = at;
    }
    DMatrix matrix = new DMatrix(starts, columns, data, DMatrix.SparseType.CSR, ids.size());
    matrix.setLabel(labels);
    matrix.setWeight(weights);
    return matrix;
  }

  @Override
  public TrainerProvenance getProvenance() {
    return new TrainerProvenanceImpl(this);
  }

  /** Returns for each of the booster's columns the position of its feature in the given order. */
  static int[] columnOrder(XGBoostModel<Label> model, List<String> names) {
    ImmutableFeatureMap ids = model.getFeatureIDMap();
    int[] order = new int[ids.size()];
    Arrays.setAll(order, column -> names.indexOf(ids.get(column).getName()));
    return order;
  }
}
