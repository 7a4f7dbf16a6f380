package io.stopcast.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * An ONNX graph under construction. Whatever is asked for twice is there once; nodes go into the innermost body that is
 * being built, constants always into the graph itself. The same calls give the same graph.
 */
final class Graph {
  private static final String ML = "ai.onnx.ml";
  private static final String[] NO_DIMENSION = {};

  private final GraphProto.Builder whole;
  private final Map<ByteString, Tensor> constants = new HashMap<>();
  private Scope scope;
  private int names;

  Graph(String name) {
    whole = GraphProto.newBuilder().setName(name);
    scope = new Scope(null, whole);
  }

  /** The graph itself, or the body of a loop or a branch. */
  private static final class Scope {
    final Scope around;
    final GraphProto.Builder into;
    final Map<ByteString, List<Tensor>> nodes = new HashMap<>();

    Scope(Scope around, GraphProto.Builder into) {
      this.around = around;
      this.into = into;
    }

    List<Tensor> find(ByteString key) {
      List<Tensor> found = nodes.get(key);
      return found != null || around == null ? found : around.find(key);
    }
  }

  /** A state after a step of a loop, and what the step adds to each of the sequences that the loop returns. */
  record Advance(List<Tensor> state, List<Tensor> elements) {}

  GraphProto build() {
    return whole.build();
  }

  /**
   * An input.
   *
   * @param shape sizes; a name stands for one that is not fixed
   */
  Tensor input(String name, Element element, String... shape) {
    whole.addInput(valueInfo(name, element, shape));
    return new Tensor(this, name, element);
  }

  void output(String name, Tensor value, String... shape) {
    NodeProto node =
        NodeProto.newBuilder().setName(name).setOpType("Identity").addInput(value.name()).addOutput(name).build();
    whole.addNode(node);
    whole.addOutput(valueInfo(name, value.element(), shape));
  }

  Tensor constant(double... values) {
    TensorProto.Builder tensor = tensor(Element.DOUBLE, values.length);
    for (double value : values) {
      tensor.addDoubleData(value);
    }
    return constant(tensor);
  }

  /** A matrix by its rows. */
  Tensor constant(double[][] rows) {
    TensorProto.Builder tensor = tensor(Element.DOUBLE, rows.length, rows[0].length);
    for (double[] row : rows) {
      for (double value : row) {
        tensor.addDoubleData(value);
      }
    }
    return constant(tensor);
  }

  /** A matrix by its rows. */
  Tensor constant(float[][] rows) {
    TensorProto.Builder tensor = tensor(Element.FLOAT, rows.length, rows[0].length);
    for (float[] row : rows) {
      for (float value : row) {
        tensor.addFloatData(value);
      }
    }
    return constant(tensor);
  }

  Tensor constant(long... values) {
    TensorProto.Builder tensor = tensor(Element.LONG, values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return constant(tensor);
  }

  Tensor constant(boolean... values) {
    TensorProto.Builder tensor = tensor(Element.BOOLEAN, values.length);
    for (boolean value : values) {
      tensor.addInt32Data(value ? 1 : 0);
    }
    return constant(tensor);
  }

  Tensor constant(String... values) {
    TensorProto.Builder tensor = tensor(Element.STRING, values.length);
    for (String value : values) {
      tensor.addStringData(ByteString.copyFromUtf8(value));
    }
    return constant(tensor);
  }

  /** A number without a dimension. */
  Tensor scalar(long value) {
    return constant(tensor(Element.LONG).addInt64Data(value));
  }

  Tensor scalar(boolean value) {
    return constant(tensor(Element.BOOLEAN).addInt32Data(value ? 1 : 0));
  }

  private static TensorProto.Builder tensor(Element element, long... shape) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(element.number());
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor;
  }

  private Tensor constant(TensorProto.Builder tensor) {
    return constants.computeIfAbsent(
        tensor.build().toByteString(),
        key -> {
          String name = newName("c");
          whole.addInitializer(tensor.setName(name));
          Element element =
              Stream.of(Element.values()).filter(e -> e.number() == tensor.getDataType()).findAny().orElseThrow();
          return new Tensor(this, name, element);
        });
  }

  private String newName(String prefix) {
    return prefix + names++;
  }

  Tensor node(String operator, Element element, List<Tensor> inputs, AttributeProto... attributes) {
    return node(operator, "", List.of(element), inputs, attributes).get(0);
  }

  List<Tensor> node(String operator, List<Element> elements, List<Tensor> inputs, AttributeProto... attributes) {
    return node(operator, "", elements, inputs, attributes);
  }

  /** The positions of texts in a list without duplicates, -1 for others. */
  Tensor positions(Tensor texts, List<String> in) {
    if (in.isEmpty()) {
      return constant(-1L).expandedTo(texts.shape());
    }
    return node(
            "LabelEncoder",
            ML,
            List.of(Element.LONG),
            List.of(texts),
            Attributes.strings("keys_strings", in),
            Attributes.longs("values_int64s", Stream.iterate(0L, i -> i + 1).limit(in.size()).toList()),
            Attributes.of("default_int64", -1))
        .get(0);
  }

  /** A node of the operator set for machine learning as another file has it, on another input. */
  Tensor like(NodeProto node, Tensor input) {
    return node(
            node.getOpType(),
            node.getDomain(),
            List.of(Element.FLOAT),
            List.of(input),
            node.getAttributeList().toArray(AttributeProto[]::new))
        .get(0);
  }

