package io.stopcast.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;

/** What a tensor holds. */
enum Element {
  FLOAT(TensorProto.DataType.FLOAT),
  DOUBLE(TensorProto.DataType.DOUBLE),
  LONG(TensorProto.DataType.INT64),
  BOOLEAN(TensorProto.DataType.BOOL),
  STRING(TensorProto.DataType.STRING);

  private final int number;

  Element(TensorProto.DataType type) {
    number = type.getNumber();
  }

  int number() {
    return number;
  }
}
