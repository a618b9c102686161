package dev.galen.bench.peer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes an ONNX model: what is needed here of {@code onnx.proto} (github.com/onnx/onnx). Weights
 * are only named in it; the program that opens the model brings them.
 */
final class OnnxGraph {
  /** ONNX Runtime's own operators. */
  static final String MICROSOFT = "com.microsoft";

  /** What {@code TensorProto.DataType} calls float. */
  static final int FLOAT = 1;

  /** 32 bits. */
  static final int INT32 = 6;

  /** 64 bits. */
  static final int INT64 = 7;

  private static final int IR_VERSION = 8;

  /** The first with LayerNormalization. */
  private static final int OPSET = 17;

  /** {@code GraphProto}. */
  private final Protobuf graph = new Protobuf().text(2, "galen");

  /** An input of type {@code type}; a dimension below 0 may be any. */
  void input(String name, int type, long... dims) {
    graph.message(11, value(name, type, dims));
  }

  /** An output. */
  void output(String name, int type, long... dims) {
    graph.message(12, value(name, type, dims));
  }

  private static Protobuf value(String name, int type, long... dims) {
    var shape = new Protobuf();
    for (int i = 0; i < dims.length; i++) {
      var dim = new Protobuf();
      if (dims[i] < 0) {
        dim.text(2, name + "." + i);
      } else {
        dim.integer(1, dims[i]);
      }
      shape.message(1, dim);
    }
    var tensor = new Protobuf().integer(1, type).message(2, shape);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  /** F32 values that are brought when the model is opened. */
  void weight(String name, long... dims) {
    var tensor = new Protobuf();
    for (long dim : dims) {
      tensor.integer(1, dim);
    }
    // External data must have a place, even one that is never opened.
    var place = new Protobuf().text(1, "location").text(2, name);
    tensor.integer(2, FLOAT).text(8, name).message(13, place).integer(14, 1);
    graph.message(5, tensor);
  }

  /** A vector of constant integers. */
  void constant(String name, long... values) {
    var bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    var tensor = new Protobuf().integer(1, values.length).integer(2, INT64).text(8, name);
    graph.message(5, tensor.bytes(9, bytes.array()));
  }

  /** An attribute of a node. */
  static Protobuf attribute(String name, long value) {
    return new Protobuf().text(1, name).integer(3, value).integer(20, 2);
  }

  /** An attribute of a node. */
  static Protobuf attribute(String name, float value) {
    return new Protobuf().text(1, name).number(2, value).integer(20, 1);
  }

  /** Calls an operator of ONNX; absent inputs and outputs have empty names. */
  void node(String op, List<String> inputs, List<String> outputs, Protobuf... attributes) {
    node("", op, inputs, outputs, attributes);
  }

  /** Calls an operator of {@code domain}. */
  void node(
      String domain, String op, List<String> inputs, List<String> outputs, Protobuf... attributes) {
    var node = new Protobuf();
    inputs.forEach(input -> node.text(1, input));
    outputs.forEach(output -> node.text(2, output));
    node.text(3, outputs.getFirst()).text(4, op);
    for (Protobuf attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node.text(7, domain));
  }

  /** {@code ModelProto}. */
  byte[] toBytes() {
    return new Protobuf()
        .integer(1, IR_VERSION)
        .text(2, "galen")
        .message(7, graph)
        .message(8, opset("", OPSET))
        .message(8, opset(MICROSOFT, 1))
        .toBytes();
  }

  private static Protobuf opset(String domain, int version) {
    return new Protobuf().text(1, domain).integer(2, version);
  }
}
