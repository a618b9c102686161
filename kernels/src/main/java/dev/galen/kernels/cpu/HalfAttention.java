package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.inOut;
import static dev.galen.kernels.cpu.WidenedCalls.outPart;

import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;

/** Attention widens whole operands. See {@link WidenedCalls}. */
final class HalfAttention implements AttentionKernels {
  private final WidenedCalls calls;

  HalfAttention(WidenedCalls calls) {
    this.calls = calls;
  }

  @Override
  public void attention(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span bias,
      Span out,
      Span logSumExp) {
    long rows = (long) shape.batch() * shape.heads() * shape.queryLength();
    calls.whole(
        (backend, s) ->
            backend.attention().attention(shape, s[0], s[1], s[2], s[3], s[4], s[5], s[6]),
        in(q),
        in(k),
        in(v),
        in(keyMask),
        in(bias),
        outPart(out, rows * shape.headSize()),
        outPart(logSumExp, rows));
  }

  @Override
  public void attentionWithCache(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span lengths,
      Span keyCache,
      Span valueCache,
      Span bias,
      Span out) {
    long rows = (long) shape.batch() * shape.heads() * shape.queryLength();
    calls.whole(
        (backend, s) ->
            backend
                .attention()
                .attentionWithCache(shape, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]),
        in(q),
        in(k),
        in(v),
        in(lengths),
        inOut(keyCache),
        inOut(valueCache),
        in(bias),
        outPart(out, rows * shape.headSize()));
  }

  @Override
  public void attentionBackward(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      Span bias,
      Span out,
      Span logSumExp,
      Span dOut,
      Span dQ,
      Span dK,
      Span dV,
      Span dBias) {
    calls.whole(
        (backend, s) ->
            backend
                .attention()
                .attentionBackward(
                    shape, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10],
                    s[11]),
        in(q),
        in(k),
        in(v),
        in(keyMask),
        in(bias),
        in(out),
        in(logSumExp),
        in(dOut),
        // Strided: what lies between their rows must stay.
        inOut(dQ),
        inOut(dK),
        inOut(dV),
        inOut(dBias));
  }
}
