package io.stopcast.model;

import static io.stopcast.model.ModelRejectedException.quote;

import io.stopcast.model.ModelRejectedException.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the one ONNX graph that a stop model is, and refuses every other.
 *
 * <p>The graph: {@code features [N,F]} goes through one TreeEnsembleRegressor to {@code margin [N,1]} and from there
 * through one Sigmoid to {@code probability [N,1]}. Nothing else may be in the file: a field that this class does not
 * name is refused, so nothing that ONNX Runtime would act upon passes unseen. Field numbers are those of onnx.proto.
 */
final class OnnxReader {
  static final String FEATURES = "features";
  static final String MARGIN = "margin";
  static final String PROBABILITY = "probability";

  private static final int FLOAT_ELEMENTS = 1;
  /** The size of a dimension that is not fixed. */
  private static final long ANY = -1;

  /** What an attribute holds, as AttributeProto.AttributeType numbers it. */
  private enum Kind {
    INT(2),
    STRING(3),
    FLOATS(6),
    INTS(7),
    STRINGS(8);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  private static final Map<String, Kind> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("aggregate_function", Kind.STRING),
          Map.entry("base_values", Kind.FLOATS),
          Map.entry("n_targets", Kind.INT),
          Map.entry("nodes_falsenodeids", Kind.INTS),
          Map.entry("nodes_featureids", Kind.INTS),
          Map.entry("nodes_missing_value_tracks_true", Kind.INTS),
          Map.entry("nodes_modes", Kind.STRINGS),
          Map.entry("nodes_nodeids", Kind.INTS),
          Map.entry("nodes_treeids", Kind.INTS),
          Map.entry("nodes_truenodeids", Kind.INTS),
          Map.entry("nodes_values", Kind.FLOATS),
          Map.entry("post_transform", Kind.STRING),
          Map.entry("target_ids", Kind.INTS),
          Map.entry("target_nodeids", Kind.INTS),
          Map.entry("target_treeids", Kind.INTS),
          Map.entry("target_weights", Kind.FLOATS));

  private final String where;
  private final SortedMap<String, String> metadata = new TreeMap<>();
  private long irVersion;
  private final Map<String, Long> opsets = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<Tensor> outputs = new ArrayList<>();

  private record Node(String type, String domain, List<String> in, List<String> out, Map<String, Object> attributes) {}

  /** An input or output. */
  private record Tensor(String name, long elements, List<Long> shape) {}

  private OnnxReader(String where) {
    this.where = where;
  }

  /** What a model file holds: trees that passed every check, and text that nobody has looked at yet. */
  record Contents(Ensemble ensemble, SortedMap<String, String> metadata) {}

  static Contents read(byte[] bytes, String where) throws ModelRejectedException {
    OnnxReader reader = new OnnxReader(where);
    reader.model(new WireReader(bytes, where, "ModelProto"));
    return new Contents(reader.ensemble(), reader.metadata);
  }

