package dev.galen.bench.peer;

import dev.galen.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A LLaMA for ONNX Runtime, as {@link Gpt2Onnx}: rotation within its attention over a cache that is
 * extended in place, residual and normalisation in one, queries, keys and values as one product.
 * Inputs and outputs are those of {@link Gpt2Onnx}, without the positions.
 */
final class LlamaOnnx {
  private static final String EMBEDDING = "model.embed_tokens.weight";

  private final OnnxDecoder.Shape shape;
  private final int innerChannels;
  private final float epsilon;
  private final OnnxGraph graph = new OnnxGraph();
  private final int channels;

  private LlamaOnnx(OnnxDecoder.Shape shape, int innerChannels, double epsilon) {
    this.shape = shape;
    this.innerChannels = innerChannels;
    this.epsilon = (float) epsilon;
    this.channels = shape.heads() * shape.headSize();
  }

  /** The model; heads are as many as those of keys, and H D is C. */
  static byte[] model(OnnxDecoder.Shape shape, int innerChannels, double epsilon) {
    return new LlamaOnnx(shape, innerChannels, epsilon).build();
  }

  /**
   * Its weights by their names here: those of products lie {@code [in, out]}, as ONNX's.
   *
   * @param parameters of our model, by HuggingFace's paths
   * @param theta base of the rotation
   */
  static Map<String, Values> weights(
      Map<String, Tensor> parameters, OnnxDecoder.Shape shape, double theta) {
    Map<String, Values> weights = new LinkedHashMap<>();
    parameters.forEach(
        (path, tensor) -> {
          boolean matrix = tensor.shape().rank() == 2 && !path.equals(EMBEDDING);
          weights.put(path, matrix ? transposed(tensor) : Values.of(tensor));
        });
    for (int i = 0; i < shape.layers(); i++) {
      String attention = layer(i) + "self_attn.";
      Values[] parts = new Values[3];
      for (int part = 0; part < 3; part++) {
        parts[part] = weights.remove(attention + "qkv".charAt(part) + "_proj.weight");
      }
      weights.put(attention + "qkv.weight", beside(parts));
    }
    int half = shape.headSize() / 2;
    float[] cos = new float[shape.capacity() * half];
    float[] sin = new float[shape.capacity() * half];
    for (int i = 0; i < cos.length; i++) {
      double angle = (i / half) * Math.pow(theta, -(double) (i % half) / half);
      cos[i] = (float) Math.cos(angle);
      sin[i] = (float) Math.sin(angle);
    }
    weights.put("cos", new Values(cos, shape.capacity(), half));
    weights.put("sin", new Values(sin, shape.capacity(), half));
    return weights;
  }

  /** F32 values with their shape. */
  record Values(float[] values, long... dims) {
    static Values of(Tensor tensor) {
      int[] shape = tensor.shape().toArray();
      long[] dims = new long[shape.length];
      for (int i = 0; i < dims.length; i++) {
        dims[i] = shape[i];
      }
      return new Values(tensor.toFloats(), dims);
    }
  }

