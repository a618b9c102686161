package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.backend.EmbeddingKernels;
import dev.galen.tensor.backend.Span;

/** Rows by index widen the whole table. See {@link WidenedCalls}. */
final class HalfEmbedding implements EmbeddingKernels {
  private final WidenedCalls calls;

  HalfEmbedding(WidenedCalls calls) {
    this.calls = calls;
  }

  @Override
  public void gather(Span table, Span ids, Span y, int rows, int cols, int tableRows) {
    calls.whole(
        (backend, s) -> backend.embedding().gather(s[0], s[1], s[2], rows, cols, tableRows),
        in(table),
        in(ids),
        outPart(y, (long) rows * cols));
  }

  @Override
  public void gatherBackward(Span dY, Span ids, Span dTable, int rows, int cols, int tableRows) {
    calls.whole(
        (backend, s) -> backend.embedding().gatherBackward(s[0], s[1], s[2], rows, cols, tableRows),
        in(dY),
        in(ids),
        inOut(dTable));
  }

  @Override
  public void scatter(Span x, Span ids, Span weights, Span y, int rows, int cols, int yRows) {
    calls.whole(
        (backend, s) -> backend.embedding().scatter(s[0], s[1], s[2], s[3], rows, cols, yRows),
        in(x),
        in(ids),
        in(weights),
        inOut(y));
  }

  @Override
  public void scatterBackward(
      Span x,
      Span ids,
      Span weights,
      Span dY,
      Span dX,
      Span dWeights,
      int rows,
      int cols,
      int yRows) {
    calls.whole(
        (backend, s) ->
            backend
                .embedding()
                .scatterBackward(s[0], s[1], s[2], s[3], s[4], s[5], rows, cols, yRows),
        in(x),
        in(ids),
        in(weights),
        in(dY),
        outPart(dX, (long) rows * cols),
        dWeights == null ? in(null) : outPart(dWeights, rows));
  }
}
