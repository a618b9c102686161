package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.WidenedCalls.in;
import static dev.galen.kernels.cpu.WidenedCalls.out;

import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.Span;

/** Random numbers of F16 and BF16, and draws from such logits. See {@link WidenedCalls}. */
final class HalfRandom implements RandomKernels {
  private final WidenedCalls calls;

  HalfRandom(WidenedCalls calls) {
    this.calls = calls;
  }

  @Override
  public void uniform(Span y, double low, double high, long seed, long offset) {
    calls.byRows(
        y.length(),
        1,
        (backend, s, first, _) ->
            backend.random().uniform(s[0], low, high, seed, offset + first / 4),
        out(y, 1));
  }

  @Override
  public void normal(Span y, double mean, double deviation, long seed, long offset) {
    calls.byRows(
        y.length(),
        1,
        (backend, s, first, _) ->
            backend.random().normal(s[0], mean, deviation, seed, offset + first / 4),
        out(y, 1));
  }

  @Override
  public void dropout(Span x, Span y, double p, long seed, long offset) {
    F32.same("x", x, "y", y.length());
    calls.byRows(
        y.length(),
        1,
        (backend, s, first, _) -> backend.random().dropout(s[0], s[1], p, seed, offset + first / 4),
        in(x, 1),
        out(y, 1));
  }

  @Override
  public void sample(
      Span x,
      Span index,
      int rows,
      int cols,
      double temperature,
      int topK,
      double topP,
      long seed,
      long offset) {
    calls.byRows(
        rows,
        cols,
        (backend, s, first, count) ->
            backend
                .random()
                .sample(s[0], s[1], count, cols, temperature, topK, topP, seed, offset + first),
        in(x, cols),
        out(index, 1));
  }
}
