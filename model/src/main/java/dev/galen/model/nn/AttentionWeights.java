package dev.galen.model.nn;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.Documents;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@code softmax(scale q k^T + bias + mask)} of each head, which the fused kernels never store: on
 * the host and in F64, for somebody who looks inside.
 */
final class AttentionWeights {
  /** Instead of negative infinity, so that a row that sees nothing has equal weights, not NaN. */
  private static final double HIDDEN = -1e30;

  private AttentionWeights() {}

  /**
   * The weights.
   *
   * @param query {@code [B, Tq, H D]}
   * @param key {@code [B, Tk, keyHeads D]}
   * @return F32 {@code [B, H, Tq, Tk]}
   */
  static Tensor of(Tensor query, Tensor key, int heads, AttentionOp.Options options) {
    int batch = query.dim(0);
    int queries = query.dim(1);
    int keys = key.dim(1);
    int size = query.dim(2) / heads;
    int keyHeads = options.keyHeads() == 0 ? heads : options.keyHeads();
    double[] q = query.toDoubles();
    double[] k = key.toDoubles();
    double[] bias = options.distanceBias() == null ? null : options.distanceBias().toDoubles();
    int[] mask = options.keyMask() == null ? null : options.keyMask().toInts();
    int[] documents = documents(options.documents(), batch * keys);
    var weights = new float[Math.toIntExact((long) batch * heads * queries * keys)];
    var row = new double[keys];
    int at = 0;
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        int keyHead = h / (heads / keyHeads);
        for (int i = 0; i < queries; i++) {
          int place = i + keys - queries; // the last query is at the last key
          for (int j = 0; j < keys; j++) {
            boolean seen =
                (mask == null || mask[b * keys + j] != 0)
                    && (documents == null || documents[b * keys + i] == documents[b * keys + j])
                    && (!options.causal() || j <= place)
                    && (options.window() == 0 || Math.abs(place - j) < options.window());
            int from = ((b * queries + i) * heads + h) * size;
            int to = ((b * keys + j) * keyHeads + keyHead) * size;
            double near = bias == null ? 0 : bias[(j - i + queries - 1) * heads + h];
            row[j] = seen ? options.scale() * dot(q, from, k, to, size) + near : HIDDEN;
          }
          at = putSoftmax(row, weights, at);
        }
      }
    }
    return Tensors.upload(
        query.backend(), DType.F32, MemorySegment.ofArray(weights), batch, heads, queries, keys);
  }

  /** Which document each position belongs to, or null. */
  private static int[] documents(Documents all, int positions) {
    if (all == null) {
      return null;
    }
    var documents = new int[positions];
    int at = 0;
    for (int d = 0; d < all.lengths().length; d++) {
      Arrays.fill(documents, at, at += all.lengths()[d], d);
    }
    return documents;
  }

  private static double dot(double[] q, int from, double[] k, int to, int size) {
    double sum = 0;
    for (int d = 0; d < size; d++) {
      sum += q[from + d] * k[to + d];
    }
    return sum;
  }

  private static int putSoftmax(double[] row, float[] weights, int at) {
    double max = Arrays.stream(row).max().orElse(0);
    double sum = 0;
    for (double value : row) {
      sum += Math.exp(value - max);
    }
    for (int j = 0; j < row.length; j++) {
      weights[at + j] = (float) (Math.exp(row[j] - max) / sum);
    }
    return at + row.length;
  }
}
