package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.ConcatOp;
import java.util.List;

/** Rows of a batch that lie in caches of their own. For models whose places mean one angle each. */
final class JoinedKvCache extends KvCache {
  private final List<KvCache> rows;

  JoinedKvCache(List<KvCache> rows) {
    super(rows.getFirst().backend(), lengths(rows), capacity(rows));
    this.rows = List.copyOf(rows);
  }

  private static int[] lengths(List<KvCache> rows) {
    var lengths = new int[rows.size()];
    for (int row = 0; row < lengths.length; row++) {
      KvCache cache = rows.get(row);
      if (cache.batch() != 1 || cache.cross() != null) {
        throw new IllegalArgumentException(
            "row %d is a cache of %d sequences%s, must be one without an encoder's"
                .formatted(row, cache.batch(), cache.cross() == null ? "" : " and a text"));
      }
      lengths[row] = cache.length();
    }
    return lengths;
  }

  private static int capacity(List<KvCache> rows) {
    int most = 0;
    for (KvCache cache : rows) {
      most = Math.max(most, cache.capacity());
    }
    return most;
  }

  @Override
  public Tensor attend(int layer, Tensor qkv, int heads, AttentionOp.Options options) {
    var outputs = new Tensor[rows.size()];
    for (int row = 0; row < outputs.length; row++) {
      Tensor own = qkv.slice(0, row, row + 1);
      outputs[row] = rows.get(row).attend(layer, own, heads, options);
    }
    return ConcatOp.apply(0, outputs);
  }

  @Override
  public void advance(int time) {
    super.advance(time);
    rows.forEach(row -> row.advance(time));
  }

  @Override
  public void crop(int length) {
    super.crop(length);
    rows.forEach(row -> row.crop(Math.min(row.length(), length)));
  }

  @Override
  public void crop(int[] lengths) {
    super.crop(lengths);
    for (int row = 0; row < lengths.length; row++) {
      rows.get(row).crop(lengths[row]);
    }
  }

  @Override
  public void reserve(int time, long atLeast) {
    throw new UnsupportedOperationException("each row reserves for itself");
  }

  @Override
  public void select(int[] selected) {
    throw new UnsupportedOperationException("join the selected rows");
  }

  @Override
  public void fill(int[] filled, KvCache other) {
    throw new UnsupportedOperationException("each row is filled by itself");
  }
}
