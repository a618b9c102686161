package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/** A bias by distance is a matrix that is added to the scores, whose entries repeat. */
class DistanceBiasTest {
  private static final int BATCH = 2;
  private static final int HEADS = 2;
  private static final int SIZE = 3;

  private static Tensor random(long seed, int... dims) {
    return Tensors.normal(Device.REFERENCE, DType.F64, Shape.of(dims), 0, 1, new Philox(seed));
  }

  /** {@code [H, queries, keys]}: what row j - i + queries - 1 says of each pair. */
  private static Tensor matrix(Tensor bias_RH, int queries, int keys) {
    var ids = new int[queries * keys];
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < keys; j++) {
        ids[i * keys + j] = j - i + queries - 1;
      }
    }
    Tensor places = Tensors.of(Device.REFERENCE, ids, queries, keys);
    return EmbeddingOp.apply(bias_RH, places).permute(2, 0, 1);
  }

  /** {@code [B, T, H D]} as {@code [B, H, T, D]}. */
  private static Tensor heads(Tensor x) {
    return x.reshape(BATCH, x.dim(1), HEADS, SIZE).permute(0, 2, 1, 3);
  }

  /** The whole matrix of scores, its softmax, the product. */
  private static Tensor unfused(Tensor q, Tensor k, Tensor v, Tensor bias) {
    Tensor scores = heads(q).matmul(heads(k), false, true).mul(0.5);
    Tensor weights = SoftmaxOp.apply(scores.add(matrix(bias, q.dim(1), k.dim(1))));
    return weights.matmul(heads(v)).permute(0, 2, 1, 3).reshape(BATCH, q.dim(1), HEADS * SIZE);
  }

  @Test
  void isAMatrixThatIsAddedToTheScores() {
    int queries = 4;
    int keys = 6;
    var leaves = new Tensor[2][];
    var results = new Tensor[2];
    for (int fused = 0; fused < 2; fused++) {
      Tensor q = random(1, BATCH, queries, HEADS * SIZE).requireGrad();
      Tensor k = random(2, BATCH, keys, HEADS * SIZE).requireGrad();
      Tensor v = random(3, BATCH, keys, HEADS * SIZE).requireGrad();
      Tensor bias = random(4, queries + keys - 1, HEADS).requireGrad();
      var options = new AttentionOp.Options(0.5, false, null, 0, null).withDistanceBias(bias);
      results[fused] =
          fused == 1 ? AttentionOp.apply(q, k, v, HEADS, options) : unfused(q, k, v, bias);
      results[fused].mul(random(5, BATCH, queries, HEADS * SIZE)).sum().backward();
      leaves[fused] = new Tensor[] {q, k, v, bias};
    }
    assertArrayEquals(results[0].toDoubles(), results[1].toDoubles(), 1e-12);
    for (int i = 0; i < leaves[0].length; i++) {
      assertArrayEquals(
          leaves[0][i].grad().toDoubles(), leaves[1][i].grad().toDoubles(), 1e-12, "input " + i);
    }
  }

  /** T5's decoder: the bias of layers that share it is summed, and a cache needs no later key's. */
  @Test
  void overACacheItsRowsCountFromTheCapacity() {
    int time = 5;
    int capacity = 7;
    Tensor bias = random(4, capacity, HEADS);
    Tensor qkv = random(1, BATCH, time, 3 * HEADS * SIZE);
    // Of five queries to five keys distances of -4 to 4, of which a causal row sees none above 0.
    Tensor whole =
        ConcatOp.apply(0, bias.slice(0, capacity - time, capacity), random(9, time - 1, HEADS));
    var options = new AttentionOp.Options(0.5, true, null, 0, null);
    double[] expected = AttentionOp.packed(qkv, HEADS, options.withDistanceBias(whole)).toDoubles();
    Tensor keys = random(2, BATCH, capacity, HEADS * SIZE);
    Tensor values = random(3, BATCH, capacity, HEADS * SIZE);
    var parts = new Tensor[time - 1];
    for (int part = 0; part < parts.length; part++) {
      int from = part == 0 ? 0 : part + 1;
      Tensor lengths = Tensors.of(Device.REFERENCE, new int[] {from, from}, BATCH);
      parts[part] =
          AttentionOp.cached(
              qkv.slice(1, from, part + 2),
              keys,
              values,
              lengths,
              HEADS,
              options.withDistanceBias(bias));
    }
    assertArrayEquals(expected, ConcatOp.apply(1, parts).toDoubles(), 1e-12);
  }

  @Test
  void aFrozenBiasGetsNoGradient() {
    Tensor qkv = random(1, BATCH, 3, 3 * HEADS * SIZE).requireGrad();
    Tensor bias = random(4, 5, HEADS);
    var options = AttentionOp.Options.causal(SIZE).withDistanceBias(bias);
    AttentionOp.packed(qkv, HEADS, options).sum().backward();
    assertNull(bias.grad());
  }

  @Test
  void aBiasOfOtherDistancesIsRefused() {
    Tensor qkv = random(1, BATCH, 3, 3 * HEADS * SIZE);
    var options = AttentionOp.Options.causal(SIZE).withDistanceBias(random(4, 6, HEADS));
    var error =
        assertThrows(IllegalArgumentException.class, () -> AttentionOp.packed(qkv, HEADS, options));
    assertEquals(
        "attention of 3 queries to 3 keys needs a distance bias [5, 2], got F64[6, 2]",
        error.getMessage());
  }
}
