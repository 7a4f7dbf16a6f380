package io.stopcast.train;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Covers;
import io.stopcast.model.GoldenRows;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.Priors;
import io.stopcast.model.Promises;
import io.stopcast.model.StopModel;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * Writes trees as a model file that {@link ModelFile} accepts: the same input gives the same bytes.
 *
 * <p>XGBoost and ONNX agree on what a split means if it is written as BRANCH_LT, true for left, on float32. They do
 * not agree on the order of the sum: XGBoost begins with the base, ONNX Runtime ends with it. So the base goes into
 * the leaves of the first tree and ONNX gets a base of zero; then all three, the booster, ONNX Runtime and {@link
 * ModelFile#scorer}, give the same bits.
 */
public final class OnnxExport {
  /** 8 and 15 are old enough for every ONNX Runtime of the last years, 3 is the last set with this tree operator. */
  private static final int IR_VERSION = 8;

  private static final int OPSET = 15;
  private static final int ML_OPSET = 3;

  private OnnxExport() {}

  /**
   * Returns a model file, as its reader accepts it.
   *
   * @param trees what to score with; feature {@code i} of the booster is name {@code i} of the schema
   * @param schema the inputs
   * @param thresholds from which score on to stop, by price
   * @param metadata further text to travel along, by keys that begin with {@code stopcast.}; those that this class
   *     writes itself are refused
   * @param goldenRows rows of features, whose margins are computed here and travel along
   * @throws IllegalArgumentException if the outcome is not what {@link ModelFile} accepts
   */
  public static ModelFile write(
      BoosterDump trees,
      FeatureSchema schema,
      PriceThresholds thresholds,
      SortedMap<String, String> metadata,
      float[][] goldenRows) {
    if (trees.features() > schema.size()) {
      throw new IllegalArgumentException(
          "the booster was trained on %d features, but the schema names only %d; pass the schema it was trained for"
              .formatted(trees.features(), schema.size()));
    }
    SortedMap<String, String> properties = new TreeMap<>();
    properties.put(ModelFile.FORMAT, ModelFile.CURRENT_FORMAT);
    properties.put(ModelFile.SCHEMA_VERSION, Integer.toString(schema.version()));
    properties.put(ModelFile.SCHEMA_NAMES, String.join("\n", schema.names()));
    properties.put(ModelFile.SCHEMA_SHA256, schema.sha256());
    properties.put(ModelFile.THRESHOLDS, thresholds.format());
    properties.put(ModelFile.COVERS, covers(trees).format());
    metadata.forEach(
        (key, value) -> {
          if (key.equals(ModelFile.GOLDEN) || properties.put(key, value) != null) {
            throw new IllegalArgumentException("property '%s' is written by the export; leave it out".formatted(key));
          }
        });
    GraphProto graph = graph(trees, schema.size());
    try {
      byte[] withoutGolden = model(graph, properties);
      StopModel scorer = ModelFile.read(withoutGolden, "the exported model").scorer();
      float[] margins = new float[goldenRows.length];
      for (int i = 0; i < margins.length; i++) {
        margins[i] = scorer.margin(goldenRows[i]);
      }
      properties.put(ModelFile.GOLDEN, GoldenRows.of(goldenRows, margins).format());
      return ModelFile.read(model(graph, properties), "the exported model");
    } catch (ModelRejectedException e) {
      throw new IllegalArgumentException("these trees, names or properties make no model file: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the same model with other earlier runs. What it promised it promises no longer, since that was certified with the
   * earlier runs that it had; nothing else in the file changes.
   */
  public static ModelFile withPriors(ModelFile model, Priors priors) {
    return changed(
        model,
        "with other earlier runs",
        properties -> {
          properties.put(ModelFile.PRIORS, priors.format());
          properties.remove(ModelFile.PROMISE);
        });
  }

  /** Returns the same model with these promises and no others: nothing else in the file changes. */
  public static ModelFile withPromises(ModelFile model, Promises promises) {
    return changed(model, "with promises", properties -> properties.put(ModelFile.PROMISE, promises.format()));
  }

  private static ModelFile changed(ModelFile model, String how, Consumer<SortedMap<String, String>> change) {
    try {
      ModelProto.Builder changed = ModelProto.parseFrom(model.bytes()).toBuilder();
      SortedMap<String, String> properties = new TreeMap<>();
      changed.getMetadataPropsList().forEach(entry -> properties.put(entry.getKey(), entry.getValue()));
      change.accept(properties);
      changed.clearMetadataProps();
      properties.forEach(
          (key, value) -> changed.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
      return ModelFile.read(changed.build().toByteArray(), model.where() + " " + how);
    } catch (InvalidProtocolBufferException | ModelRejectedException e) {
      throw new IllegalStateException("a checked model could not be written again: " + e.getMessage(), e);
    }
  }

  private static byte[] model(GraphProto graph, SortedMap<String, String> properties) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("stopcast")
            .setGraph(graph)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(ML_OPSET));
    properties.forEach(
        (key, value) -> model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  /** In the order of the nodes, as the graph has them. */
  private static Covers covers(BoosterDump dump) {
    DoubleStream.Builder toTrue = DoubleStream.builder();
    for (BoosterDump.Tree tree : dump.trees()) {
      for (int n = 0; n < tree.nodes(); n++) {
        if (tree.left[n] >= 0) {
          double left = tree.cover[tree.left[n]];
          double both = left + tree.cover[tree.right[n]];
          toTrue.add(both > 0 ? left / both : .5);
        }
      }
    }
    return Covers.of(toTrue.build().toArray());
  }

  private static GraphProto graph(BoosterDump trees, int features) {
    return GraphProto.newBuilder()
        .setName("stopcast")
        .addNode(regressor(trees))
        .addNode(
            NodeProto.newBuilder()
                .setName("to_probability")
                .setOpType("Sigmoid")
                .addInput("margin")
                .addOutput("probability"))
        .addInput(tensor("features", features))
        .addOutput(tensor("margin", 1))
        .addOutput(tensor("probability", 1))
        .build();
  }

  private static NodeProto regressor(BoosterDump dump) {
    AttributeProto.Builder treeIds = ints("nodes_treeids");
    AttributeProto.Builder nodeIds = ints("nodes_nodeids");
    AttributeProto.Builder featureIds = ints("nodes_featureids");
    AttributeProto.Builder trueIds = ints("nodes_truenodeids");
    AttributeProto.Builder falseIds = ints("nodes_falsenodeids");
    AttributeProto.Builder missing = ints("nodes_missing_value_tracks_true");
    AttributeProto.Builder modes = attribute("nodes_modes", AttributeProto.AttributeType.STRINGS);
    AttributeProto.Builder values = attribute("nodes_values", AttributeProto.AttributeType.FLOATS);
    AttributeProto.Builder targetTreeIds = ints("target_treeids");
    AttributeProto.Builder targetNodeIds = ints("target_nodeids");
    AttributeProto.Builder targetIds = ints("target_ids");
    AttributeProto.Builder weights = attribute("target_weights", AttributeProto.AttributeType.FLOATS);
    ByteString leafMode = ByteString.copyFromUtf8("LEAF");
    ByteString branchMode = ByteString.copyFromUtf8("BRANCH_LT");
    for (int t = 0; t < dump.trees().size(); t++) {
      BoosterDump.Tree tree = dump.trees().get(t);
      for (int n = 0; n < tree.nodes(); n++) {
        boolean leaf = tree.left[n] < 0;
        treeIds.addInts(t);
        nodeIds.addInts(n);
        featureIds.addInts(tree.feature[n]);
        modes.addStrings(leaf ? leafMode : branchMode);
        values.addFloats(leaf ? 0 : tree.value[n]);
        trueIds.addInts(leaf ? 0 : tree.left[n]);
        falseIds.addInts(leaf ? 0 : tree.right[n]);
        missing.addInts(tree.defaultLeft[n] ? 1 : 0);
        if (leaf) {
          targetTreeIds.addInts(t);
          targetNodeIds.addInts(n);
          targetIds.addInts(0);
          weights.addFloats(t == 0 ? dump.base() + tree.value[n] : tree.value[n]);
        }
      }
    }
    return NodeProto.newBuilder()
        .setName("trees")
        .setOpType("TreeEnsembleRegressor")
        .setDomain("ai.onnx.ml")
        .addInput("features")
        .addOutput("margin")
        .addAttribute(string("post_transform", "NONE"))
        .addAttribute(string("aggregate_function", "SUM"))
        .addAttribute(attribute("n_targets", AttributeProto.AttributeType.INT).setI(1))
        .addAttribute(attribute("base_values", AttributeProto.AttributeType.FLOATS).addFloats(0))
        .addAttribute(treeIds)
        .addAttribute(nodeIds)
        .addAttribute(featureIds)
        .addAttribute(modes)
        .addAttribute(values)
        .addAttribute(trueIds)
        .addAttribute(falseIds)
        .addAttribute(missing)
        .addAttribute(targetTreeIds)
        .addAttribute(targetNodeIds)
        .addAttribute(targetIds)
        .addAttribute(weights)
        .build();
  }

  private static AttributeProto.Builder ints(String name) {
    return attribute(name, AttributeProto.AttributeType.INTS);
  }

  private static AttributeProto.Builder string(String name, String value) {
    return attribute(name, AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  /** A float32 tensor with a row for each input row and so many columns. */
  private static ValueInfoProto tensor(String name, int columns) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()).setShape(shape)))
        .build();
  }
}
