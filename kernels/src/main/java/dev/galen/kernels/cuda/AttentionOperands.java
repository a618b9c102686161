package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;

/** What attention requires of its operands, and how far they reach. */
final class AttentionOperands {
  private static final int LONGEST = 1 << 29;

  private AttentionOperands() {}

  static void requireBias(String name, Span bias, int rows, AttentionShape s) {
    if (bias != null) {
      // Kernels count its elements in an int: a longer index takes a register that they lack.
      Operands.require(name, bias, DType.F32, Math.multiplyExact(rows, s.heads()));
    }
  }

  static void requireInputs(AttentionShape s, Span q, Span k, Span v, Span keyMask, Span out) {
    if (s.batch() < 0
        || s.heads() < 0
        || s.queryLength() < 0
        || s.keyLength() < 0
        || s.headSize() < 0
        || s.queryBatchStride() < 0
        || s.queryRowStride() < 0
        || s.keyBatchStride() < 0
        || s.keyRowStride() < 0) {
      throw new IllegalArgumentException("negative extent in " + s);
    }
    if (s.queryLength() > LONGEST || s.keyLength() > LONGEST) {
      throw new IllegalArgumentException(
          "attention on a GPU knows up to %d positions, not %s".formatted(LONGEST, s));
    }
    // Maxima are taken before scaling, and hidden scores are infinite.
    if (!(s.scale() > 0)) {
      throw new IllegalArgumentException(
          "attention on a GPU needs a scale above 0, not " + s.scale());
    }
    if (!(s.dropout() >= 0 && s.dropout() < 1)) {
      throw new IllegalArgumentException(
          "dropout probability " + s.dropout() + " is not in [0, 1)");
    }
    DType dtype = q.dtype();
    Operands.requireLength("q", q, queryExtent(s));
    Operands.require("k", k, dtype, keyExtent(s));
    Operands.require("v", v, dtype, keyExtent(s));
    Operands.require("out", out, dtype, outExtent(s));
    if (keyMask != null) {
      if (keyMask.dtype() != DType.U8 && keyMask.dtype() != DType.BOOL) {
        throw new IllegalArgumentException("keyMask must be U8 or BOOL, not " + keyMask.dtype());
      }
      Operands.requireLength("keyMask", keyMask, (long) s.batch() * s.keyLength());
    }
  }

  static long queryExtent(AttentionShape s) {
    return extent(
        s.batch(),
        s.queryLength(),
        s.queryBatchStride(),
        s.queryRowStride(),
        (long) s.heads() * s.headSize());
  }

  /** Of keys that lie as the queries do. */
  static long newKeyExtent(AttentionShape s) {
    return extent(
        s.batch(),
        s.queryLength(),
        s.queryBatchStride(),
        s.queryRowStride(),
        (long) s.keyHeads() * s.headSize());
  }

  static long keyExtent(AttentionShape s) {
    return extent(
        s.batch(),
        s.keyLength(),
        s.keyBatchStride(),
        s.keyRowStride(),
        (long) s.keyHeads() * s.headSize());
  }

  private static long extent(int batch, int rows, long batchStride, long rowStride, long width) {
    return batch == 0 || rows == 0 ? 0 : (batch - 1) * batchStride + (rows - 1) * rowStride + width;
  }

  static long outExtent(AttentionShape s) {
    return rows(s) * s.headSize();
  }

  static long rows(AttentionShape s) {
    return (long) s.batch() * s.heads() * s.queryLength();
  }
}
