package dev.galen.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import dev.galen.bench.peer.LlamaOnnx.Values;
import dev.galen.model.CausalLm;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model of ours run by ONNX Runtime, batch 1, keys and values kept. */
public final class OnnxDecoder implements AutoCloseable {
  /**
   * What a graph needs to know.
   *
   * @param capacity positions to keep keys and values of
   */
  public record Shape(int layers, int heads, int headSize, int vocabulary, int capacity) {}

  private final OnnxRuntime runtime;
  private final boolean positions;
  private final Map<String, OnnxTensor> caches = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final Map<Integer, Map<String, OnnxTensor>> inputs = new HashMap<>();

  private OnnxDecoder(OnnxRuntime runtime, boolean positions) {
    this.runtime = runtime;
    this.positions = positions;
  }

  /**
   * The same weights for ONNX Runtime.
   *
   * @param model with F32 weights
   * @param capacity positions to keep keys and values of
   * @param threads to compute with
   */
  public static OnnxDecoder gpt2(Gpt2CausalLm model, int capacity, int threads) throws IOException {
    Gpt2Config config = model.config();
    var shape =
        new Shape(
            config.layers(), config.heads(), config.headSize(), config.vocabularySize(), capacity);
    Map<String, Values> weights = new LinkedHashMap<>();
    model.parameters().forEach((path, tensor) -> weights.put(path, Values.of(tensor)));
    return open(Gpt2Onnx.model(config, capacity), weights, shape, true, threads);
  }

  /**
   * The same of a LLaMA with as many heads of keys as of queries.
   *
   * @param innerChannels of its feed-forward layer
   * @param epsilon of its norms
   * @param theta base of its rotation
   */
  public static OnnxDecoder llama(
      CausalLm model, Shape shape, int innerChannels, double epsilon, double theta, int threads)
      throws IOException {
    var weights = LlamaOnnx.weights(model.parameters(), shape, theta);
    byte[] graph = LlamaOnnx.model(shape, innerChannels, epsilon);
    return open(graph, weights, shape, false, threads);
  }

  private static OnnxDecoder open(
      byte[] graph, Map<String, Values> weights, Shape shape, boolean positions, int threads)
      throws IOException {
    var peer = new OnnxDecoder(OnnxRuntime.start(), positions);
    try {
      peer.load(graph, weights, shape, threads);
      return peer;
    } catch (IOException e) {
      peer.close();
      throw e;
    }
  }

  private void load(byte[] graph, Map<String, Values> weights, Shape shape, int threads)
      throws IOException {
    var copies = new HashMap<String, OnnxTensorLike>();
    for (Map.Entry<String, Values> entry : weights.entrySet()) {
      OnnxTensor copy = runtime.floats(entry.getValue().dims());
      ((FloatBuffer) copy.getBufferRef().orElseThrow()).put(0, entry.getValue().values());
      copies.put(entry.getKey(), copy);
    }
    runtime.open(graph, copies, threads);
    for (int i = 0; i < shape.layers(); i++) {
      for (String part : new String[] {"key.", "value."}) {
        OnnxTensor cache = runtime.floats(1, shape.heads(), shape.capacity(), shape.headSize());
        caches.put("past." + part + i, cache);
        outputs.put("present." + part + i, cache); // the same memory: extended in place
      }
    }
    outputs.put("logits", runtime.floats(1, shape.vocabulary()));
    outputs.put("next", runtime.longs(1));
  }

  /** The best token after {@code ids}, which follow {@code past} positions. */
  public int next(int past, int... ids) throws IOException {
    Map<String, OnnxTensor> in = inputs.get(ids.length);
    if (in == null) {
      in = newInputs(ids.length);
      inputs.put(ids.length, in);
    }
    LongBuffer tokens = longs(in.get("ids"));
    for (int i = 0; i < ids.length; i++) {
      tokens.put(i, ids[i]);
    }
    if (positions) {
      LongBuffer places = longs(in.get("positions"));
      for (int i = 0; i < ids.length; i++) {
        places.put(i, past + i);
      }
    }
    ints(in.get("last")).put(0, past + ids.length - 1);
    ints(in.get("length")).put(0, past + ids.length);
    runtime.run(in, outputs);
    return (int) longs(outputs.get("next")).get(0);
  }

  /** Tensors for {@code time} tokens at once. */
  private Map<String, OnnxTensor> newInputs(int time) throws IOException {
    var in = new HashMap<>(caches);
    in.put("ids", runtime.longs(time));
    if (positions) {
      in.put("positions", runtime.longs(time));
    }
    in.put("last", runtime.anInt());
    in.put("length", runtime.anInt());
    return in;
  }

  private static LongBuffer longs(OnnxTensor tensor) {
    return (LongBuffer) tensor.getBufferRef().orElseThrow();
  }

  private static IntBuffer ints(OnnxTensor tensor) {
    return (IntBuffer) tensor.getBufferRef().orElseThrow();
  }

  /** The logits that {@link #next} chose from. */
  public float[] logits() {
    var buffer = (FloatBuffer) outputs.get("logits").getBufferRef().orElseThrow();
    var logits = new float[buffer.capacity()];
    buffer.get(0, logits);
    return logits;
  }

  @Override
  public void close() throws IOException {
    runtime.close();
  }
}
