package dev.galen.kernels.cpu;

import dev.galen.kernels.AttentionCase;
import dev.galen.kernels.CachedAttention;
import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention and its gradients against the reference: blocks, tiles, masks, strides, dropout. */
class AttentionTest {
  static Stream<AttentionCase> cases() {
    return Stream.of(AttentionCase.all(), AttentionCase.fewQueries(), AttentionCase.larger())
        .flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(AttentionCase c) {
    for (double dropout : new double[] {0, 0.25}) {
      for (boolean masked : new boolean[] {false, true}) {
        Parity.check(
            c + ", dropout " + dropout + (masked ? ", masked" : ""),
            Tolerance.of(DType.F32, c.keys() + c.size()),
            c.both(dropout),
            c.operands(masked));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void withABiasByDistanceAgrees(AttentionCase c) {
    for (boolean masked : new boolean[] {false, true}) {
      Parity.check(
          c + ", bias" + (masked ? ", dropout, masked" : ""),
          Tolerance.of(DType.F32, (long) c.batch() * c.queries() * c.size() + c.keys()),
          c.biased(masked ? 0.25 : 0),
          c.biasedOperands(masked));
    }
  }

  /** One length for all, and one each; few queries and many; whatever lies beyond is not read. */
  @ParameterizedTest
  @CsvSource({
    // heads, heads of keys, queries, capacity, head size, causal, window, lengths
    "2, 2, 1, 700, 64, true, 0, 500 500 500",
    "2, 2, 1, 70, 13, true, 0, 0 69 31",
    "4, 2, 3, 70, 20, true, 9, 67 0 31",
    "2, 1, 13, 70, 24, true, 0, 0 0 0",
    "3, 3, 70, 300, 16, true, 0, 230 1 64",
    "2, 2, 5, 40, 8, false, 6, 35 35 35"
  })
  void overACacheAgrees(
      int heads,
      int keyHeads,
      int queries,
      int capacity,
      int size,
      boolean causal,
      int window,
      String lengths) {
    var cache =
        new CachedAttention(heads, keyHeads, queries, capacity, size, causal, window, lengths);
    Tolerance tolerance = Tolerance.of(DType.F32, capacity + size);
    Parity.check(cache.toString(), tolerance, cache, cache.operands());
    Parity.check(cache + " with a bias", tolerance, cache, cache.biasedOperands());
  }
}
