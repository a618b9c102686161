package dev.galen.model.nn;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values that the layers of a decoder make of an encoder's states: made once for a text,
 * attended to at every step. Holds {@code [B, T, H D]} twice per layer, outside of every scope.
 */
public final class CrossCache implements AutoCloseable {
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private Tensor mask;

  /** The encoded text of each row: rows of one text need no copy of each other. */
  private int[] texts;

  /**
   * Nothing yet; each layer {@link #add}s its own.
   *
   * @param batch B
   * @param mask_BT U8 {@code [B, T]}, 0 where the encoder's text is padded; or null
   */
  public CrossCache(int batch, Tensor mask_BT) {
    texts = IntStream.range(0, batch).toArray();
    mask = mask_BT == null ? null : copy(mask_BT, texts);
  }

  /**
   * Keeps copies of the keys and values of the next layer.
   *
   * @param keys_BTC {@code [B, T, H D]}
   * @param values_BTC as keys
   */
  public void add(Tensor keys_BTC, Tensor values_BTC) {
    if (Autograd.tracks(keys_BTC, values_BTC)) {
      throw new IllegalStateException(
          "a cache passes no gradient on; use it under Autograd.noGrad()");
    }
    keys.add(copy(keys_BTC, texts));
    values.add(copy(values_BTC, texts));
  }

  /**
   * Attends over the text in {@code layer}, where its mask lets it.
   *
   * @param query_BSC {@code [B, S, H D]}
   * @return {@code [B, S, H D]}
   */
  public Tensor attend(int layer, Tensor query_BSC, int heads, double scale) {
    var options = new AttentionOp.Options(scale, false, mask, 0, null);
    Tensor query = query_BSC.to(keys.get(layer).dtype());
    return AttentionOp.apply(query, keys.get(layer), values.get(layer), heads, options);
  }

  /** Makes row i read the text of row {@code rows[i]}. */
  void select(int[] rows) {
    int[] selected = Arrays.stream(rows).map(row -> texts[row]).toArray();
    if (Arrays.equals(selected, texts)) {
      return; // beams of one text stay with it
    }
    keys.replaceAll(tensor -> replace(tensor, rows));
    values.replaceAll(tensor -> replace(tensor, rows));
    mask = mask == null ? null : replace(mask, rows);
    texts = selected;
  }

  private static Tensor replace(Tensor tensor, int[] rows) {
    Tensor selected = copy(tensor, rows);
    tensor.free();
    return selected;
  }

  private static Tensor copy(Tensor tensor, int[] rows) {
    Shape shape = tensor.shape().withDim(0, rows.length);
    DType dtype = tensor.dtype();
    Tensor copy = MemoryScope.outside(() -> Tensors.empty(tensor.backend(), dtype, shape));
    for (int i = 0; i < rows.length; i++) {
      Tensors.copy(tensor.slice(0, rows[i], rows[i] + 1), copy.slice(0, i, i + 1));
    }
    return copy;
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    keys.forEach(Tensor::free);
    values.forEach(Tensor::free);
    if (mask != null) {
      mask.free();
    }
  }
}
