package dev.galen.train.optim;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.InPlace;
import java.util.List;
import java.util.function.Consumer;

/**
 * A part of a piece, for rules that have no kernel of their own: some passes over little memory
 * instead of one over all.
 *
 * @param with arithmetic where all of it lies
 * @param values F32 {@code [n]}
 * @param gradients F32 {@code [n]}
 * @param states F32 {@code [n]} each
 */
record Elements(InPlace with, Span values, Span gradients, List<Span> states) {
  /** 4 MiB of each vector: what a GPU takes in one launch, and no large part of any memory. */
  static final long MOST = 1 << 20;

  /** Part by part. What {@code body} makes is freed behind each. */
  static void of(Backend backend, BlockOptimizer.Piece piece, Consumer<Elements> body) {
    var with = new InPlace(backend);
    long length = piece.values().length();
    for (long at = 0; at < length; at += MOST) {
      long from = at;
      long count = Math.min(MOST, length - at);
      try (var scope = MemoryScope.open("update")) {
        body.accept(
            new Elements(
                with,
                piece.values().slice(from, count),
                piece.gradients().slice(from, count),
                piece.states().stream().map(state -> state.slice(from, count)).toList()));
      }
    }
  }

  /** A new vector: the gradients times {@code scale}, and decay times the values. */
  Span decayedGradients(double scale, double decay) {
    Span g = with.scaled(scale, gradients);
    if (decay != 0) {
      with.add(decay, values, g);
    }
    return g;
  }
}
