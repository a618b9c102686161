package dev.galen.model.generate;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.autograd.Autograd;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values of the positions a model has seen, so that a new token costs one position. Holds
 * F32 {@code [B, capacity, C]} twice per layer, outside of every scope; close it when done.
 *
 * <p>A model's layers call {@link #attend} one after the other, then the model {@link #advance}s.
 */
public final class KvCache implements AutoCloseable {
  private final int capacity;
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private int batch;
  private int length;

  /** An empty cache for {@code batch} sequences of up to {@code capacity} positions. */
  public KvCache(Backend backend, int layers, int batch, int capacity, int channels) {
    this.capacity = capacity;
    this.batch = batch;
    Shape shape_BNC = Shape.of(batch, capacity, channels);
    for (int i = 0; i < layers; i++) {
      keys.add(allocate(backend, shape_BNC));
      values.add(allocate(backend, shape_BNC));
    }
  }

  private static Tensor allocate(Backend backend, Shape shape) {
    return MemoryScope.outside(() -> Tensors.empty(backend, DType.F32, shape));
  }

  /** The number of sequences. */
  public int batch() {
    return batch;
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
   * Gradients do not reach the cached positions, so it works under {@link Autograd#noGrad} alone.
   *
   * @param qkv {@code [B, T, 3C]}
   * @return {@code [B, T, C]}
   */
  public Tensor attend(int layer, Tensor qkv, int heads, AttentionOp.Options options) {
    int time = qkv.dim(1);
    int channels = qkv.dim(2) / 3;
    if (Autograd.tracks(qkv)) {
      throw new IllegalStateException(
          "a key-value cache passes no gradient on; use it under Autograd.noGrad()");
    }
    if (qkv.dim(0) != batch || length + time > capacity) {
      throw new IllegalStateException(
          "%d sequences of %d positions do not fit a cache for %d of %d"
              .formatted(qkv.dim(0), length + time, batch, capacity));
    }
    store(qkv.slice(2, channels, 2 * channels), keys.get(layer));
    store(qkv.slice(2, 2 * channels, 3 * channels), values.get(layer));
    return AttentionOp.cached(
        qkv, keys.get(layer), values.get(layer), length + time, heads, options);
  }

  private void store(Tensor from, Tensor cache) {
    copy(from, cache.slice(1, length, length + from.dim(1)));
  }

  /** Counts {@code time} positions that every layer has stored. */
  public void advance(int time) {
    length += time;
  }

  /**
   * Makes sequence i continue what sequence {@code rows[i]} has seen: how beams survive. There may
   * be more rows than sequences before, or fewer.
   */
  public void select(int[] rows) {
    for (int row : rows) {
      if (row < 0 || row >= batch) {
        throw new IllegalArgumentException(
            "row %d of a cache for %d sequences".formatted(row, batch));
      }
    }
    if (rows.length == batch && IntStream.range(0, batch).allMatch(i -> rows[i] == i)) {
      return; // each beam continues itself, as most do after the first steps
    }
    keys.replaceAll(tensor -> select(tensor, rows));
    values.replaceAll(tensor -> select(tensor, rows));
    batch = rows.length;
  }

  private Tensor select(Tensor tensor, int[] rows) {
    Tensor selected = allocate(tensor.backend(), tensor.shape().withDim(0, rows.length));
    for (int i = 0; i < rows.length; i++) {
      copy(filled(tensor, rows[i]), filled(selected, i));
    }
    tensor.free();
    return selected;
  }

  private Tensor filled(Tensor tensor, int row) {
    return tensor.slice(0, row, row + 1).slice(1, 0, length);
  }

  private static void copy(Tensor from, Tensor to) {
    to.backend().copy().copy(from.span(), from.layout(), to.span(), to.layout());
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    keys.forEach(Tensor::free);
    values.forEach(Tensor::free);
  }
}
