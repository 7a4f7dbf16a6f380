package io.stopcast.model;

import io.stopcast.model.Wire.Floats;
import io.stopcast.model.Wire.Longs;
import io.stopcast.model.Wire.Malformed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the one shape of ONNX graph that is allowed, and rejects everything else.
 *
 * <p>The graph: {@code features} [N, F] -> TreeEnsembleRegressor (sum, no transform, one target) -> {@code margin} [N, 1]
 * -> Sigmoid -> {@code probability} [N, 1]. No initialiser, no outside data, no subgraph, no function: a field that is not
 * named here is a reason to reject. Field numbers are those of onnx-ml.proto, ONNX 1.12 to 1.19.
 */
final class GraphReader {
  static final String INPUT = "features";
  static final String MARGIN = "margin";
  static final String PROBABILITY = "probability";

  private static final int FLOAT = 1;
  private static final int MOST_NODES = 5_000_000;

  private final String where;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private int features;
  private TreeTable trees;

  /** One attribute of a node, of the kinds that are allowed. */
  private static final class Attribute {
    final Longs integers = new Longs();
    final Floats decimals = new Floats();
    final List<String> texts = new ArrayList<>();
  }

  GraphReader(String where) {
    this.where = where;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  /** Number of columns of the input. */
  int features() {
    return features;
  }

  TreeTable trees() {
    return trees;
  }

  GraphReader read(byte[] bytes) throws ModelRejectedException {
    try {
      readModel(new Wire(bytes, 0, bytes.length));
      return this;
    } catch (Malformed e) {
      throw reject("E-MODEL-010", "it is not a whole ONNX file: " + e.getMessage());
    }
  }

  private void readModel(Wire in) throws Malformed, ModelRejectedException {
    long ir = 0;
    Wire graph = null;
    Map<String, Long> opsets = new HashMap<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> ir = in.integer();
        case 2, 3, 4, 6 -> in.text(); // producer, its version, domain, documentation
        case 5 -> in.integer(); // model version
        case 7 -> {
          if (graph != null) {
            throw reject("E-MODEL-011", "it holds two graphs; expected one");
          }
          graph = in.message();
        }
        case 8 -> readOpset(in.message(), opsets);
        case 14 -> readMetadata(in.message());
        default ->
            throw reject("E-MODEL-011", "field %d of the model (functions, training) is not allowed".formatted(field));
      }
    }
    requireRange("IR version", ir, 6, 11);
    requireRange("version of operator set ai.onnx", opsets.getOrDefault("", 0L), 11, 23);
    requireRange("version of operator set ai.onnx.ml", opsets.getOrDefault("ai.onnx.ml", 0L), 1, 4);
    if (opsets.size() != 2) {
      throw reject("E-MODEL-012", "it needs operator sets %s; expected ai.onnx and ai.onnx.ml".formatted(opsets.keySet()));
    }
    if (graph == null) {
      throw reject("E-MODEL-011", "it holds no graph");
    }
    readGraph(graph);
  }

  private static void readOpset(Wire in, Map<String, Long> opsets) throws Malformed {
    String domain = "";
    long version = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> domain = in.text();
        case 2 -> version = in.integer();
        default -> throw new Malformed("an operator set has an unknown field " + field);
      }
    }
    opsets.put(domain.equals("ai.onnx") ? "" : domain, version);
  }

  private void readMetadata(Wire in) throws Malformed, ModelRejectedException {
    String key = "";
    String value = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.text();
        case 2 -> value = in.text();
        default -> throw new Malformed("a metadata entry has an unknown field " + field);
      }
    }
    if (metadata.put(key, value) != null) {
      throw reject("E-MODEL-013", "metadata key '%.60s' stands twice".formatted(key));
    }
  }

  private void readGraph(Wire in) throws Malformed, ModelRejectedException {
    List<Wire> nodes = new ArrayList<>();
    List<Wire> inputs = new ArrayList<>();
    List<Wire> outputs = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> nodes.add(in.message());
        case 2, 10 -> in.text(); // name, documentation
        case 5, 15 ->
            throw reject(
                "E-MODEL-007", "it has initialisers, which may refer to outside data; models must be self-contained");
        case 11 -> inputs.add(in.message());
        case 12 -> outputs.add(in.message());
        default -> throw reject("E-MODEL-011", "field %d of the graph is not allowed".formatted(field));
      }
    }
    if (nodes.size() != 2 || inputs.size() != 1 || outputs.size() != 2) {
      throw reject(
          "E-MODEL-011",
          "it has %d nodes, %d inputs and %d outputs; expected 2, 1 and 2"
              .formatted(nodes.size(), inputs.size(), outputs.size()));
    }
    long[] input = readTensor(inputs.get(0), INPUT);
    if (input.length != 2 || input[1] < 1 || input[1] > 100_000) {
      throw reject("E-MODEL-011", "input '%s' should be [N, F] with F known".formatted(INPUT));
    }
    features = (int) input[1];
    readTensor(outputs.get(0), MARGIN);
    readTensor(outputs.get(1), PROBABILITY);
    Map<String, Attribute> ensemble = readNode(nodes.get(0), "TreeEnsembleRegressor", "ai.onnx.ml", INPUT, MARGIN);
    Map<String, Attribute> sigmoid = readNode(nodes.get(1), "Sigmoid", "", MARGIN, PROBABILITY);
    if (!sigmoid.isEmpty()) {
      throw reject("E-MODEL-011", "Sigmoid takes no attributes, but has %s".formatted(sigmoid.keySet()));
    }
    trees = readTrees(ensemble);
  }

  /** Returns the dimensions of a float tensor, 0 for one that is not fixed. */
  private long[] readTensor(Wire in, String expected) throws Malformed, ModelRejectedException {
    String name = "";
    int type = 0;
    Longs dimensions = new Longs();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.text();
        case 2 -> type = readType(in.message(), dimensions);
        case 3 -> in.text();
        default -> throw reject("E-MODEL-011", "field %d of tensor '%.60s' is not allowed".formatted(field, name));
      }
    }
    if (!name.equals(expected) || type != FLOAT) {
      throw reject(
          "E-MODEL-011", "expected a float tensor '%s', found '%.60s' of element type %d".formatted(expected, name, type));
    }
    return dimensions.toArray();
  }

  private int readType(Wire in, Longs dimensions) throws Malformed, ModelRejectedException {
    int type = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field != 1) {
        throw reject("E-MODEL-011", "inputs and outputs must be tensors");
      }
      Wire tensor = in.message();
      for (int inner = tensor.next(); inner != 0; inner = tensor.next()) {
        switch (inner) {
          case 1 -> type = (int) tensor.integer();
          case 2 -> readShape(tensor.message(), dimensions);
          default -> throw reject("E-MODEL-011", "field %d of a tensor type is not allowed".formatted(inner));
        }
      }
    }
    return type;
  }

  private static void readShape(Wire in, Longs dimensions) throws Malformed {
    for (int field = in.next(); field != 0; field = in.next()) {
      Wire dimension = in.message();
      long size = 0;
      for (int inner = dimension.next(); inner != 0; inner = dimension.next()) {
        if (inner == 1) {
          size = dimension.integer();
        } else {
          dimension.text();
        }
      }
      dimensions.add(size);
    }
  }

  private Map<String, Attribute> readNode(Wire in, String operator, String domain, String input, String output)
      throws Malformed, ModelRejectedException {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    String foundOperator = "";
    String foundDomain = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3, 6 -> in.text();
        case 4 -> foundOperator = in.text();
        case 5 -> readAttribute(in.message(), attributes);
        case 7 -> foundDomain = in.text();
        default -> throw reject("E-MODEL-011", "field %d of a node is not allowed".formatted(field));
      }
    }
    if (!foundOperator.equals(operator)
        || !foundDomain.equals(domain)
        || !inputs.equals(List.of(input))
        || !outputs.equals(List.of(output))) {
      throw reject(
          "E-MODEL-011",
          "expected a node %s from '%s' to '%s', found %.60s from %.60s to %.60s"
              .formatted(operator, input, output, foundOperator, inputs, outputs));
    }
    return attributes;
  }

  private void readAttribute(Wire in, Map<String, Attribute> attributes) throws Malformed, ModelRejectedException {
    Attribute attribute = new Attribute();
    String name = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.text();
        case 2 -> attribute.decimals.add(in.decimal());
        case 3 -> attribute.integers.add(in.integer());
        case 4, 9 -> attribute.texts.add(in.text());
        case 7 -> in.decimals(attribute.decimals);
        case 8 -> in.integers(attribute.integers);
        case 13 -> in.text();
        case 20 -> in.integer(); // type
        default ->
            throw reject("E-MODEL-011", "attribute '%.60s' holds a tensor or a graph, which is not allowed".formatted(name));
      }
    }
    if (attributes.put(name, attribute) != null) {
      throw reject("E-MODEL-011", "attribute '%.60s' stands twice".formatted(name));
    }
  }

  private TreeTable readTrees(Map<String, Attribute> attributes) throws ModelRejectedException {
    requireOneText(attributes.remove("post_transform"), "NONE", "post_transform");
    requireOneText(attributes.remove("aggregate_function"), "SUM", "aggregate_function");
    requireAll(integers(attributes, "n_targets", -1), 1, "n_targets");
    float[] base = decimals(attributes, "base_values", 1);
    long[] treeIds = integers(attributes, "nodes_treeids", -1);
    int n = treeIds.length;
    if (n == 0 || n > MOST_NODES) {
      throw reject("E-MODEL-014", "it has %d nodes; expected 1 to %d".formatted(n, MOST_NODES));
    }
    long[] nodeIds = integers(attributes, "nodes_nodeids", n);
    long[] feature = integers(attributes, "nodes_featureids", n);
    float[] threshold = decimals(attributes, "nodes_values", n);
    long[] whenTrue = integers(attributes, "nodes_truenodeids", n);
    long[] whenFalse = integers(attributes, "nodes_falsenodeids", n);
    long[] missing = integers(attributes, "nodes_missing_value_tracks_true", n);
    Attribute modeAttribute = attributes.remove("nodes_modes");
    List<String> modes = modeAttribute == null ? List.of() : modeAttribute.texts;
    if (modes.size() != n) {
      throw reject("E-MODEL-014", "nodes_modes has %d entries for %d nodes".formatted(modes.size(), n));
    }
    long[] leafTrees = integers(attributes, "target_treeids", -1);
    int leaves = leafTrees.length;
    long[] leafNodes = integers(attributes, "target_nodeids", leaves);
    requireAll(integers(attributes, "target_ids", leaves), 0, "target_ids");
    float[] weights = decimals(attributes, "target_weights", leaves);
    if (!attributes.isEmpty()) {
      throw reject("E-MODEL-011", "attributes %.100s are not allowed".formatted(attributes.keySet()));
    }
    requireFinite(base, "base_values");
    requireFinite(threshold, "nodes_values");
    requireFinite(weights, "target_weights");
    NodeTable nodes = new NodeTable(treeIds, nodeIds, feature, threshold, whenTrue, whenFalse, missing, modes);
    return nodes.link(new NodeTable.Leaves(leafTrees, leafNodes, weights), base[0], features, where);
  }

  private long[] integers(Map<String, Attribute> attributes, String name, int size) throws ModelRejectedException {
    Attribute attribute = attributes.remove(name);
    long[] values = attribute == null ? new long[0] : attribute.integers.toArray();
    requireSize(name, values.length, size);
    return values;
  }

  private float[] decimals(Map<String, Attribute> attributes, String name, int size) throws ModelRejectedException {
    Attribute attribute = attributes.remove(name);
    float[] values = attribute == null ? new float[0] : attribute.decimals.toArray();
    requireSize(name, values.length, size);
    return values;
  }

  private void requireSize(String name, int found, int size) throws ModelRejectedException {
    if (size >= 0 && found != size) {
      throw reject("E-MODEL-014", "%s has %d entries; expected %d".formatted(name, found, size));
    }
  }

  private void requireAll(long[] values, long expected, String name) throws ModelRejectedException {
    for (long value : values) {
      if (value != expected) {
        throw reject("E-MODEL-014", "%s holds %d; expected %d".formatted(name, value, expected));
      }
    }
  }

  private void requireFinite(float[] values, String name) throws ModelRejectedException {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw reject("E-MODEL-014", "%s holds %s at position %d; expected a finite number".formatted(name, values[i], i));
      }
    }
  }

  private void requireOneText(Attribute attribute, String expected, String name) throws ModelRejectedException {
    if (attribute == null || !attribute.texts.equals(List.of(expected))) {
      throw reject("E-MODEL-014", "%s must be %s".formatted(name, expected));
    }
  }

  private void requireRange(String what, long found, long low, long high) throws ModelRejectedException {
    if (found < low || found > high) {
      throw reject("E-MODEL-012", "the %s is %d; this runtime reads %d to %d".formatted(what, found, low, high));
    }
  }

  private ModelRejectedException reject(String code, String reason) {
    return new ModelRejectedException(code, where, reason);
  }
}
