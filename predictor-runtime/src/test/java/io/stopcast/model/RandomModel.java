package io.stopcast.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.stopcast.feature.FeatureSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Valid model files with random trees, as protobuf builders that a test may then spoil. */
final class RandomModel {
  private static final float[] ODD = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE};

  private final SplittableRandom random;
  private final int features;
  private final Map<String, AttributeProto.Builder> lists = new LinkedHashMap<>();
  private int tree;
  private int node;

  private RandomModel(int features, long seed) {
    this.features = features;
    this.random = new SplittableRandom(seed);
    for (String name :
        new String[] {
          "nodes_treeids",
          "nodes_nodeids",
          "nodes_featureids",
          "nodes_truenodeids",
          "nodes_falsenodeids",
          "nodes_missing_value_tracks_true",
          "target_treeids",
          "target_nodeids",
          "target_ids"
        }) {
      lists.put(name, attribute(name, AttributeType.INTS));
    }
    lists.put("nodes_values", attribute("nodes_values", AttributeType.FLOATS));
    lists.put("target_weights", attribute("target_weights", AttributeType.FLOATS));
    lists.put("nodes_modes", attribute("nodes_modes", AttributeType.STRINGS));
    lists.put("n_targets", attribute("n_targets", AttributeType.INT).setI(1));
    lists.put("base_values", attribute("base_values", AttributeType.FLOATS).addFloats(0.25f));
    lists.put("post_transform", text("post_transform", "NONE"));
    lists.put("aggregate_function", text("aggregate_function", "SUM"));
  }

  /**
   * Returns a model.
   *
   * @param depth no tree is deeper
   * @param fullness the probability that a node above that depth branches
   */
  static ModelProto.Builder of(int features, int trees, int depth, double fullness, long seed) {
    RandomModel model = new RandomModel(features, seed);
    for (int t = 0; t < trees; t++) {
      model.node = 0;
      model.grow(depth, fullness);
      model.tree++;
    }
    return model.build();
  }

  /** Returns a model whose trees all begin by asking the same; a NaN goes to the true child or to the false one. */
  static ModelProto.Builder alike(int features, int trees, int depth, int missing, long seed) {
    RandomModel model = new RandomModel(features, seed);
    for (int t = 0; t < trees; t++) {
      model.node = 0;
      model.node(0, "BRANCH_LT", 0.25f, 1, 0, missing);
      int index = model.lists.get("nodes_falsenodeids").getIntsCount() - 1;
      model.grow(depth - 1, 0.8);
      model.lists.get("nodes_falsenodeids").setInts(index, model.grow(depth - 1, 0.8));
      model.tree++;
    }
    return model.build();
  }

  /** Returns a model of one tree, each of whose branches has a leaf and the next branch below it. */
  static ModelProto.Builder chain(int features, int depth, long seed) {
    RandomModel model = new RandomModel(features, seed);
    for (int d = 0; d < depth; d++) {
      model.branch(2 * d + 1, 2 * d + 2);
      model.leaf();
    }
    model.leaf();
    return model.build();
  }

  static ModelFile file(ModelProto.Builder model) throws ModelRejectedException {
    return ModelFile.read(model.build().toByteArray(), "test.onnx");
  }

  /** The builder of one list of the tree node. */
  static AttributeProto.Builder attribute(ModelProto.Builder model, String name) {
    return model.getGraphBuilder().getNodeBuilder(0).getAttributeBuilderList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static StringStringEntryProto.Builder property(ModelProto.Builder model, String key) {
    return model.getMetadataPropsBuilderList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private int grow(int depth, double fullness) {
    if (depth == 0 || random.nextDouble() > fullness) {
      return leaf();
    }
    int own = branch(0, 0);
    int left = grow(depth - 1, fullness);
    int right = grow(depth - 1, fullness);
    // Nodes are not asked to come in any order below their root, so neither child is always the next.
    boolean swap = random.nextBoolean();
    int index = lists.get("nodes_truenodeids").getIntsCount() - node + own;
    lists.get("nodes_truenodeids").setInts(index, swap ? right : left);
    lists.get("nodes_falsenodeids").setInts(index, swap ? left : right);
    return own;
  }

  private int branch(int ifTrue, int ifFalse) {
    float threshold = random.nextInt(8) == 0 ? ODD[random.nextInt(ODD.length)] : (float) random.nextGaussian();
    return node(random.nextInt(features), "BRANCH_LT", threshold, ifTrue, ifFalse, random.nextInt(2));
  }

  private int leaf() {
    lists.get("target_treeids").addInts(tree);
    lists.get("target_nodeids").addInts(node);
    lists.get("target_ids").addInts(0);
    lists.get("target_weights").addFloats((float) random.nextGaussian());
    return node(0, "LEAF", 0, 0, 0, 0);
  }

  private int node(int feature, String mode, float value, int ifTrue, int ifFalse, int missing) {
    lists.get("nodes_treeids").addInts(tree);
    lists.get("nodes_nodeids").addInts(node);
    lists.get("nodes_featureids").addInts(feature);
    lists.get("nodes_modes").addStrings(ByteString.copyFromUtf8(mode));
    lists.get("nodes_values").addFloats(value);
    lists.get("nodes_truenodeids").addInts(ifTrue);
    lists.get("nodes_falsenodeids").addInts(ifFalse);
    lists.get("nodes_missing_value_tracks_true").addInts(missing);
    return node++;
  }

  private ModelProto.Builder build() {
    FeatureSchema schema = new FeatureSchema(1, IntStream.range(0, features).mapToObj(i -> "f" + i).toList());
    NodeProto.Builder trees =
        NodeProto.newBuilder()
            .setName("trees")
            .setOpType("TreeEnsembleRegressor")
            .setDomain("ai.onnx.ml")
            .addInput("features")
            .addOutput("margin");
    lists.values().forEach(trees::addAttribute);
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("test")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(15))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(3))
        .setGraph(
            GraphProto.newBuilder()
                .setName("test")
                .addNode(trees)
                .addNode(NodeProto.newBuilder().setOpType("Sigmoid").addInput("margin").addOutput("probability"))
                .addInput(tensor("features", features))
                .addOutput(tensor("margin", 1))
                .addOutput(tensor("probability", 1)))
        .addMetadataProps(entry("stopcast.format", "1"))
        .addMetadataProps(entry("stopcast.schema.version", "1"))
        .addMetadataProps(entry("stopcast.schema.names", String.join("\n", schema.names())))
        .addMetadataProps(entry("stopcast.schema.sha256", schema.sha256()))
        .addMetadataProps(entry("stopcast.thresholds", "0.03=0.61;0.1=0.55;0.3=0.5"));
  }

  static StringStringEntryProto.Builder entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
  }

  static AttributeProto.Builder attribute(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  private static AttributeProto.Builder text(String name, String value) {
    return attribute(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
  }

  private static ValueInfoProto.Builder tensor(String name, int columns) {
    ValueInfoProto.Builder tensor = ValueInfoProto.newBuilder().setName(name);
    TypeProto.Tensor.Builder type = tensor.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    type.getShapeBuilder().addDimBuilder().setDimParam("N");
    type.getShapeBuilder().addDimBuilder().setDimValue(columns);
    return tensor;
  }
}
