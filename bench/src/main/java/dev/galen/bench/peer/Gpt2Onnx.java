package dev.galen.bench.peer;

import dev.galen.model.gpt2.Gpt2Config;
import java.util.List;

/**
 * GPT-2 for ONNX Runtime, with the operators that it is fastest with: attention over a cache that
 * it extends in place, residual and normalisation in one, bias and GELU in one. Shapes: T new
 * tokens, C channels, N positions of the cache, H heads of D, V vocabulary.
 *
 * <ul>
 *   <li>inputs {@code ids}, {@code positions}: I64 {@code [T]}; {@code last}: I32 {@code [1]}, the
 *       last position; {@code length}: I32 {@code [1]}, positions seen, these included; {@code
 *       past.key.0}: {@code [1, H, N, D]}
 *   <li>outputs {@code logits} of the last position: {@code [1, V]}; {@code next}: I64 {@code [1]},
 *       the best of them; {@code present.key.0}: {@code [1, H, N, D]}
 * </ul>
 */
final class Gpt2Onnx {
  private static final String EMBEDDING = "transformer.wte.weight";

  private final Gpt2Config config;
  private final OnnxGraph graph = new OnnxGraph();
  private final int channels;

  private Gpt2Onnx(Gpt2Config config) {
    this.config = config;
    this.channels = config.channels();
  }

  /** The model for a cache of {@code capacity} positions. */
  static byte[] model(Gpt2Config config, int capacity) {
    return new Gpt2Onnx(config).build(capacity);
  }

  private byte[] build(int capacity) {
    graph.input("ids", OnnxGraph.INT64, -1);
    graph.input("positions", OnnxGraph.INT64, -1);
    graph.input("last", OnnxGraph.INT32, 1);
    graph.input("length", OnnxGraph.INT32, 1);
    graph.constant("batched", 1, -1, 3L * channels);
    graph.constant("flat", -1, channels);
    graph.constant("at the end", -1);
    embed();
    int layers = config.layers();
    for (int i = 0; i < layers; i++) {
      cache(i, capacity);
      block(i, i + 1 < layers ? layer(i + 1) + "ln_1" : "transformer.ln_f");
    }
    project();
    return graph.toBytes();
  }

  private static String layer(int index) {
    return "transformer.h." + index + ".";
  }

  private void cache(int index, int capacity) {
    long[] shape = {1, config.heads(), capacity, config.headSize()};
    for (String part : new String[] {"key.", "value."}) {
      graph.input("past." + part + index, OnnxGraph.FLOAT, shape);
      graph.output("present." + part + index, OnnxGraph.FLOAT, shape);
    }
  }

  private void embed() {
    graph.weight(EMBEDDING, config.vocabularySize(), channels);
    graph.weight("transformer.wpe.weight", config.contextLength(), channels);
    graph.node("Gather", List.of(EMBEDDING, "ids"), List.of("tokens"));
    graph.node("Gather", List.of("transformer.wpe.weight", "positions"), List.of("places"));
    graph.node("Add", List.of("tokens", "places"), List.of("x"));
    String norm = layer(0) + "ln_1";
    normWeights(norm);
    graph.node(
        "LayerNormalization",
        List.of("x", norm + ".weight", norm + ".bias"),
        List.of(norm),
        OnnxGraph.attribute("epsilon", (float) config.layerNormEpsilon()));
  }

  private void normWeights(String name) {
    graph.weight(name + ".weight", channels);
    graph.weight(name + ".bias", channels);
  }

  private void linearWeights(String name, int in, int out) {
    graph.weight(name + ".weight", in, out);
    graph.weight(name + ".bias", out);
  }

  /** From the output of the first normalisation to that of the next block's, named {@code next}. */
  private void block(int index, String next) {
    String layer = layer(index);
    String x = index == 0 ? "x" : layer(index - 1) + "x";
    attention(index, layer + "ln_1");
    residual(layer + "attn.c_proj", channels, layer + "attended", x, layer + "ln_2", layer + "y");
    String fc = layer + "mlp.c_fc";
    int inner = config.innerChannels();
    linearWeights(fc, channels, inner);
    graph.node("MatMul", List.of(layer + "ln_2", fc + ".weight"), List.of(fc));
    graph.node(
        OnnxGraph.MICROSOFT, "FastGelu", List.of(fc, fc + ".bias"), List.of(layer + "activated"));
    residual(layer + "mlp.c_proj", inner, layer + "activated", layer + "y", next, layer + "x");
  }

  private void attention(int index, String input) {
    String layer = layer(index);
    String attn = layer + "attn.c_attn";
    linearWeights(attn, channels, 3 * channels);
    graph.node("Gemm", List.of(input, attn + ".weight", attn + ".bias"), List.of(attn));
    graph.node("Reshape", List.of(attn, "batched"), List.of(layer + "qkv"));
    graph.node(
        OnnxGraph.MICROSOFT,
        "GroupQueryAttention",
        List.of(
            layer + "qkv", "", "", "past.key." + index, "past.value." + index, "last", "length"),
        List.of(layer + "attention", "present.key." + index, "present.value." + index),
        OnnxGraph.attribute("num_heads", config.heads()),
        OnnxGraph.attribute("kv_num_heads", config.heads()));
    graph.node("Reshape", List.of(layer + "attention", "flat"), List.of(layer + "attended"));
  }

  /** sum = x + (input W + b) and norm = LayerNorm(sum). */
  private void residual(String linear, int in, String input, String x, String norm, String sum) {
    linearWeights(linear, in, channels);
    normWeights(norm);
    graph.node("MatMul", List.of(input, linear + ".weight"), List.of(linear));
    graph.node(
        OnnxGraph.MICROSOFT,
        "SkipLayerNormalization",
        List.of(linear, x, norm + ".weight", norm + ".bias", linear + ".bias"),
        List.of(norm, "", "", sum),
        OnnxGraph.attribute("epsilon", (float) config.layerNormEpsilon()));
  }

  private void project() {
    graph.node(
        "Gather",
        List.of("transformer.ln_f", "at the end"),
        List.of("hidden"),
        OnnxGraph.attribute("axis", 0));
    graph.node(
        "Gemm", List.of("hidden", EMBEDDING), List.of("logits"), OnnxGraph.attribute("transB", 1));
    graph.node(
        "ArgMax",
        List.of("logits"),
        List.of("next"),
        OnnxGraph.attribute("axis", 1),
        OnnxGraph.attribute("keepdims", 0));
    graph.output("logits", OnnxGraph.FLOAT, 1, config.vocabularySize());
    graph.output("next", OnnxGraph.INT64, 1);
  }
}
