package io.stopcast.train;

import com.oracle.labs.mlrg.olcut.provenance.ObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import com.oracle.labs.mlrg.olcut.provenance.primitives.IntProvenance;
import com.oracle.labs.mlrg.olcut.provenance.primitives.StringProvenance;
import com.oracle.labs.mlrg.olcut.util.Pair;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.java.util.BigDenseMatrix;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.xgboost.XGBoostClassificationTrainer;
import org.tribuo.common.xgboost.XGBoostModel;
import org.tribuo.common.xgboost.XGBoostTrainer.BoosterType;
import org.tribuo.common.xgboost.XGBoostTrainer.LoggingVerbosity;
import org.tribuo.common.xgboost.XGBoostTrainer.TreeMethod;
import org.tribuo.provenance.DatasetProvenance;
import org.tribuo.provenance.ModelProvenance;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.provenance.TrainerProvenance;
import org.tribuo.provenance.impl.TrainerProvenanceImpl;

/**
 * Grows one tree a round with XGBoost, and tells in Tribuo's words how.
 *
 * <p>Tribuo's own trainer grows two a round ({@code multi:softprob}) and takes examples whose features have names, which
 * at half a million rows take longer to make and to sort than the trees to grow. The provenance carries no clock and no
 * machine, so that the same rows give the same bytes anywhere.
 */
final class BinaryBoostingTrainer {
  /** In place of the wall clock, in every provenance that goes into a model file. */
  private static final OffsetDateTime NO_TIME = OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC);

  /** One: sums in another order would give other bytes; folds run in parallel instead. */
  private static final int THREADS = 1;

  private final Recipe recipe;

  BinaryBoostingTrainer(Recipe recipe) {
    this.recipe = recipe;
  }

  /** Returns the trees; to be disposed of. */
  Booster grow(WeightedRows rows) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("objective", "binary:logistic");
    parameters.put("booster", "gbtree");
    parameters.put("tree_method", "hist");
    parameters.put("eta", recipe.eta());
    parameters.put("max_depth", recipe.depth());
    parameters.put("min_child_weight", recipe.minChildWeight());
    parameters.put("subsample", recipe.subsample());
    parameters.put("colsample_bytree", recipe.featureSubsample());
    parameters.put("lambda", recipe.lambda());
    parameters.put("seed", recipe.seed());
    parameters.put("nthread", THREADS);
    parameters.put("verbosity", 0);
    try {
      DMatrix matrix = matrix(rows);
      try {
        return XGBoost.train(matrix, parameters, recipe.trees(), Map.of(), null, null);
      } finally {
        matrix.dispose();
      }
    } catch (XGBoostError e) {
      throw new IllegalStateException("xgboost could not train: " + e.getMessage(), e);
    }
  }

  /**
   * Returns XGBoost's own copy of the rows. On the way they are copied outside the heap, as one more copy on it would be larger than all
   * else; handing them over one by one takes twice as long.
   */
  private static DMatrix matrix(WeightedRows rows) throws XGBoostError {
    BigDenseMatrix values = new BigDenseMatrix(rows.size(), rows.width());
    try {
      long at = 0;
      for (int row = 0; row < rows.size(); row++) {
        for (float value : rows.features()[row]) {
          values.set(at++, value);
        }
      }
      DMatrix matrix = new DMatrix(values, Float.NaN);
      matrix.setLabel(rows.labels());
      matrix.setWeight(rows.weights());
      return matrix;
    } finally {
      values.dispose();
    }
  }

  /** Returns what trees grown on these rows come from. */
  ModelProvenance provenance(WeightedRows rows) {
    return new ModelProvenance(XGBoostModel.class.getName(), NO_TIME, data(rows), trainer(), Map.of(), false);
  }

  private TrainerProvenance trainer() {
    Map<String, Provenance> provenance =
        entries(
            new XGBoostClassificationTrainer(
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
                    THREADS,
                    LoggingVerbosity.SILENT,
                    recipe.seed())
                .getProvenance());
    provenance.put(
        ObjectProvenance.CLASS_NAME, new StringProvenance(ObjectProvenance.CLASS_NAME, getClass().getName()));
    return new TrainerProvenanceImpl(provenance);
  }

  private static DatasetProvenance data(WeightedRows rows) {
    LabelFactory labels = new LabelFactory();
    Map<String, Provenance> provenance =
        entries(
            new MutableDataset<Label>(new SimpleDataSourceProvenance(rows.description(), NO_TIME, labels), labels)
                .getProvenance());
    provenance.put("num-examples", new IntProvenance("num-examples", rows.size()));
    provenance.put("num-features", new IntProvenance("num-features", rows.width()));
    provenance.put("num-outputs", new IntProvenance("num-outputs", 2));
    return new DatasetProvenance(provenance);
  }

  private static Map<String, Provenance> entries(Iterable<Pair<String, Provenance>> provenance) {
    Map<String, Provenance> entries = new HashMap<>();
    provenance.forEach(entry -> entries.put(entry.getA(), entry.getB()));
    return entries;
  }
}