  private void model(WireReader in) throws ModelRejectedException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> irVersion = in.once().integer();
        case 2, 3 -> in.once().text(); // who wrote it, in which version
        case 7 -> graph(in.once().message("GraphProto"));
        case 8 -> opset(in.message("OperatorSetIdProto"));
        case 14 -> metadata(in.message("StringStringEntryProto"));
        case 20 -> throw graphError("it holds training information; export the model for inference only");
        case 25 -> throw graphError("it holds functions; only the built-in operators are allowed");
        default -> throw in.notAllowed();
      }
    }
  }

  private void opset(WireReader in) throws ModelRejectedException {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = in.once().text();
        case 2 -> version = in.once().integer();
        default -> throw in.notAllowed();
      }
    }
    if (opsets.put(domain, version) != null) {
      throw new ModelRejectedException(Code.VERSION, where, "operator set " + quote(domain) + " is named twice");
    }
  }

  private void metadata(WireReader in) throws ModelRejectedException {
    String key = "";
    String value = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.once().text();
        case 2 -> value = in.once().text();
        default -> throw in.notAllowed();
      }
    }
    // ONNX Runtime takes session options from a property named "ort_config".
    if (!key.startsWith("stopcast.")) {
      throw new ModelRejectedException(
          Code.METADATA, where, "property " + quote(key) + " does not begin with stopcast.; only such are allowed");
    }
    if (metadata.put(key, value) != null) {
      throw new ModelRejectedException(Code.METADATA, where, "property " + quote(key) + " is there twice");
    }
  }

  private void graph(WireReader in) throws ModelRejectedException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(node(in.message("NodeProto")));
        case 2 -> in.once().text(); // name
        case 5 -> throw tensor(in.message("TensorProto"), "an initializer");
        case 11 -> inputs.add(value(in.message("ValueInfoProto")));
        case 12 -> outputs.add(value(in.message("ValueInfoProto")));
        case 15 -> throw graphError("it holds a sparse initializer; a stop model has none");
        default -> throw in.notAllowed();
      }
      if (nodes.size() > 2 || inputs.size() > 1 || outputs.size() > 2) {
        throw graphError("a stop model has two nodes, one input and two outputs, but this one has more");
      }
    }
  }

  private Node node(WireReader in) throws ModelRejectedException {
    List<String> inputNames = new ArrayList<>();
    List<String> outputNames = new ArrayList<>();
    String type = "";
    String domain = "";
    Map<String, Object> attributes = new HashMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> inputNames.add(in.text());
        case 2 -> outputNames.add(in.text());
        case 3 -> in.once().text(); // name
        case 4 -> type = in.once().text();
        case 5 -> attribute(in.message("AttributeProto"), attributes);
        case 7 -> domain = in.once().text();
        default -> throw in.notAllowed();
      }
    }
    return new Node(type, domain, inputNames, outputNames, attributes);
  }

  private void attribute(WireReader in, Map<String, Object> attributes) throws ModelRejectedException {
    String name = "";
    Object value = null;
    Kind kind = null;
    long type = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.once().text();
        case 3 -> value = in.once().integer();
        case 4 -> value = in.once().text();
        case 5 -> throw tensor(in.message("TensorProto"), "attribute " + quote(name));
        case 6, 11 -> throw graphError("attribute " + quote(name) + " holds a graph; a stop model has one graph only");
        case 7 -> value = in.floats(Ensemble.MAX_NODES);
        case 8 -> value = in.integers(Ensemble.MAX_NODES);
        case 9 -> value = in.choices("LEAF", "BRANCH_LT", Ensemble.MAX_NODES);
        case 20 -> type = in.once().integer();
        default -> throw in.notAllowed();
      }
      if (in.field() != 1 && in.field() != 20) {
        if (kind != null) {
          throw attributeError(quote(name) + " holds values of two kinds");
        }
        kind =
            switch (in.field()) {
              case 3 -> Kind.INT;
              case 4 -> Kind.STRING;
              case 7 -> Kind.FLOATS;
              case 8 -> Kind.INTS;
              default -> Kind.STRINGS;
            };
      }
    }
    Kind expected = ATTRIBUTES.get(name);
    if (expected == null) {
      throw attributeError(quote(name) + " is not one that a stop model has");
    }
    if (kind != expected || type != expected.number) {
      throw attributeError(
          "%s must hold %s (type %d), but holds %s and says type %d"
              .formatted(quote(name), expected, expected.number, kind == null ? "nothing" : kind, type));
    }
    if (attributes.put(name, value) != null) {
      throw attributeError(quote(name) + " is there twice");
    }
  }

  /** The refusal of a tensor; says so if its data would come from another file. */
  private ModelRejectedException tensor(WireReader in, String what) throws ModelRejectedException {
    while (in.next()) {
      if (in.field() == 13) {
        WireReader entry = in.message("StringStringEntryProto");
        String key = "";
        while (entry.next()) {
          if (entry.field() == 1) {
            key = entry.text();
          } else if (entry.field() == 2 && key.equals("location")) {
            return new ModelRejectedException(
                Code.OUTSIDE_DATA,
                where,
                "it refers to outside data " + quote(entry.text()) + "; models must be self-contained");
          } else {
            entry.skip();
          }
        }
      } else {
        in.skip();
      }
    }
    return graphError("%s holds a tensor; a stop model keeps its numbers in the tree node's lists".formatted(what));
  }

  private Tensor value(WireReader in) throws ModelRejectedException {
    String name = "";
    long elements = 0;
    List<Long> shape = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.once().text();
        case 2 -> {
          WireReader type = in.once().message("TypeProto");
          while (type.next()) {
            if (type.field() != 1) { // 1 is a tensor; there are sequences, maps and others
              throw type.notAllowed();
            }
            elements = tensorType(type.once().message("TypeProto.Tensor"), shape);
          }
        }
        default -> throw in.notAllowed();
      }
    }
    return new Tensor(name, elements, shape);
  }

  private long tensorType(WireReader in, List<Long> shape) throws ModelRejectedException {
    long elements = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> elements = in.once().integer();
        case 2 -> {
          WireReader dimensions = in.once().message("TensorShapeProto");
          while (dimensions.next()) {
            if (dimensions.field() != 1) {
              throw dimensions.notAllowed();
            }
            shape.add(dimension(dimensions.message("TensorShapeProto.Dimension")));
          }
        }
        default -> throw in.notAllowed();
      }
    }
    return elements;
  }

  private long dimension(WireReader in) throws ModelRejectedException {
    long size = ANY;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> size = in.once().integer();
        case 2 -> in.once().text(); // a name for a size that is not fixed
        default -> throw in.notAllowed();
      }
      if (in.field() == 1 ? size < 1 : size != ANY) {
        throw graphError("a dimension must have a positive size or a name, but has size " + size);
      }
    }
    return size;
  }

  private Ensemble ensemble() throws ModelRejectedException {
    requireVersion("IR version", irVersion, 7, 10);
    requireVersion("operator set ai.onnx", opsets.getOrDefault("", 0L), 13, 21);
    requireVersion("operator set ai.onnx.ml", opsets.getOrDefault("ai.onnx.ml", 0L), 1, 3);
    if (opsets.size() != 2) {
      throw new ModelRejectedException(
          Code.VERSION,
          where,
          "a stop model uses the operator sets ai.onnx and ai.onnx.ml only, but this one has more");
    }
    if (nodes.size() != 2 || inputs.size() != 1 || outputs.size() != 2) {
      throw graphError(
          "a stop model has two nodes, one input and two outputs, but this one has %d, %d and %d"
              .formatted(nodes.size(), inputs.size(), outputs.size()));
    }
    requireNode(nodes.get(0), "TreeEnsembleRegressor", "ai.onnx.ml", FEATURES, MARGIN);
    requireNode(nodes.get(1), "Sigmoid", "", MARGIN, PROBABILITY);
    if (!nodes.get(1).attributes.isEmpty()) {
      throw attributeError("Sigmoid has none, but here it has some");
    }
    int features = requireTensor(inputs.get(0), FEATURES, Ensemble.MAX_FEATURES);
    requireTensor(outputs.get(0), MARGIN, 1);
    requireTensor(outputs.get(1), PROBABILITY, 1);

    Map<String, Object> values = nodes.get(0).attributes;
    for (String name : new TreeMap<>(ATTRIBUTES).keySet()) {
      if (!values.containsKey(name)) {
        throw attributeError(name + " is missing");
      }
    }
    requireAttribute(values, "post_transform", "NONE");
    requireAttribute(values, "aggregate_function", "SUM");
    requireAttribute(values, "n_targets", 1L);
    return Ensemble.of(
        where,
        features,
        (float[]) values.get("base_values"),
        new Ensemble.NodeLists(
            (int[]) values.get("nodes_treeids"),
            (int[]) values.get("nodes_nodeids"),
            (boolean[]) values.get("nodes_modes"),
            (int[]) values.get("nodes_featureids"),
            (float[]) values.get("nodes_values"),
            (int[]) values.get("nodes_truenodeids"),
            (int[]) values.get("nodes_falsenodeids"),
            (int[]) values.get("nodes_missing_value_tracks_true")),
        new Ensemble.TargetLists(
            (int[]) values.get("target_treeids"),
            (int[]) values.get("target_nodeids"),
            (int[]) values.get("target_ids"),
            (float[]) values.get("target_weights")));
  }

  private void requireVersion(String what, long found, int low, int high) throws ModelRejectedException {
    if (found < low || found > high) {
      throw new ModelRejectedException(
          Code.VERSION, where, "%s must be within %d..%d, but is %d".formatted(what, low, high, found));
    }
  }

  private void requireNode(Node node, String type, String domain, String in, String out)
      throws ModelRejectedException {
    if (!node.type.equals(type)
        || !node.domain.equals(domain)
        || !node.in.equals(List.of(in))
        || !node.out.equals(List.of(out))) {
      throw graphError(
          "expected operator %s of domain \"%s\" from [%s] to [%s], but found %s of domain %s from %s to %s"
              .formatted(
                  type,
                  domain,
                  in,
                  out,
                  quote(node.type),
                  quote(node.domain),
                  quote(node.in.toString()),
                  quote(node.out.toString())));
    }
  }

  /** Checks a float tensor [any, width] and returns its width. */
  private int requireTensor(Tensor tensor, String name, int widthLimit) throws ModelRejectedException {
    if (!tensor.name.equals(name)
        || tensor.elements != FLOAT_ELEMENTS
        || tensor.shape.size() != 2
        || tensor.shape.get(0) != ANY
        || tensor.shape.get(1) < 1
        || tensor.shape.get(1) > widthLimit) {
      throw graphError(
          ("expected a float tensor \"%s\" of any number of rows and %s columns, but found %s with element type %d and"
                  + " shape %s")
              .formatted(
                  name,
                  widthLimit == 1 ? "1" : "1.." + widthLimit,
                  quote(tensor.name),
                  tensor.elements,
                  quote(tensor.shape.toString())));
    }
    return tensor.shape.get(1).intValue();
  }

  private void requireAttribute(Map<String, Object> values, String name, Object expected)
      throws ModelRejectedException {
    if (!values.get(name).equals(expected)) {
      throw attributeError(
          "%s must be %s, but is %s".formatted(name, expected, quote(values.get(name).toString())));
    }
  }

  private ModelRejectedException graphError(String detail) {
    return new ModelRejectedException(Code.GRAPH, where, detail);
  }

  private ModelRejectedException attributeError(String detail) {
    return new ModelRejectedException(Code.ATTRIBUTE, where, "attribute " + detail);
  }
}
