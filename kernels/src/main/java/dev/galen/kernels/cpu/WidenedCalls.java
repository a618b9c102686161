package dev.galen.kernels.cpu;

import dev.galen.kernels.cpu.WideOperands.Operand;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.AllocationTrace;

/**
 * Kernels of F16 and BF16 on a CPU that has no arithmetic for them: operands are widened to F32
 * scratch, the F32 kernel runs, and results are rounded once. This is slower than F32, never
 * faster: it moves what F32 moves and converts besides. What each kernel reads and writes stands in
 * {@code Half<Family>}.
 *
 * <p>What works by rows goes block by block, so that the scratch stays small and near. Where no
 * operand is F16 or BF16 the reference computes.
 */
final class WidenedCalls {
  /** Elements per operand of a block; a multiple of Philox's 4. */
  private static final int BLOCK = 1 << 18;

  private final WorkerPool pool;
  private final Backend vector;
  private final Backend reference;

  WidenedCalls(WorkerPool pool, Backend vector, Backend reference) {
    this.pool = pool;
    this.vector = vector;
    this.reference = reference;
  }

  /** A kernel call. */
  @FunctionalInterface
  interface Call {
    void on(Backend backend, Span[] s);
  }

  /** A kernel call on {@code count} rows from {@code first}. */
  @FunctionalInterface
  interface RowCall {
    void on(Backend backend, Span[] s, long first, int count);
  }

  static Operand in(Span span) {
    return new Operand(span, true, false, 0);
  }

  static Operand in(Span span, long perRow) {
    return new Operand(span, true, false, perRow);
  }

  static Operand out(Span span, long perRow) {
    return new Operand(span, false, true, perRow);
  }

  static Operand inOut(Span span) {
    return new Operand(span, true, true, 0);
  }

  static Operand inOut(Span span, long perRow) {
    return new Operand(span, true, true, perRow);
  }

  /** Overwritten, but read where it holds more than what the kernel covers, which must stay. */
  static Operand outPart(Span span, long covered) {
    return new Operand(span, span.length() != covered, true, 0);
  }

  /** One call on all of the operands. */
  void whole(Call call, Operand... operands) {
    if (isForReference(operands)) {
      call.on(reference, spans(operands));
      return;
    }
    try (var wide = new WideOperands(vector, pool, operands)) {
      call.on(vector, wide.spans());
      wide.round();
    }
  }

  /** A call on each block of rows of about {@code cols} elements. */
  void byRows(long rows, long cols, RowCall call, Operand... operands) {
    if (isForReference(operands) || rows <= 0) {
      // No kernel that works by rows has more of them than an int; those by elements do not ask.
      call.on(reference, spans(operands), 0, (int) Math.min(rows, Integer.MAX_VALUE));
      return;
    }
    long block = Math.max(1, BLOCK / Math.max(1, cols));
    for (long first = 0; first < rows; first += block) {
      long from = first;
      int count = (int) Math.min(block, rows - first);
      var part = new Operand[operands.length];
      for (int i = 0; i < part.length; i++) {
        part[i] = operands[i].rows(from, count);
      }
      AllocationTrace.pieces(count, block);
      whole((backend, s) -> call.on(backend, s, from, count), part);
    }
    AllocationTrace.whole();
  }

  private static boolean isForReference(Operand[] operands) {
    boolean half = false;
    for (Operand operand : operands) {
      if (operand.span() != null && operand.span().dtype() == DType.F64) {
        return true;
      }
      half |= operand.isHalf();
    }
    return !half;
  }

  private static Span[] spans(Operand[] operands) {
    var spans = new Span[operands.length];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = operands[i].span();
    }
    return spans;
  }
}
