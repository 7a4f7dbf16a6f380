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
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.GoldenRows;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.StopModel;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes trees and what belongs to them as one self-contained ONNX file: {@code features} [N, F] -> TreeEnsembleRegressor
 * -> {@code margin} [N, 1] -> Sigmoid -> {@code probability} [N, 1].
 *
 * <p>The same input gives the same bytes. Nodes are BRANCH_LT on 32-bit floats, as xgboost compares.
 */
final class OnnxExport {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 13;
  private static final int ML_OPSET = 1;

  private OnnxExport() {}

  /**
   * @param metadata what else the file should say, under keys that start with {@code stopcast.}
   * @param golden rows that are stored with their margins
   */
  static byte[] write(
      BoosterDump dump,
      FeatureSchema schema,
      PriceThresholds thresholds,
      SortedMap<String, String> metadata,
      float[][] golden)
      throws ModelRejectedException {
    SortedMap<String, String> all = new TreeMap<>(metadata);
    all.put(ModelFile.FORMAT, ModelFile.FORMAT_VERSION);
    all.put(ModelFile.SCHEMA_VERSION, Integer.toString(schema.version()));
    all.put(ModelFile.SCHEMA_NAMES, String.join("\n", schema.names()));
    all.put(ModelFile.SCHEMA_SHA256, schema.sha256());
    all.put(ModelFile.THRESHOLDS, thresholds.toString());
    GraphProto graph = graph(dump, schema.size());
    // The margins are those of the very scorer that will be asked, on the very trees.
    try (StopModel scorer = ModelFile.read(bytes(graph, all), "the model being written").scorer()) {
      float[] margins = new float[golden.length];
      for (int i = 0; i < golden.length; i++) {
        margins[i] = scorer.margin(golden[i]);
      }
      all.put(ModelFile.GOLDEN, new GoldenRows(golden, margins).encode());
    }
    return bytes(graph, all);
  }

  private static byte[] bytes(GraphProto graph, Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("stopcast")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(ML_OPSET))
            .setGraph(graph);
    metadata.forEach(
        (key, value) -> model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  private static GraphProto graph(BoosterDump dump, int features) {
    return GraphProto.newBuilder()
        .setName("stopcast")
        .addInput(tensor("features", features))
        .addOutput(tensor("margin", 1))
        .addOutput(tensor("probability", 1))
        .addNode(ensemble(dump))
        .addNode(NodeProto.newBuilder().setName("logistic").setOpType("Sigmoid").addInput("margin").addOutput("probability"))
        .build();
  }

  private static ValueInfoProto tensor(String name, int columns) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
            .build();
    TypeProto.Tensor type =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()).setShape(shape).build();
    return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(type)).build();
  }

  private static NodeProto ensemble(BoosterDump dump) {
    AttributeProto.Builder treeIds = integers("nodes_treeids");
    AttributeProto.Builder nodeIds = integers("nodes_nodeids");
    AttributeProto.Builder features = integers("nodes_featureids");
    AttributeProto.Builder whenTrue = integers("nodes_truenodeids");
    AttributeProto.Builder whenFalse = integers("nodes_falsenodeids");
    AttributeProto.Builder missing = integers("nodes_missing_value_tracks_true");
    AttributeProto.Builder modes =
        AttributeProto.newBuilder().setName("nodes_modes").setType(AttributeProto.AttributeType.STRINGS);
    AttributeProto.Builder values = floats("nodes_values");
    AttributeProto.Builder leafTrees = integers("target_treeids");
    AttributeProto.Builder leafNodes = integers("target_nodeids");
    AttributeProto.Builder targets = integers("target_ids");
    AttributeProto.Builder weights = floats("target_weights");
    ByteString branch = ByteString.copyFromUtf8("BRANCH_LT");
    ByteString leaf = ByteString.copyFromUtf8("LEAF");
    for (int t = 0; t < dump.trees().size(); t++) {
      BoosterDump.Tree tree = dump.trees().get(t);
      for (int i = 0; i < tree.size(); i++) {
        boolean isLeaf = tree.isLeaf(i);
        treeIds.addInts(t);
        nodeIds.addInts(i);
        features.addInts(tree.feature()[i]);
        whenTrue.addInts(isLeaf ? 0 : tree.whenTrue()[i]);
        whenFalse.addInts(isLeaf ? 0 : tree.whenFalse()[i]);
        missing.addInts(!isLeaf && tree.missingTrue()[i] ? 1 : 0);
        modes.addStrings(isLeaf ? leaf : branch);
        values.addFloats(isLeaf ? 0 : tree.value()[i]);
        if (isLeaf) {
          leafTrees.addInts(t);
          leafNodes.addInts(i);
          targets.addInts(0);
          weights.addFloats(tree.value()[i]);
        }
      }
    }
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName("trees")
            .setOpType("TreeEnsembleRegressor")
            .setDomain("ai.onnx.ml")
            .addInput("features")
            .addOutput("margin")
            .addAttribute(text("aggregate_function", "SUM"))
            .addAttribute(text("post_transform", "NONE"))
            .addAttribute(
                AttributeProto.newBuilder().setName("n_targets").setType(AttributeProto.AttributeType.INT).setI(1))
            .addAttribute(floats("base_values").addFloats(dump.base()));
    for (AttributeProto.Builder column :
        List.of(
            treeIds, nodeIds, features, modes, values, whenTrue, whenFalse, missing, leafTrees, leafNodes, targets,
            weights)) {
      node.addAttribute(column);
    }
    return node.build();
  }

  private static AttributeProto.Builder integers(String name) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
  }

  private static AttributeProto.Builder floats(String name) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
  }

  private static AttributeProto.Builder text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value));
  }
}