  private List<Tensor> node(
      String operator, String domain, List<Element> elements, List<Tensor> inputs, AttributeProto... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setDomain(domain);
    inputs.forEach(input -> node.addInput(input.name()));
    node.addAllAttribute(List.of(attributes));
    ByteString key = node.build().toByteString();
    List<Tensor> known = scope.find(key);
    if (known != null) {
      return known;
    }
    List<Tensor> outputs = new ArrayList<>();
    for (Element element : elements) {
      outputs.add(new Tensor(this, newName("v"), element));
      node.addOutput(outputs.get(outputs.size() - 1).name());
    }
    scope.into.addNode(node.setName(newName(operator)));
    scope.nodes.put(key, outputs);
    return outputs;
  }

  /**
   * Walks over sequences of lists, all of the same length of at least one, along their first dimension.
   *
   * @param start the state before the first step: lists
   * @param body of the state and of what each sequence has in this step
   * @return the last state, then all elements that the steps gave
   */
  List<Tensor> scan(
      List<Tensor> start, List<Tensor> sequences, BiFunction<List<Tensor>, List<Tensor>, Advance> body) {
    Scope inner = new Scope(scope, GraphProto.newBuilder().setName(newName("body")));
    List<Tensor> state = start.stream().map(outer -> argument(inner, outer.element())).toList();
    List<Tensor> step = sequences.stream().map(outer -> argument(inner, outer.element())).toList();
    Advance advance = within(inner, () -> body.apply(state, step));
    List<Tensor> results = Stream.concat(advance.state.stream(), advance.elements.stream()).toList();
    results(inner, results, (name, element) -> valueInfo(name, element, name));
    return node(
        "Scan",
        results.stream().map(Tensor::element).toList(),
        Stream.concat(start.stream(), sequences.stream()).toList(),
        Attributes.of("body", inner.into.build()),
        Attributes.of("num_scan_inputs", sequences.size()));
  }

  /**
   * Goes on while a condition holds.
   *
   * @param times how often at most, whatever the condition
   * @param goesOn of a state
   * @return the last state
   */
  List<Tensor> loop(
      Tensor times,
      List<Tensor> start,
      Function<List<Tensor>, Tensor> goesOn,
      Function<List<Tensor>, List<Tensor>> body) {
    Scope inner = new Scope(scope, GraphProto.newBuilder().setName(newName("body")));
    inner.into.addInput(valueInfo(newName("a"), Element.LONG, NO_DIMENSION));
    inner.into.addInput(valueInfo(newName("a"), Element.BOOLEAN, NO_DIMENSION));
    List<Tensor> state = start.stream().map(outer -> argument(inner, outer.element())).toList();
    List<Tensor> results =
        within(
            inner,
            () -> {
              List<Tensor> next = body.apply(state);
              return Stream.concat(Stream.of(goesOn.apply(next).withoutDimension()), next.stream()).toList();
            });
    results(inner, results, Graph::valueInfo);
    return node(
        "Loop",
        start.stream().map(Tensor::element).toList(),
        Stream.concat(Stream.of(times, goesOn.apply(start).withoutDimension()), start.stream()).toList(),
        Attributes.of("body", inner.into.build()));
  }

  /** One of two lists of tensors, of which only that one is computed. */
  List<Tensor> choice(Tensor condition, Supplier<List<Tensor>> then, Supplier<List<Tensor>> otherwise) {
    Scope yes = new Scope(scope, GraphProto.newBuilder().setName(newName("then")));
    List<Tensor> results = within(yes, then);
    results(yes, results, Graph::valueInfo);
    Scope no = new Scope(scope, GraphProto.newBuilder().setName(newName("else")));
    results(no, within(no, otherwise), Graph::valueInfo);
    return node(
        "If",
        results.stream().map(Tensor::element).toList(),
        List.of(condition),
        Attributes.of("then_branch", yes.into.build()),
        Attributes.of("else_branch", no.into.build()));
  }

  private <T> T within(Scope inner, Supplier<T> body) {
    scope = inner;
    try {
      return body.get();
    } finally {
      scope = inner.around;
    }
  }

  private Tensor argument(Scope inner, Element element) {
    Tensor argument = new Tensor(this, newName("a"), element);
    inner.into.addInput(valueInfo(argument.name(), element));
    return argument;
  }

  /** A body may neither return what it was given nor what lies around it, nor the same twice. */
  private void results(Scope inner, List<Tensor> results, BiFunction<String, Element, ValueInfoProto> info) {
    for (Tensor result : results) {
      String name = newName("r");
      inner.into.addNode(
          NodeProto.newBuilder()
              .setName(newName("Identity"))
              .setOpType("Identity")
              .addInput(result.name())
              .addOutput(name));
      inner.into.addOutput(info.apply(name, result.element()));
    }
  }

  private static ValueInfoProto valueInfo(String name, Element element) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(element.number())))
        .build();
  }

  private static ValueInfoProto valueInfo(String name, Element element, String... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (String size : shape) {
      TensorShapeProto.Dimension.Builder dimension = dimensions.addDimBuilder();
      if (size.chars().allMatch(Character::isDigit)) {
        dimension.setDimValue(Long.parseLong(size));
      } else {
        dimension.setDimParam(size);
      }
    }
    ValueInfoProto.Builder info = valueInfo(name, element).toBuilder();
    info.getTypeBuilder().getTensorTypeBuilder().setShape(dimensions);
    return info.build();
  }
}
