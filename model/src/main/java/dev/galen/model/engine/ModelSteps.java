package dev.galen.model.engine;

import dev.galen.model.Generative;
import dev.galen.model.Model;
import dev.galen.model.inside.Embedder;
import dev.galen.model.inside.Pooling;
import dev.galen.model.lora.Adapters;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.util.OptionalInt;

/** Steps of a model, with the adapter that a step is for. For the engine's thread. */
final class ModelSteps {
  private final Model network;
  private final Generative model;
  private final Adapters adapters; // null without
  private String active;
  private final float[] logits;

  <M extends Model & Generative> ModelSteps(M model, Adapters adapters) {
    this.network = model;
    this.model = model;
    this.adapters = adapters;
    logits = new float[network.vocabularySize()];
    network.eval();
  }

  Generative model() {
    return model;
  }

  /** Whether there is such an adapter; the empty name is the base's. */
  boolean knows(String adapter) {
    return adapter.isEmpty() || (adapters != null && adapters.names().contains(adapter));
  }

  /** Gets the logits of a step. */
  @FunctionalInterface
  interface Reader {
    /**
     * Each row's, in their order.
     *
     * @param logits V of them; overwritten for the next row
     */
    void read(int row, float[] logits);
  }

  /**
   * Logits of the next token of each row.
   *
   * @param ids {@code [B, T]} row by row
   */
  void next(String adapter, int[] ids, KvCache cache, Reader reader) {
    use(adapter);
    try (var scope = MemoryScope.open("engine step")) {
      int rows = cache.batch();
      Tensor ids_BT = Tensors.of(model.backend(), ids, rows, ids.length / rows);
      Tensor logits_BV = model.next(ids_BT, cache);
      for (int row = 0; row < rows; row++) {
        logits_BV.slice(0, row, row + 1).copyTo(logits);
        reader.read(row, logits);
      }
    }
  }

  /** A text's vector. */
  float[] embed(String adapter, int[] ids, Pooling pooling) {
    use(adapter);
    return new Embedder(network, pooling, OptionalInt.empty()).embed(ids);
  }

  /** Computes with an adapter from now on. */
  void use(String adapter) {
    if (adapters == null || adapter.equals(active)) {
      return;
    }
    if (adapter.isEmpty()) {
      adapters.activate();
    } else {
      adapters.activate(adapter);
    }
    network.eval();
    active = adapter;
  }
}
