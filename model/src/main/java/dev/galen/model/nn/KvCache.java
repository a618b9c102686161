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
public sealed class KvCache implements AutoCloseable permits JoinedKvCache {
  private int capacity;
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private int[] held;
  private Tensor lengths;
  private int[] uploaded;
  private CrossCache cross;
  private int[][] seen; // ids of each sequence, where a model asked for it

  /**
   * An empty cache for {@code batch} sequences of up to {@code capacity} positions.
   *
   * @param channels C, of all heads of keys together
   */
  public KvCache(Backend backend, int layers, int batch, int capacity, int channels) {
    this.capacity = capacity;
    this.held = new int[batch];
    Shape shape_BNC = Shape.of(batch, capacity, channels);
    for (int i = 0; i < layers; i++) {
      keys.add(allocate(backend, shape_BNC));
      values.add(allocate(backend, shape_BNC));
    }
    newLengths(backend);
  }

  /** With nothing of its own but lengths. */
  KvCache(Backend backend, int[] lengths, int capacity) {
    this.capacity = capacity;
    this.held = lengths.clone();
    newLengths(backend);
  }

  /**
   * The sequences of several caches side by side, so that one step serves all of them: what is
   * stored goes to each one's own memory, and each attends to that alone, by the same kernels as
   * without the others.
   *
   * @param rows of one model, one sequence each; they live on when this is closed
   */
  public static KvCache joined(List<KvCache> rows) {
    return rows.size() == 1 ? rows.getFirst() : new JoinedKvCache(rows);
  }

  /** The bytes of keys and values of a position of a sequence, in all layers. */
  public long bytesPerPosition() {
    long bytes = 0;
    for (Tensor tensor : keys) {
      bytes += 2L * tensor.dim(2) * tensor.dtype().byteSize();
    }
    return bytes;
  }

  /** Where it lies. */
  Backend backend() {
    return lengths.backend();
  }

  /**
   * Puts what a decoder reads of an encoded text beside the positions it writes; this cache selects
   * and closes it from now on. Returns this.
   */
  public KvCache with(CrossCache cross) {
    this.cross = cross;
    return this;
  }

  /** What a decoder reads of an encoded text, or null where there is no encoder. */
  public CrossCache cross() {
    return cross;
  }

  private static Tensor allocate(Backend backend, Shape shape) {
    return MemoryScope.outside(() -> Tensors.empty(backend, DType.F32, shape));
  }

  private void newLengths(Backend backend) {
    uploaded = held.clone();
    lengths = MemoryScope.outside(() -> Tensors.of(backend, uploaded, uploaded.length));
  }

  /** The number of sequences. */
  public int batch() {
    return held.length;
  }

  /** The number of positions of the longest sequence in it. */
  public int length() {
    int longest = 0;
    for (int length : held) {
      longest = Math.max(longest, length);
    }
    return longest;
  }

  /** The number of positions of sequence {@code row}. */
  public int length(int row) {
    return held[row];
  }

