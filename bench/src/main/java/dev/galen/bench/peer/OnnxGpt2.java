package dev.galen.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** A model of ours run by ONNX Runtime, batch 1, keys and values kept. */
public final class OnnxGpt2 implements AutoCloseable {
  private final OnnxRuntime runtime;
  private final Map<String, OnnxTensor> caches = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final Map<Integer, Map<String, OnnxTensor>> inputs = new HashMap<>();

  private OnnxGpt2(OnnxRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * The same weights for ONNX Runtime.
   *
   * @param model with F32 weights
   * @param capacity positions to keep keys and values of
   * @param threads to compute with
   */
  public static OnnxGpt2 of(Gpt2CausalLm model, int capacity, int threads) throws IOException {
    var peer = new OnnxGpt2(OnnxRuntime.start());
    try {
      peer.open(model, capacity, threads);
      return peer;
    } catch (IOException e) {
      peer.close();
      throw e;
    }
  }

  private void open(Gpt2CausalLm model, int capacity, int threads) throws IOException {
    var weights = new HashMap<String, OnnxTensorLike>();
    for (Map.Entry<String, Tensor> entry : model.parameters().entrySet()) {
      weights.put(entry.getKey(), copy(entry.getValue()));
    }
    Gpt2Config config = model.config();
    runtime.open(Gpt2Onnx.model(config, capacity), weights, threads);
    for (int i = 0; i < config.layers(); i++) {
      for (String part : new String[] {"key.", "value."}) {
        OnnxTensor cache = runtime.floats(1, config.heads(), capacity, config.headSize());
        caches.put("past." + part + i, cache);
        outputs.put("present." + part + i, cache); // the same memory: extended in place
      }
    }
    outputs.put("logits", runtime.floats(1, config.vocabularySize()));
    outputs.put("next", runtime.longs(1));
  }

  private OnnxTensor copy(Tensor weight) throws IOException {
    int[] dims = weight.shape().toArray();
    var sizes = new long[dims.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = dims[i];
    }
    OnnxTensor copy = runtime.floats(sizes);
    ((FloatBuffer) copy.getBufferRef().orElseThrow()).put(0, weight.toFloats());
    return copy;
  }

  /** The best token after {@code ids}, which follow {@code past} positions. */
  public int next(int past, int... ids) throws IOException {
    Map<String, OnnxTensor> in = inputs.get(ids.length);
    if (in == null) {
      in = newInputs(ids.length);
      inputs.put(ids.length, in);
    }
    LongBuffer tokens = longs(in.get("ids"));
    LongBuffer positions = longs(in.get("positions"));
    for (int i = 0; i < ids.length; i++) {
      tokens.put(i, ids[i]);
      positions.put(i, past + i);
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
    in.put("positions", runtime.longs(time));
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