  private static Values transposed(Tensor tensor) {
    int rows = tensor.dim(0);
    int cols = tensor.dim(1);
    float[] from = tensor.toFloats();
    float[] to = new float[from.length];
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        to[col * rows + row] = from[row * cols + col];
      }
    }
    return new Values(to, cols, rows);
  }

  /** Matrices of as many rows, side by side. */
  private static Values beside(Values... parts) {
    int rows = (int) parts[0].dims[0];
    int cols = 0;
    for (Values part : parts) {
      cols += (int) part.dims[1];
    }
    float[] all = new float[rows * cols];
    int at = 0;
    for (Values part : parts) {
      int width = (int) part.dims[1];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(part.values, row * width, all, row * cols + at, width);
      }
      at += width;
    }
    return new Values(all, rows, cols);
  }

  private static String layer(int index) {
    return "model.layers." + index + ".";
  }

  private byte[] build() {
    graph.input("ids", OnnxGraph.INT64, -1);
    graph.input("last", OnnxGraph.INT32, 1);
    graph.input("length", OnnxGraph.INT32, 1);
    graph.constant("batched", 1, -1, 3L * channels);
    graph.constant("flat", -1, channels);
    graph.constant("at the end", -1);
    graph.weight("cos", shape.capacity(), shape.headSize() / 2);
    graph.weight("sin", shape.capacity(), shape.headSize() / 2);
    graph.weight(EMBEDDING, shape.vocabulary(), channels);
    graph.node("Gather", List.of(EMBEDDING, "ids"), List.of("x"));
    String norm = layer(0) + "input_layernorm";
    graph.weight(norm + ".weight", channels);
    graph.node(
        "SimplifiedLayerNormalization",
        List.of("x", norm + ".weight"),
        List.of(norm),
        OnnxGraph.attribute("epsilon", epsilon));
    for (int i = 0; i < shape.layers(); i++) {
      cache(i);
      block(i, i + 1 < shape.layers() ? layer(i + 1) + "input_layernorm" : "model.norm");
    }
    project();
    return graph.toBytes();
  }

  private void cache(int index) {
    long[] dims = {1, shape.heads(), shape.capacity(), shape.headSize()};
    for (String part : new String[] {"key.", "value."}) {
      graph.input("past." + part + index, OnnxGraph.FLOAT, dims);
      graph.output("present." + part + index, OnnxGraph.FLOAT, dims);
    }
  }

  private void product(String input, String weight, int in, int out, String output) {
    graph.weight(weight, in, out);
    graph.node("MatMul", List.of(input, weight), List.of(output));
  }

  private void block(int index, String next) {
    String layer = layer(index);
    String attention = layer + "self_attn.";
    product(
        layer + "input_layernorm",
        attention + "qkv.weight",
        channels,
        3 * channels,
        layer + "packed");
    graph.node("Reshape", List.of(layer + "packed", "batched"), List.of(layer + "qkv"));
    graph.node(
        OnnxGraph.MICROSOFT,
        "GroupQueryAttention",
        List.of(
            layer + "qkv",
            "",
            "",
            "past.key." + index,
            "past.value." + index,
            "last",
            "length",
            "cos",
            "sin"),
        List.of(layer + "attention", "present.key." + index, "present.value." + index),
        OnnxGraph.attribute("num_heads", shape.heads()),
        OnnxGraph.attribute("kv_num_heads", shape.heads()),
        OnnxGraph.attribute("do_rotary", 1));
    graph.node("Reshape", List.of(layer + "attention", "flat"), List.of(layer + "attended"));
    product(
        layer + "attended", attention + "o_proj.weight", channels, channels, layer + "projected");
    String x = index == 0 ? "x" : layer(index - 1) + "x";
    residual(layer + "projected", x, layer + "post_attention_layernorm", layer + "y");
    feedForward(layer);
    residual(layer + "down", layer + "y", next, layer + "x");
  }

  private void feedForward(String layer) {
    String input = layer + "post_attention_layernorm";
    product(input, layer + "mlp.gate_proj.weight", channels, innerChannels, layer + "gate");
    product(input, layer + "mlp.up_proj.weight", channels, innerChannels, layer + "up");
    graph.node("Sigmoid", List.of(layer + "gate"), List.of(layer + "open"));
    graph.node("Mul", List.of(layer + "gate", layer + "open"), List.of(layer + "silu"));
    graph.node("Mul", List.of(layer + "silu", layer + "up"), List.of(layer + "gated"));
    product(
        layer + "gated", layer + "mlp.down_proj.weight", innerChannels, channels, layer + "down");
  }

  /** sum = x + input and norm = RMSNorm(sum). */
  private void residual(String input, String x, String norm, String sum) {
    graph.weight(norm + ".weight", channels);
    graph.node(
        OnnxGraph.MICROSOFT,
        "SkipSimplifiedLayerNormalization",
        List.of(input, x, norm + ".weight"),
        List.of(norm, "", "", sum),
        OnnxGraph.attribute("epsilon", epsilon));
  }

  private void project() {
    graph.node(
        "Gather",
        List.of("model.norm", "at the end"),
        List.of("hidden"),
        OnnxGraph.attribute("axis", 0));
    product("hidden", "lm_head.weight", channels, shape.vocabulary(), "logits");
    graph.node(
        "ArgMax",
        List.of("logits"),
        List.of("next"),
        OnnxGraph.attribute("axis", 1),
        OnnxGraph.attribute("keepdims", 0));
    graph.output("logits", OnnxGraph.FLOAT, 1, shape.vocabulary());
    graph.output("next", OnnxGraph.INT64, 1);
  }
}
