package dev.galen.model.generate;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of the positions a model has seen, so that a new token costs one position. Holds
 * F32 {@code [B, capacity, C]} twice per layer, outside of every scope; close it when done.
 */
public final class KvCache implements AutoCloseable {
  private final int capacity;
  private List<Tensor> keys;
  private List<Tensor> values;
  private int length;

  /** An empty cache for {@code batch} sequences of up to {@code capacity} positions. */
  public KvCache(Backend backend, int layers, int batch, int capacity, int channels) {
    this.capacity = capacity;
    Shape shape = Shape.of(batch, capacity, channels);
    keys = allocate(backend, layers, shape);
    values = allocate(backend, layers, shape);
  }

  private static List<Tensor> allocate(Backend backend, int layers, Shape shape) {
    var tensors = new ArrayList<Tensor>();
    for (int i = 0; i < layers; i++) {
      tensors.add(MemoryScope.outside(() -> Tensors.empty(backend, DType.F32, shape)));
    }
    return tensors;
  }

  /** The number of positions in it. */
  public int length() {
    return length;
  }

  /** The number of positions that fit. */
  public int capacity() {
    return capacity;
  }

  /**
   * Stores the keys and values of new positions in {@code layer} and attends over all of them.
   *
   * @param qkv {@code [B, T, 3C]}
   * @return {@code [B, T, C]}
   */
  public Tensor attend(int layer, Tensor qkv, int heads, AttentionOp.Options options) {
    int time = qkv.dim(1);
    int channels = qkv.dim(2) / 3;
    if (length + time > capacity) {
      throw new IllegalStateException(
          "%d positions do not fit a cache of %d".formatted(length + time, capacity));
    }
    store(qkv.slice(2, channels, 2 * channels), keys.get(layer));
    store(qkv.slice(2, 2 * channels, 3 * channels), values.get(layer));
    return AttentionOp.cached(
        qkv, keys.get(layer), values.get(layer), length + time, heads, options);
  }

  private void store(Tensor from, Tensor cache) {
    Tensor to = cache.slice(1, length, length + from.dim(1));
    cache.backend().copy().copy(from.span(), from.layout(), to.span(), to.layout());
  }

  /** Counts {@code time} positions that every layer has stored. */
  public void advance(int time) {
    length += time;
  }

  /** Makes sequence i continue what sequence {@code rows[i]} has seen: how beams survive. */
  public void select(int[] rows) {
    keys = select(keys, rows);
    values = select(values, rows);
  }

  private List<Tensor> select(List<Tensor> tensors, int[] rows) {
    var selected = new ArrayList<Tensor>();
    for (Tensor tensor : tensors) {
      Shape shape = tensor.shape().withDim(0, rows.length);
      Tensor copy =
          MemoryScope.outside(() -> Tensors.empty(tensor.backend(), tensor.dtype(), shape));
      for (int i = 0; i < rows.length; i++) {
        Tensor from = tensor.slice(0, rows[i], rows[i] + 1).slice(1, 0, length);
        Tensor to = copy.slice(0, i, i + 1).slice(1, 0, length);
        tensor.backend().copy().copy(from.span(), from.layout(), to.span(), to.layout());
      }
      tensor.free();
      selected.add(copy);
    }
    return selected;
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    keys.forEach(Tensor::free);
    values.forEach(Tensor::free);
  }
}