  /** Whether all sequences have the same number of positions. */
  public boolean isEven() {
    for (int length : held) {
      if (length != held[0]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The number of positions of each sequence, which is the place of its next one: I32 {@code [B]}.
   * Brought up to date by an upload where it is not, so ask before a capture, which may not upload.
   */
  public Tensor lengths() {
    if (!Arrays.equals(uploaded, held)) {
      System.arraycopy(held, 0, uploaded, 0, held.length);
      lengths.backend().upload(MemorySegment.ofArray(uploaded), lengths.span());
    }
    return lengths;
  }

  /** The places of {@code time} new positions of each sequence, {@code [B, time]} row by row. */
  public int[] places(int time) {
    var places = new int[held.length * time];
    Arrays.setAll(places, i -> held[i / time] + i % time);
    return places;
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

  /**
   * Keeps the ids of new positions, for a model that may have to compute old ones again.
   *
   * @param ids {@code [B, time]} row by row, which are not counted yet
   */
  void remember(int[] ids) {
    int time = ids.length / held.length;
    requireRoom(held.length, time);
    if (seen == null) {
      seen = new int[held.length][capacity];
    }
    for (int row = 0; row < held.length; row++) {
      System.arraycopy(ids, row * time, seen[row], held[row], time);
    }
  }

  /**
   * The first {@code length} ids of each sequence, {@code [B, length]}; anything behind its end.
   */
  int[] remembered(int length) {
    var ids = new int[held.length * length];
    for (int row = 0; row < held.length; row++) {
      System.arraycopy(seen[row], 0, ids, row * length, length);
    }
    return ids;
  }

  /** Throws unless it is for so many sequences and {@code time} more positions fit. */
  public void requireRoom(int sequences, int time) {
    if (sequences != batch() || length() + time > capacity) {
      throw new IllegalStateException(
          "%d sequences of %d positions do not fit a cache for %d of %d"
              .formatted(sequences, length() + time, batch(), capacity));
    }
  }

  /**
   * Makes room for {@code time} more positions, unless there is; so that a text may grow beyond
   * what a cache was made for, it at least doubles.
   */
  public void reserve(int time) {
    reserve(time, Math.min(2L * capacity, Integer.MAX_VALUE));
  }

  /**
   * Makes room for {@code time} more positions and, if there is not, for {@code atLeast} in all.
   */
  public void reserve(int time, long atLeast) {
    long needed = (long) length() + time;
    if (needed <= capacity) {
      return;
    }
    capacity = Math.toIntExact(Math.max(needed, atLeast));
    keys.replaceAll(this::grown);
    values.replaceAll(this::grown);
    if (seen != null) {
      Arrays.setAll(seen, row -> Arrays.copyOf(seen[row], capacity));
    }
    lengths.free();
    newLengths(lengths.backend());
  }

  private Tensor grown(Tensor tensor) {
    Tensor grown = allocate(tensor.backend(), tensor.shape().withDim(1, capacity));
    int length = length();
    if (length > 0) {
      Tensors.copy(tensor.slice(1, 0, length), grown.slice(1, 0, length));
    }
    tensor.free();
    return grown;
  }

  /** Counts {@code time} positions that every layer has stored. */
  public void advance(int time) {
    for (int row = 0; row < held.length; row++) {
      held[row] += time;
    }
  }

  /** Forgets the positions from {@code length} on; with 0 it is empty again. */
  public void crop(int length) {
    if (length < 0 || length > length()) {
      throw new IllegalArgumentException(
          "cannot crop a cache of %d positions to %d".formatted(length(), length));
    }
    Arrays.setAll(held, row -> Math.min(held[row], length));
  }

  /**
   * Forgets the positions of each sequence from its own length on. Prompts of different lengths are
   * run side by side, padded on the right, and cropped to what they are.
   *
   * @param lengths one for each sequence
   */
  public void crop(int[] lengths) {
    if (lengths.length != held.length) {
      throw new IllegalArgumentException(
          lengths.length + " lengths for a cache of " + held.length + " sequences");
    }
    for (int row = 0; row < held.length; row++) {
      if (lengths[row] < 0 || lengths[row] > held[row]) {
        throw new IllegalArgumentException(
            "cannot crop %d positions of sequence %d to %d"
                .formatted(held[row], row, lengths[row]));
      }
    }
    held = lengths.clone();
  }

  /**
   * Makes sequence i continue what sequence {@code rows[i]} has seen: how beams survive. There may
   * be more rows than sequences before, or fewer.
   */
  public void select(int[] rows) {
    for (int row : rows) {
      if (row < 0 || row >= held.length) {
        throw new IllegalArgumentException(
            "row %d of a cache for %d sequences".formatted(row, held.length));
      }
    }
    if (rows.length == held.length && IntStream.range(0, held.length).allMatch(i -> rows[i] == i)) {
      return; // each beam continues itself, as most do after the first steps
    }
    keys.replaceAll(tensor -> select(tensor, rows));
    values.replaceAll(tensor -> select(tensor, rows));
    if (seen != null) {
      seen = Arrays.stream(rows).mapToObj(row -> seen[row].clone()).toArray(int[][]::new);
    }
    held = Arrays.stream(rows).map(row -> held[row]).toArray();
    lengths.free();
    newLengths(lengths.backend());
    if (cross != null) {
      cross.select(rows);
    }
  }

  /**
   * Makes sequence {@code rows[i]} what sequence i of {@code other} has seen: prompts that were run
   * apart go on side by side.
   */
  public void fill(int[] rows, KvCache other) {
    for (int i = 0; i < rows.length; i++) {
      fill(rows[i], other, i, other.held[i]);
    }
  }

  /** Makes its only sequence the first {@code length} positions of that of {@code other}. */
  public void fill(KvCache other, int length) {
    fill(0, other, 0, length);
  }

  private void fill(int row, KvCache other, int from, int length) {
    if (length > capacity) {
      throw new IllegalStateException(
          "%d positions do not fit a cache for %d".formatted(length, capacity));
    }
    for (int layer = 0; layer < keys.size(); layer++) {
      Tensors.copy(
          filled(other.keys.get(layer), from, length), filled(keys.get(layer), row, length));
      Tensors.copy(
          filled(other.values.get(layer), from, length), filled(values.get(layer), row, length));
    }
    held[row] = length;
    if (other.seen != null) {
      if (seen == null) {
        seen = new int[held.length][capacity];
      }
      System.arraycopy(other.seen[from], 0, seen[row], 0, length);
    }
  }

  private Tensor select(Tensor tensor, int[] rows) {
    Tensor selected = allocate(tensor.backend(), tensor.shape().withDim(0, rows.length));
    for (int i = 0; i < rows.length; i++) {
      int length = held[rows[i]];
      Tensors.copy(filled(tensor, rows[i], length), filled(selected, i, length));
    }
    tensor.free();
    return selected;
  }

  private static Tensor filled(Tensor tensor, int row, int length) {
    return tensor.slice(0, row, row + 1).slice(1, 0, length);
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    keys.forEach(Tensor::free);
    values.forEach(Tensor::free);
    lengths.free();
    if (cross != null) {
      cross.close();
    }
  }
}
