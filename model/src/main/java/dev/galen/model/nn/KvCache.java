package dev.galen.model.nn;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values of the positions a model has seen, so that a new token costs one position. Holds
 * F32 {@code [B, capacity, C]} twice per layer, outside of every scope; close it when done.
 *
 * <p>A model's layers call {@link #attend} one after the other, then the model {@link #advance}s.
 * How many positions there are lies in the device's memory as well, where the kernels read it, so
 * that a captured step can be replayed at any length.
 */
public final class KvCache implements AutoCloseable {
  private final int capacity;
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private int batch;
  private int length;
  private Tensor lengths;
  private int uploaded;

  /** An empty cache for {@code batch} sequences of up to {@code capacity} positions. */
  public KvCache(Backend backend, int layers, int batch, int capacity, int channels) {
    this.capacity = capacity;
    this.batch = batch;
    Shape shape_BNC = Shape.of(batch, capacity, channels);
    for (int i = 0; i < layers; i++) {
      keys.add(allocate(backend, shape_BNC));
      values.add(allocate(backend, shape_BNC));
    }
    newLengths(backend);
  }

  private static Tensor allocate(Backend backend, Shape shape) {
    return MemoryScope.outside(() -> Tensors.empty(backend, DType.F32, shape));
  }

  private void newLengths(Backend backend) {
    lengths = MemoryScope.outside(() -> Tensors.of(backend, lengthsOnHost(), batch));
    uploaded = length;
  }

  private int[] lengthsOnHost() {
    var all = new int[batch];
    Arrays.fill(all, length);
    return all;
  }

  /** The number of sequences. */
  public int batch() {
    return batch;
  }

  /** The number of positions in it. */
  public int length() {
    return length;
  }

  /**
   * The number of positions of each sequence, which is the place of its next one: I32 {@code [B]}.
   * Brought up to date by an upload where it is not, so ask before a capture, which may not upload.
   */
  public Tensor lengths() {
    if (uploaded != length) {
      lengths.backend().upload(MemorySegment.ofArray(lengthsOnHost()), lengths.span());
      uploaded = length;
    }
    return lengths;
  }

  /** Changes when keys and values move. */
  public Buffer place() {
    return lengths.span().buffer();
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
    if (Autograd.tracks(qkv)) {
      throw new IllegalStateException(
          "a key-value cache passes no gradient on; use it under Autograd.noGrad()");
    }
    requireRoom(qkv.dim(0), qkv.dim(1));
    return AttentionOp.cached(qkv, keys.get(layer), values.get(layer), lengths(), heads, options);
  }

  /** Throws unless it is for so many sequences and {@code time} more positions fit. */
  public void requireRoom(int sequences, int time) {
    if (sequences != batch || length + time > capacity) {
      throw new IllegalStateException(
          "%d sequences of %d positions do not fit a cache for %d of %d"
              .formatted(sequences, length + time, batch, capacity));
    }
  }

  /** Counts {@code time} positions that every layer has stored. */
  public void advance(int time) {
    length += time;
  }

  /** Forgets the positions from {@code length} on; with 0 it is empty again. */
  public void crop(int length) {
    if (length < 0 || length > this.length) {
      throw new IllegalArgumentException(
          "cannot crop a cache of %d positions to %d".formatted(this.length, length));
    }
    this.length = length;
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
    lengths.free();
    newLengths(lengths.backend());
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
    lengths.free();
  }
}
