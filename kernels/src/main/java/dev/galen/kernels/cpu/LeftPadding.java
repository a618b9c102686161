package dev.galen.kernels.cpu;

import dev.galen.tensor.backend.AttentionShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Causal self-attention of sequences that are filled up in front: each is attended to by itself,
 * from its first key on, in the order of sums that it has without the padding. Positions of padding
 * see nothing, as everywhere.
 */
record LeftPadding(
    AttentionShape shape,
    MemorySegment q,
    MemorySegment k,
    MemorySegment v,
    MemorySegment keyMask,
    DistanceBias bias,
    MemorySegment out,
    MemorySegment logSumExp) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Whether a sequence begins with hidden keys; the numbers of dropped weights count them. */
  static boolean isIn(AttentionShape shape, MemorySegment keyMask) {
    if (keyMask == null
        || !shape.causal()
        || shape.queryLength() != shape.keyLength()
        || shape.keyLength() == 0
        || shape.dropout() > 0) {
      return false;
    }
    for (int b = 0; b < shape.batch(); b++) {
      if (keyMask.get(ValueLayout.JAVA_BYTE, (long) b * shape.keyLength()) == 0) {
        return true;
      }
    }
    return false;
  }

  void run(WorkerPool pool) {
    for (int b = 0; b < shape.batch(); b++) {
      int hidden = hidden(b);
      blind(b, hidden);
      if (hidden < shape.keyLength()) {
        sequence(b, hidden, pool);
      }
    }
  }

  /** How many positions of sequence b are padding in front. */
  private int hidden(int b) {
    long row = (long) b * shape.keyLength();
    int hidden = 0;
    while (hidden < shape.keyLength() && keyMask.get(ValueLayout.JAVA_BYTE, row + hidden) == 0) {
      hidden++;
    }
    return hidden;
  }

  /** What queries that see no key give. */
  private void blind(int b, int hidden) {
    long width = (long) shape.heads() * shape.headSize();
    slice(out, AttentionTiles.outStart(shape, b, 0, 0), hidden * width).fill((byte) 0);
    for (int h = 0; h < shape.heads(); h++) {
      for (int t = 0; t < hidden; t++) {
        logSumExp.setAtIndex(
            FLOAT, AttentionTiles.rowNumber(shape, b, h, t), Float.NEGATIVE_INFINITY);
      }
    }
  }

  private void sequence(int b, int hidden, WorkerPool pool) {
    int time = shape.keyLength() - hidden;
    AttentionShape own = shape.with(1, time, time);
    long query = b * shape.queryBatchStride() + hidden * shape.queryRowStride();
    long key = b * shape.keyBatchStride() + hidden * shape.keyRowStride();
    MemorySegment sums = MemorySegment.ofArray(new float[shape.heads() * time]);
    VectorAttention.forward(
        pool,
        own,
        Tile.ROWS,
        from(q, query),
        from(k, key),
        from(v, key),
        keyMask.asSlice((long) b * shape.keyLength() + hidden),
        bias,
        from(out, AttentionTiles.outStart(shape, b, 0, hidden)),
        sums);
    for (int h = 0; h < shape.heads(); h++) {
      long to = AttentionTiles.rowNumber(shape, b, h, hidden);
      MemorySegment.copy(sums, 4L * h * time, logSumExp, 4 * to, 4L * time);
    }
  }

  private static MemorySegment from(MemorySegment x, long start) {
    return x.asSlice(start << 2);
  }

  private static MemorySegment slice(MemorySegment x, long start, long count) {
    return x.asSlice(start << 2, count << 2);
  }
}
