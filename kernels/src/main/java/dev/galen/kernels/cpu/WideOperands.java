package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The operands of one kernel call with F32 scratch in place of F16 and BF16. Operands that overlap,
 * such as query, key and value of one packed tensor, share their scratch.
 */
final class WideOperands implements AutoCloseable {
  /**
   * An operand.
   *
   * @param span where it lies, or null
   * @param isRead its contents count before the call
   * @param isWritten its contents may change
   * @param perRow its elements per row where a call is cut into blocks of rows; 0 stays whole
   */
  record Operand(Span span, boolean isRead, boolean isWritten, long perRow) {
    /** Of {@code count} rows from {@code first}. */
    Operand rows(long first, long count) {
      return span == null || perRow == 0
          ? this
          : new Operand(span.slice(first * perRow, count * perRow), isRead, isWritten, perRow);
    }

    boolean isHalf() {
      return span != null && Half.is(span.dtype());
    }
  }

  /** A range of memory that one or more operands use. */
  private static final class Piece {
    Span span;
    boolean isRead;
    boolean isWritten;
    Span wide;

    Piece(Operand operand) {
      span = operand.span();
      isRead = operand.isRead();
      isWritten = operand.isWritten();
    }

    boolean overlaps(Span other) {
      return span.buffer() == other.buffer()
          && span.dtype() == other.dtype()
          && span.offset() < end(other)
          && other.offset() < end(span);
    }

    /** Takes in what another piece covers. */
    void join(Piece other) {
      long from = Math.min(span.offset(), other.span.offset());
      long to = Math.max(end(span), end(other.span));
      span = new Span(span.buffer(), span.dtype(), from, to - from);
      isRead |= other.isRead;
      isWritten |= other.isWritten;
    }

    private static long end(Span span) {
      return span.offset() + span.length();
    }
  }

  private final WorkerPool pool;
  private final Operand[] operands;
  private final List<Piece> pieces = new ArrayList<>();

  /** Widens what is read. */
  WideOperands(Backend backend, WorkerPool pool, Operand... operands) {
    this.pool = pool;
    this.operands = operands;
    for (Operand operand : operands) {
      if (operand.isHalf()) {
        add(new Piece(operand));
      }
    }
    for (Piece piece : pieces) {
      long length = piece.span.length();
      Buffer scratch = backend.allocate(4 * length);
      piece.wide = new Span(scratch, DType.F32, 0, length);
      if (piece.isRead) {
        convert(piece.span, piece.wide);
      }
    }
  }

  private void add(Piece piece) {
    // Joining may make it reach others, so each one found starts the search again.
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).overlaps(piece.span)) {
        piece.join(pieces.remove(i));
        i = -1;
      }
    }
    pieces.add(piece);
  }

  /** One span per operand: F32 where it was F16 or BF16. */
  Span[] spans() {
    var spans = new Span[operands.length];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = operands[i].isHalf() ? wide(operands[i].span()) : operands[i].span();
    }
    return spans;
  }

  private Span wide(Span span) {
    for (Piece piece : pieces) {
      if (piece.overlaps(span) || piece.span.equals(span)) {
        return piece.wide.slice(span.offset() - piece.span.offset(), span.length());
      }
    }
    throw new IllegalStateException("no scratch for " + span);
  }

  /** Rounds what was written, back to where it belongs. */
  void round() {
    for (Piece piece : pieces) {
      if (piece.isWritten) {
        convert(piece.wide, piece.span);
      }
    }
  }

  private void convert(Span from, Span to) {
    Half.convert(
        pool,
        HostBuffer.segment(from),
        from.dtype(),
        HostBuffer.segment(to),
        to.dtype(),
        to.length());
    F32.keep(from, to);
  }

  /** Gives the scratch back. */
  @Override
  public void close() {
    for (Piece piece : pieces) {
      piece.wide.buffer().free("the end of a kernel");
    }
  }
}
