package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** The door of every kernel: types and lengths are checked here, the loops behind check nothing. */
final class F32 {
  private F32() {}

  /** Whether all spans that are not null hold F32, so that a vector form exists. */
  static boolean all(Span... spans) {
    for (Span span : spans) {
      if (span != null && span.dtype() != DType.F32) {
        return false;
      }
    }
    return true;
  }

  /** {@code span}, which must hold F32. */
  static Span require(String name, Span span) {
    if (span.dtype() != DType.F32) {
      throw new IllegalArgumentException(name + " must be F32, not " + span.dtype());
    }
    return span;
  }

  /** Elements of a matrix; -1 where an extent is negative. */
  static long area(int rows, int cols) {
    return rows < 0 || cols < 0 ? -1 : (long) rows * cols;
  }

  /** The memory of {@code span}, which must hold at least {@code needed} elements. */
  static MemorySegment memory(String name, Span span, long needed) {
    if (needed < 0 || span.length() < needed) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but the kernel needs %d".formatted(name, span.length(), needed));
    }
    return HostBuffer.segment(span);
  }

  /** The memory of {@code span}, which must hold exactly as many elements as another operand. */
  static MemorySegment same(String name, Span span, String other, long length) {
    if (span.length() != length) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but %s holds %d".formatted(name, span.length(), other, length));
    }
    return HostBuffer.segment(span);
  }

  /** Keeps buffers that no scope owns from their cleaner until here. */
  static void keep(Span... spans) {
    for (Span span : spans) {
      Reference.reachabilityFence(span);
    }
  }
}
