package io.stopcast.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import com.google.protobuf.ByteString;
import java.util.List;

/** Makes the attributes of a node. */
final class Attributes {
  private Attributes() {}

  static AttributeProto of(String name, long value) {
    return typed(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  static AttributeProto of(String name, GraphProto graph) {
    return typed(name, AttributeProto.AttributeType.GRAPH).setG(graph).build();
  }

  static AttributeProto longs(String name, List<Long> values) {
    return typed(name, AttributeProto.AttributeType.INTS).addAllInts(values).build();
  }

  static AttributeProto strings(String name, List<String> values) {
    AttributeProto.Builder attribute = typed(name, AttributeProto.AttributeType.STRINGS);
    values.forEach(value -> attribute.addStrings(ByteString.copyFromUtf8(value)));
    return attribute.build();
  }

  private static AttributeProto.Builder typed(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
