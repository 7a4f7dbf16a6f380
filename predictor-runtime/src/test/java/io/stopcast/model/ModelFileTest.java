package io.stopcast.model;

import static io.stopcast.model.RandomModel.attribute;
import static io.stopcast.model.RandomModel.entry;
import static io.stopcast.model.RandomModel.property;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.stopcast.feature.FeatureSchema;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {
  /** Two full trees of depth 2 over three features: nodes 0 (branch), 1 (branch), 2, 3, 4 (branch), 5, 6 in each. */
  private static ModelProto.Builder model() {
    return RandomModel.of(3, 2, 2, 1, 1);
  }

  private static GraphProto.Builder graph(ModelProto.Builder model) {
    return model.getGraphBuilder();
  }

  private static NodeProto.Builder trees(ModelProto.Builder model) {
    return graph(model).getNodeBuilder(0);
  }

  private static NodeProto.Builder sigmoid(ModelProto.Builder model) {
    return graph(model).getNodeBuilder(1);
  }

  private static void ints(ModelProto.Builder model, String list, int index, long value) {
    attribute(model, "nodes_" + list).setInts(index, value);
  }

  private static void duplicate(ModelProto.Builder model, String... lists) {
    for (String list : lists) {
      AttributeProto.Builder attribute = attribute(model, list);
      if (attribute.getType() == AttributeType.INTS) {
        attribute.addInts(attribute.getInts(attribute.getIntsCount() - 1));
      } else {
        attribute.addFloats(attribute.getFloats(attribute.getFloatsCount() - 1));
      }
    }
  }

  private static UnknownFieldSet unknown(int field) {
    return UnknownFieldSet.newBuilder()
        .addField(field, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }

  private static TensorProto.Builder outside(String location) {
    return TensorProto.newBuilder()
        .addDims(1)
        .setDataType(1)
        .setName("w")
        .addExternalData(entry("offset", "0"))
        .addExternalData(entry("location", location))
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
  }

  private static Arguments refused(String name, String code, String detail, Consumer<ModelProto.Builder> change) {
    return arguments(name, code, detail, change);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        // Versions.
        refused("old IR", "006", "IR version must be within 7..10, but is 6", m -> m.setIrVersion(6)),
        refused("new IR", "006", "IR version must be within 7..10, but is 99", m -> m.setIrVersion(99)),
        refused("no IR", "006", "IR version must be within 7..10, but is 0", m -> m.clearIrVersion()),
        refused(
            "new operators",
            "006",
            "operator set ai.onnx must be within 13..21, but is 22",
            m -> m.getOpsetImportBuilder(0).setVersion(22)),
        refused(
            "new tree operators",
            "006",
            "operator set ai.onnx.ml must be within 1..3, but is 5",
            m -> m.getOpsetImportBuilder(1).setVersion(5)),
        refused(
            "no tree operators",
            "006",
            "operator set ai.onnx.ml must be within 1..3, but is 0",
            m -> m.removeOpsetImport(1)),
        refused(
            "other operators",
            "006",
            "a stop model uses the operator sets ai.onnx and ai.onnx.ml only, but this one has more",
            m -> m.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))),
        refused(
            "operators twice",
            "006",
            "operator set \"\" is named twice",
            m -> m.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(15))),

        // What else a file may hold.
        refused(
            "outside data",
            "007",
            "it refers to outside data \"../secret.bin\"; models must be self-contained",
            m -> graph(m).addInitializer(outside("../secret.bin"))),
        refused(
            "outside data with an evil name",
            "007",
            "it refers to outside data \"\\u001b[2J\\u202e\\u0022"
                + "x".repeat(114)
                + "...\"; models must be self-contained",
            m -> graph(m).addInitializer(outside("\u001b[2J\u202e\"" + "x".repeat(500)))),
        refused(
            "outside data in an attribute",
            "007",
            "it refers to outside data \"/etc/passwd\"; models must be self-contained",
            m ->
                trees(m)
                    .addAttribute(
                        RandomModel.attribute("base_values_as_tensor", AttributeType.TENSOR)
                            .setT(outside("/etc/passwd")))),
        refused(
            "initializer",
            "008",
            "an initializer holds a tensor; a stop model keeps its numbers in the tree node's lists",
            m -> graph(m).addInitializer(TensorProto.newBuilder().addDims(1).setDataType(1).addFloatData(1))),
        refused(
            "sparse initializer",
            "008",
            "it holds a sparse initializer; a stop model has none",
            m -> graph(m).addSparseInitializer(SparseTensorProto.newBuilder().addDims(1))),
        refused(
            "subgraph",
            "008",
            "attribute \"body\" holds a graph; a stop model has one graph only",
            m ->
                trees(m)
                    .addAttribute(RandomModel.attribute("body", AttributeType.GRAPH).setG(GraphProto.newBuilder()))),
        refused(
            "function",
            "008",
            "it holds functions; only the built-in operators are allowed",
            m -> m.addFunctions(FunctionProto.newBuilder().setName("f"))),
        refused(
            "training information",
            "008",
            "it holds training information; export the model for inference only",
            m -> m.addTrainingInfo(TrainingInfoProto.newBuilder())),
        refused(
            "a field from the future",
            "005",
            "field 30 of ModelProto is not one that a stop model has",
            m -> m.setUnknownFields(unknown(30))),
        refused(
            "a field from the future in a node",
            "005",
            "field 30 of NodeProto is not one that a stop model has",
            m -> trees(m).setUnknownFields(unknown(30))),
        refused(
            "inner values",
            "005",
            "field 13 of GraphProto is not one that a stop model has",
            m -> graph(m).addValueInfo(ValueInfoProto.newBuilder().setName("margin"))),

        // The graph.
        refused(
            "no graph",
            "008",
            "a stop model has two nodes, one input and two outputs, but this one has 0, 0 and 0",
            m -> m.clearGraph()),
        refused(
            "third node",
            "008",
            "a stop model has two nodes, one input and two outputs, but this one has more",
            m -> graph(m).addNode(NodeProto.newBuilder().setOpType("Identity"))),
        refused(
            "second input",
            "008",
            "a stop model has two nodes, one input and two outputs, but this one has more",
            m -> graph(m).addInput(graph(m).getInput(0))),
        refused(
            "one output",
            "008",
            "a stop model has two nodes, one input and two outputs, but this one has 2, 1 and 1",
            m -> graph(m).removeOutput(1)),
        refused(
            "classifier",
            "008",
            "expected operator TreeEnsembleRegressor of domain \"ai.onnx.ml\" from [features] to [margin],"
                + " but found \"TreeEnsembleClassifier\" of domain \"ai.onnx.ml\" from \"[features]\" to \"[margin]\"",
            m -> trees(m).setOpType("TreeEnsembleClassifier")),
        refused(
            "other function at the end",
            "008",
            "expected operator Sigmoid of domain \"\" from [margin] to [probability],"
                + " but found \"Softmax\" of domain \"\" from \"[margin]\" to \"[probability]\"",
            m -> sigmoid(m).setOpType("Softmax")),
        refused(
            "skips the trees",
            "008",
            "expected operator Sigmoid of domain \"\" from [margin] to [probability],"
                + " but found \"Sigmoid\" of domain \"\" from \"[features]\" to \"[probability]\"",
            m -> sigmoid(m).setInput(0, "features")),
        refused(
            "double input",
            "008",
            "expected a float tensor \"features\" of any number of rows and 1..4096 columns,"
                + " but found \"features\" with element type 11 and shape \"[-1, 3]\"",
            m -> graph(m).getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(11)),
        refused(
            "fixed number of rows",
            "008",
            "expected a float tensor \"margin\" of any number of rows and 1 columns,"
                + " but found \"margin\" with element type 1 and shape \"[7, 1]\"",
            m ->
                graph(m)
                    .getOutputBuilder(0)
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(0)
                    .setDimValue(7)),
        refused(
            "more columns than names",
            "019",
            "the graph takes 4 features, but stopcast.schema.names names 3",
            m -> columns(m, 4)),
        refused(
            "fewer columns than the trees read",
            "017",
            "tree 0 node 0: feature id 2 is outside 0..0",
            m -> {
              ints(m, "featureids", 0, 2);
              columns(m, 1);
            }),
        refused(
            "no columns",
            "008",
            "a dimension must have a positive size or a name, but has size 0",
            m -> columns(m, 0)),

        // Attributes.
        refused(
            "missing list",
            "009",
            "attribute nodes_values is missing",
            m -> trees(m).removeAttribute(index(m, "nodes_values"))),
        refused(
            "unknown list",
            "009",
            "attribute \"nodes_hitrates\" is not one that a stop model has",
            m ->
                trees(m).addAttribute(RandomModel.attribute("nodes_hitrates", AttributeType.FLOATS).addFloats(1))),
        refused(
            "list twice",
            "009",
            "attribute \"nodes_values\" is there twice",
            m -> trees(m).addAttribute(attribute(m, "nodes_values").clone())),
        refused(
            "list of another kind",
            "009",
            "attribute \"nodes_values\" must hold FLOATS (type 6), but holds INTS and says type 7",
            m -> attribute(m, "nodes_values").clearFloats().addInts(1).setType(AttributeType.INTS)),
        refused(
            "list that lies about its kind",
            "009",
            "attribute \"nodes_values\" must hold FLOATS (type 6), but holds FLOATS and says type 7",
            m -> attribute(m, "nodes_values").setType(AttributeType.INTS)),
        refused(
            "list of two kinds",
            "009",
            "attribute \"nodes_values\" holds values of two kinds",
            m -> attribute(m, "nodes_values").addInts(1)),
        refused(
            "probit",
            "009",
            "attribute post_transform must be NONE, but is \"PROBIT\"",
            m -> attribute(m, "post_transform").setS(ByteString.copyFromUtf8("PROBIT"))),
        refused(
            "average",
            "009",
            "attribute aggregate_function must be SUM, but is \"AVERAGE\"",
            m -> attribute(m, "aggregate_function").setS(ByteString.copyFromUtf8("AVERAGE"))),
        refused(
            "two targets",
            "009",
            "attribute n_targets must be 1, but is \"2\"",
            m -> attribute(m, "n_targets").setI(2)),
        refused(
            "other comparison",
            "009",
            "AttributeProto: value 1 is \"BRANCH_LEQ\", but only LEAF and BRANCH_LT are allowed",
            m -> attribute(m, "nodes_modes").setStrings(1, ByteString.copyFromUtf8("BRANCH_LEQ"))),
        refused(
            "sigmoid with an attribute",
            "009",
            "attribute Sigmoid has none, but here it has some",
            m -> sigmoid(m).addAttribute(attribute(m, "n_targets").clone())),
        refused(
            "half missing",
            "009",
            "tree 0 node 1: missing_value_tracks_true is 2, neither 0 nor 1",
            m -> ints(m, "missing_value_tracks_true", 1, 2)),

        // Lists.
        refused(
            "one list longer",
            "011",
            "all nodes_ lists must be equally long, but treeids, nodeids, modes, featureids, values, truenodeids,"
                + " falsenodeids, missing_value_tracks_true have 14, 14, 14, 14, 15, 14, 14, 14 values",
            m -> duplicate(m, "nodes_values")),
        refused(
            "one target list longer",
            "011",
            "all target_ lists must be equally long, but treeids, nodeids, ids, weights have 8, 8, 8, 9 values",
            m -> duplicate(m, "target_weights")),
        refused(
            "gap between trees",
            "014",
            "node 7 of the list is tree 2 node 0, but trees and their nodes must be numbered upwards from 0:"
                + " expected tree 1 node 0",
            m -> {
              for (int i = 7; i < 14; i++) {
                ints(m, "treeids", i, 2);
              }
            }),
        refused(
            "node twice",
            "014",
            "node 6 of the list is tree 0 node 5, but trees and their nodes must be numbered upwards from 0:"
                + " expected tree 0 node 6",
            m -> ints(m, "nodeids", 6, 5)),
        refused(
            "child far away",
            "014",
            "tree 0 node 1: true-branch id 1000000 is outside 0..6",
            m -> ints(m, "truenodeids", 1, 1_000_000)),
        refused(
            "child in the next tree",
            "014",
            "tree 0 node 1: false-branch id 7 is outside 0..6",
            m -> ints(m, "falsenodeids", 1, 7)),
        refused(
            "negative child",
            "014",
            "tree 1 node 4: false-branch id -1 is outside 0..6",
            m -> ints(m, "falsenodeids", 11, -1)),
        refused(
            "child that 32 bits cannot hold",
            "014",
            "AttributeProto: value 1 is 4294967298, outside the 32-bit range",
            m -> ints(m, "truenodeids", 1, (1L << 32) + 2)),
        refused(
            "other target",
            "014",
            "tree 0 node 2: target id 1 is not 0",
            m -> attribute(m, "target_ids").setInts(0, 1)),
        refused(
            "negative feature",
            "017",
            "tree 1 node 0: feature id -1 is outside 0..2",
            m -> ints(m, "featureids", 7, -1)),

        // Shape.
        refused(
            "node that is its own child",
            "015",
            "tree 0 node 1: its child 1 is reached twice: a cycle or a shared node",
            m -> ints(m, "truenodeids", 1, 1)),
        refused(
            "way back to the root",
            "015",
            "tree 0 node 4: its child 0 is reached twice: a cycle or a shared node",
            m -> ints(m, "falsenodeids", 4, 0)),
        refused(
            "child of two nodes",
            "015",
            "tree 0 node 1: its child 5 is reached twice: a cycle or a shared node",
            m -> {
              ints(m, "truenodeids", 1, 5);
              ints(m, "truenodeids", 4, 5);
              ints(m, "falsenodeids", 4, 6);
            }),
        refused(
            "both children alike",
            "015",
            "tree 0 node 1: its child 2 is reached twice: a cycle or a shared node",
            m -> {
              ints(m, "truenodeids", 1, 2);
              ints(m, "falsenodeids", 1, 2);
            }),
        refused(
            "loop apart from the root",
            "015",
            "tree 0 node 1: it is not reached from the root",
            m -> {
              ints(m, "truenodeids", 0, 5);
              ints(m, "falsenodeids", 0, 6);
            }),

        // Numbers.
        refused(
            "NaN weight",
            "013",
            "tree 0 node 2: weight is NaN",
            m -> attribute(m, "target_weights").setFloats(0, Float.NaN)),
        refused(
            "infinite weight",
            "013",
            "tree 1 node 6: weight is -Infinity",
            m -> attribute(m, "target_weights").setFloats(7, Float.NEGATIVE_INFINITY)),
        refused(
            "NaN threshold",
            "013",
            "tree 0 node 1: threshold is NaN",
            m -> attribute(m, "nodes_values").setFloats(1, Float.NaN)),
        refused(
            "infinite threshold",
            "013",
            "tree 0 node 0: threshold is Infinity",
            m -> attribute(m, "nodes_values").setFloats(0, Float.POSITIVE_INFINITY)),
        refused(
            "NaN base",
            "013",
            "base_values must be one finite number, but is NaN",
            m -> attribute(m, "base_values").setFloats(0, Float.NaN)),
        refused(
            "two bases",
            "013",
            "base_values must be one finite number, but has 2 values",
            m -> attribute(m, "base_values").addFloats(1)),
        refused(
            "sum beyond float32",
            "013",
            "the leaf weights are so large that their sum may overflow",
            m -> attribute(m, "target_weights").setFloats(0, 3e38f).setFloats(4, -3e38f)),

        // Weights of leaves.
        refused(
            "leaf without a weight",
            "016",
            "tree 0 node 3: the leaf has no weight, or weights are not in the order of the leaves",
            m -> removeTarget(m, 1)),
        refused(
            "last leaf without a weight",
            "016",
            "tree 1 node 6: the leaf has no weight, or weights are not in the order of the leaves",
            m -> removeTarget(m, 7)),
        refused(
            "leaf with two weights",
            "016",
            "weight 8 is for tree 1 node 6, which is no leaf or has a weight already",
            m -> duplicate(m, "target_treeids", "target_nodeids", "target_ids", "target_weights")),
        refused(
            "branch with a weight",
            "016",
            "tree 0 node 1: it has a weight but is no leaf",
            m -> attribute(m, "target_nodeids").setInts(0, 1)),
        refused(
            "leaf turned into a branch",
            "015",
            "tree 0 node 2: its child 0 is reached twice: a cycle or a shared node",
            m -> {
              attribute(m, "nodes_modes").setStrings(2, ByteString.copyFromUtf8("BRANCH_LT"));
              removeTarget(m, 0);
            }),

        // Limits.
        refused(
            "too deep",
            "010",
            "tree 0 node 128: the tree is deeper than the 64 levels that are allowed",
            m -> m.setGraph(RandomModel.chain(3, 100, 1).getGraph())),
        refused(
            "too many nodes",
            "010",
            "AttributeProto has more than the 5000000 values that are allowed",
            m ->
                attribute(m, "nodes_treeids")
                    .clearInts()
                    .clearType()
                    .setUnknownFields(packed(8, new byte[5_000_001], 7))),
        refused(
            "too many trees",
            "010",
            "it has more than the 10000 trees that are allowed",
            m -> m.setGraph(RandomModel.of(3, 10_001, 0, 1, 1).getGraph())),
        refused(
            "too many features",
            "008",
            "expected a float tensor \"features\" of any number of rows and 1..4096 columns,"
                + " but found \"features\" with element type 1 and shape \"[-1, 4097]\"",
            m -> columns(m, 4097)),
        refused(
            "no tree",
            "009",
            "attribute \"nodes_treeids\" must hold INTS (type 7), but holds nothing and says type 7",
            m -> {
              for (AttributeProto.Builder attribute : trees(m).getAttributeBuilderList()) {
                if (attribute.getName().matches("(nodes|target)_.*")) {
                  attribute.clearInts().clearFloats().clearStrings();
                }
              }
            }),

        // Metadata.
        refused(
            "property twice",
            "018",
            "property \"stopcast.format\" is there twice",
            m -> m.addMetadataProps(entry("stopcast.format", "1"))),
        refused(
            "session options",
            "018",
            "property \"ort_config\" does not begin with stopcast.; only such are allowed",
            m -> m.addMetadataProps(entry("ort_config", "{}"))),
        refused(
            "no format",
            "018",
            "property stopcast.format is missing",
            m -> property(m, "stopcast.format").setKey("stopcast.other")),
        refused(
            "no thresholds",
            "018",
            "property stopcast.thresholds is missing",
            m -> property(m, "stopcast.thresholds").setKey("stopcast.other")),
        refused(
            "no schema",
            "018",
            "property stopcast.schema.names is missing",
            m -> property(m, "stopcast.schema.names").setKey("stopcast.other")),
        refused(
            "no hash of the schema",
            "018",
            "property stopcast.schema.sha256 is missing",
            m -> property(m, "stopcast.schema.sha256").setKey("stopcast.other")),
        refused(
            "no version of the schema",
            "018",
            "property stopcast.schema.version is missing",
            m -> property(m, "stopcast.schema.version").setKey("stopcast.other")),
        refused(
            "later format",
            "018",
            "stopcast.format is \"2\", but this runtime reads 1; use the runtime that belongs to it, or train again",
            m -> property(m, "stopcast.format").setValue("2")),
        refused(
            "no numbers as thresholds",
            "018",
            "stopcast.thresholds: price thresholds look like 0.03=0.61;0.1=0.55, but were \"x\"",
            m -> property(m, "stopcast.thresholds").setValue("x")),
        refused(
            "stale schema",
            "019",
            "the sha256 of its feature schema is "
                + new FeatureSchema(2, List.of("f0", "f1", "f2")).sha256()
                + ", but stopcast.schema.sha256 says \""
                + new FeatureSchema(1, List.of("f0", "f1", "f2")).sha256()
                + "\"",
            m -> property(m, "stopcast.schema.version").setValue("2")),
        refused(
            "name twice",
            "019",
            "its feature schema is none:"
                + " \"a feature schema needs at least one name and none twice, but has [f0, f1, f1]\"",
            m -> property(m, "stopcast.schema.names").setValue("f0\nf1\nf1")),
        refused(
            "version that is no number",
            "019",
            "its feature schema is none: \"For input string: \\u0022one\\u0022\"",
            m -> property(m, "stopcast.schema.version").setValue("one")),
        refused(
            "golden rows that are no Base64",
            "020",
            "stopcast.golden: \"Illegal base64 character 21\"",
            m -> m.addMetadataProps(entry("stopcast.golden", "!!!!"))),
        refused(
            "golden rows of another width",
            "020",
            "stopcast.golden: \"3 bytes are not a whole number of rows of 3 features and a margin (16 bytes each)\"",
            m ->
                m.addMetadataProps(
                    entry("stopcast.golden", Base64.getEncoder().encodeToString(new byte[] {1, 2, 3})))));
  }

  private static void columns(ModelProto.Builder model, int columns) {
    graph(model)
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(1)
        .setDimValue(columns);
  }

  private static int index(ModelProto.Builder model, String attribute) {
    return trees(model).getAttributeList().stream().map(AttributeProto::getName).toList().indexOf(attribute);
  }

  private static void removeTarget(ModelProto.Builder model, int index) {
    for (String list : List.of("target_treeids", "target_nodeids", "target_ids")) {
      AttributeProto.Builder attribute = attribute(model, list);
      List<Long> values = attribute.getIntsList().stream().toList();
      attribute.clearInts();
      for (int i = 0; i < values.size(); i++) {
        if (i != index) {
          attribute.addInts(values.get(i));
        }
      }
    }
    AttributeProto.Builder weights = attribute(model, "target_weights");
    List<Float> values = weights.getFloatsList().stream().toList();
    weights.clearFloats();
    for (int i = 0; i < values.size(); i++) {
      if (i != index) {
        weights.addFloats(values.get(i));
      }
    }
  }

  @ParameterizedTest(name = "{0}: E-MODEL-{1}")
  @MethodSource("refusals")
  void read_notAStopModel_isRefusedWithTheReason(
      String name, String code, String detail, Consumer<ModelProto.Builder> change) {
    ModelProto.Builder model = model();
    change.accept(model);
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> RandomModel.file(model));
    assertEquals("E-MODEL-" + code + " test.onnx rejected: " + detail, e.getMessage());
    assertEquals("E-MODEL-" + code, e.code());
    assertEquals("test.onnx", e.where());
  }

  /** Bytes that protobuf reads one way and another reader may read another way. */
  static Stream<Arguments> encodings() {
    byte[] valid = model().build().toByteArray();
    byte[] again = ModelProto.newBuilder().setIrVersion(9).build().toByteArray();
    return Stream.of(
        arguments("nothing", "002", new byte[0]),
        arguments("something else", "005", "PK\3\4 not a model".getBytes(StandardCharsets.UTF_8)),
        arguments("cut in the middle", "004", Arrays.copyOf(valid, valid.length / 2)),
        arguments("last byte missing", "004", Arrays.copyOf(valid, valid.length - 1)),
        arguments("one byte more", "004", Arrays.copyOf(valid, valid.length + 1)),
        arguments("a later value that wins", "004", concat(valid, again)),
        arguments("an earlier value that loses", "004", concat(again, valid)),
        arguments("a group", "004", concat(new byte[] {0x0b, 0x0c}, valid)),
        arguments("a length beyond the end", "004", new byte[] {0x3a, (byte) 0xff, (byte) 0xff, 0x7f, 0}),
        arguments(
            "a negative length", "004", concat(new byte[] {0x3a}, HexFormat.of().parseHex("ffffffffffffffffff01"))),
        arguments(
            "a number of 70 bits", "004", concat(new byte[] {0x08}, HexFormat.of().parseHex("ffffffffffffffffff7f"))),
        arguments("text that is not UTF-8", "004", new byte[] {0x12, 1, (byte) 0xff}),
        arguments("more than 64 MiB", "002", new byte[ModelFile.MAX_BYTES + 1]));
  }

  private static byte[] concat(byte[] a, byte[] b) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(a);
    out.writeBytes(b);
    return out.toByteArray();
  }

  @ParameterizedTest(name = "{0}: E-MODEL-{1}")
  @MethodSource("encodings")
  void read_badEncoding_isRefused(String name, String code, byte[] bytes) {
    ModelRejectedException e =
        assertThrows(ModelRejectedException.class, () -> ModelFile.read(bytes, "test.onnx"));
    assertEquals("E-MODEL-" + code, e.code());
  }

  @Test
  void read_anyPrefix_isRefused() {
    byte[] valid = model().build().toByteArray();
    for (int length = 0; length < valid.length; length++) {
      byte[] prefix = Arrays.copyOf(valid, length);
      assertThrows(ModelRejectedException.class, () -> ModelFile.read(prefix, "test.onnx"), "length " + length);
    }
  }

  @Test
  void read_packedLists_areReadAsUnpackedOnes() throws Exception {
    // proto2 writes the lists one by one, as OnnxMl does; proto3, and so some other writers, packs them.
    ModelProto.Builder model = model();
    float[] row = {0.1f, Float.NaN, -2};
    float expected = RandomModel.file(model).scorer().margin(row);
    for (AttributeProto.Builder attribute : trees(model).getAttributeBuilderList()) {
      if (attribute.getIntsCount() + attribute.getFloatsCount() > 0) {
        pack(attribute);
      }
    }
    assertEquals(expected, RandomModel.file(model).scorer().margin(row));
  }

  private static void pack(AttributeProto.Builder attribute) {
    ByteString.Output packed = ByteString.newOutput();
    for (long value : attribute.getIntsList()) {
      packed.write((int) value); // all below 128 here: one byte each
    }
    for (float value : attribute.getFloatsList()) {
      int bits = Float.floatToRawIntBits(value);
      for (int shift = 0; shift < 32; shift += 8) {
        packed.write(bits >>> shift);
      }
    }
    int field = attribute.getIntsCount() > 0 ? 8 : 7;
    int type = attribute.getType().getNumber();
    attribute.clearInts().clearFloats().clearType();
    attribute.setUnknownFields(packed(field, packed.toByteString().toByteArray(), type));
  }

  /** Values and type of an attribute as fields that the builder does not know, for it would not pack them. */
  private static UnknownFieldSet packed(int field, byte[] values, int type) {
    return UnknownFieldSet.newBuilder()
        .addField(field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFrom(values)).build())
        .addField(20, UnknownFieldSet.Field.newBuilder().addVarint(type).build())
        .build();
  }

  @Test
  void read_validFile_givesWhatItHolds(@TempDir Path folder) throws Exception {
    byte[] bytes = model().addMetadataProps(entry("stopcast.provenance", "who\nand when")).build().toByteArray();
    Path path = Files.write(folder.resolve("stop.onnx"), bytes);
    ModelFile file = ModelFile.read(path);
    assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)), file.sha256());
    assertEquals(bytes.length, file.size());
    assertEquals(path.toString(), file.where());
    assertEquals(2, file.trees());
    assertEquals(new FeatureSchema(1, List.of("f0", "f1", "f2")), file.schema());
    assertEquals(file.schema(), file.scorer().schema());
    assertEquals("0.03=0.61;0.1=0.55;0.3=0.5", file.thresholds().format());
    assertEquals("who\nand when", file.metadata().get(ModelFile.PROVENANCE));
    assertEquals(6, file.metadata().size());
    assertThrows(UnsupportedOperationException.class, () -> file.metadata().clear());
    assertEquals(0, file.golden().size());
  }

  @Test
  void read_bytesThatTheCallerChangesLater_keepsWhatItChecked() throws Exception {
    byte[] bytes = model().build().toByteArray();
    ModelFile file = ModelFile.read(bytes, "test.onnx");
    Arrays.fill(bytes, (byte) 0);
    OnnxRuntimeModel.open(file).close();
  }

  @Test
  void read_symbolicLink_isRefused(@TempDir Path folder) throws Exception {
    Path target = Files.write(folder.resolve("target.onnx"), model().build().toByteArray());
    Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), target);
    assertUnreadable(link, "it is not a regular file; name the model file itself, not a link or a folder");
  }

  @Test
  void read_folder_isRefused(@TempDir Path folder) {
    assertUnreadable(folder, "it is not a regular file; name the model file itself, not a link or a folder");
  }

  @Test
  void read_noFile_isRefused(@TempDir Path folder) {
    Path path = folder.resolve("none.onnx");
    assertUnreadable(path, "it cannot be read: java.nio.file.NoSuchFileException: " + path);
  }

  private static void assertUnreadable(Path path, String detail) {
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> ModelFile.read(path));
    assertEquals("E-MODEL-001 " + path + " rejected: " + detail, e.getMessage());
  }

  @Test
  void requireSha256_otherBytes_namesBothHashes() throws Exception {
    ModelFile file = RandomModel.file(model());
    file.requireSha256(file.sha256());
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> file.requireSha256("03ab"));
    assertEquals(
        "E-MODEL-003 test.onnx rejected: its sha256 is " + file.sha256() + ", but should be \"03ab\"", e.getMessage());
  }

  @Test
  void refusals_coverEveryCodeOfTheReader() {
    List<Object> covered =
        Stream.concat(refusals(), encodings()).map(arguments -> arguments.get()[1]).distinct().sorted().toList();
    assertTrue(
        covered.containsAll(
            List.of("002", "004", "005", "006", "007", "008", "009", "010", "011", "013", "014", "015", "016", "017",
                "018", "019", "020")),
        covered.toString());
  }
}
