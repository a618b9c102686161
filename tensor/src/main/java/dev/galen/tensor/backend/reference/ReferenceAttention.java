package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import java.util.Arrays;

/**
 * Attention one head at a time. With {@code s_ij = scale q_i . k_j + bias_(j-i)} over the keys j
 * that row i sees, {@code P_ij = e^(s_ij - logSumExp_i)} and the dropout factor {@code Z_ij} (0 or
 * 1/(1-p)):
 *
 * <pre>
 * out_i = sum_j P_ij Z_ij v_j
 * dV_j  = sum_i P_ij Z_ij dOut_i
 * dS_ij = P_ij (Z_ij dOut_i . v_j - dOut_i . out_i)
 * dQ_i  = scale sum_j dS_ij k_j
 * dK_j  = scale sum_i dS_ij q_i
 * dBias_d += sum_(j-i = d) dS_ij
 * </pre>
 */
final class ReferenceAttention implements AttentionKernels {
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
    requireInputs(shape, q, k, v, keyMask, out);
    requireLogSumExp(shape, logSumExp);
    requireBias("bias", bias, shape.biasRows(), shape);
    forward(shape, q, k, v, keyMask, readBias(bias), shape.biasRows(), out, logSumExp);
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
    shape.requireCache();
    requireInputs(shape, q, keyCache, valueCache, null, out);
    requireBias("bias", bias, shape.cacheBiasRows(), shape);
    requireNewKeys(shape, "k", k);
    requireNewKeys(shape, "v", v);
    Require.length("lengths", lengths, shape.batch());
    Require.dtype("lengths", lengths, DType.I32);
    int[] filled = Values.readInts(lengths, shape.batch());
    for (int b = 0; b < shape.batch(); b++) {
      shape.requireRoom(b, filled[b]);
    }
    int width = shape.keyHeads() * shape.headSize();
    double[] biases = readBias(bias);
    for (int b = 0; b < shape.batch(); b++) {
      for (int i = 0; i < shape.queryLength(); i++) {
        long from = queryStart(shape, b, 0, i);
        long to = keyStart(shape, b, 0, filled[b] + i);
        Values.write(Values.read(k, from, width), keyCache, to);
        Values.write(Values.read(v, from, width), valueCache, to);
      }
      forward(
          shape.with(1, filled[b] + shape.queryLength()),
          from(q, queryStart(shape, b, 0, 0)),
          from(keyCache, keyStart(shape, b, 0, 0)),
          from(valueCache, keyStart(shape, b, 0, 0)),
          null,
          biases,
          shape.queryLength() + shape.keyLength() - 1,
          from(out, outStart(shape, b, 0, 0)),
          null);
    }
  }

  private static Span from(Span span, long start) {
    long first = Math.min(start, span.length()); // where there are no rows there may be no start
    return span.slice(first, span.length() - first);
  }

  /**
   * {@code logSumExp} may be null.
   *
   * @param bias null for none
   * @param biasRows how many rows it has up to the last key and the first query
   */
  private static void forward(
      AttentionShape shape,
      Span q,
      Span k,
      Span v,
      Span keyMask,
      double[] bias,
      int biasRows,
      Span out,
      Span logSumExp) {
    var dropout = new DropoutMask(shape.dropout(), shape.seed(), shape.offset());
    double[] visible = visible(shape, keyMask);
    for (int b = 0; b < shape.batch(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        double[][] keys = keyRows(shape, k, b, h);
        double[][] values = keyRows(shape, v, b, h);
        double[][] queries = queryRows(shape, q, b, h);
        for (int i = 0; i < shape.queryLength(); i++) {
          double[] p = scores(shape, queries[i], keys, visible, b, i);
          addBias(shape, bias, biasRows, h, i, p);
          double sum = normalizer(p);
          var row = new double[shape.headSize()];
          for (int j = 0; j < p.length; j++) {
            if (p[j] != Double.NEGATIVE_INFINITY) {
              double weight =
                  Math.exp(p[j] - sum) * dropout.factor(weightNumber(shape, b, h, i, j));
              addScaled(weight, values[j], row);
            }
          }
          Values.write(row, out, outStart(shape, b, h, i));
          if (logSumExp != null) {
            Values.write(new double[] {sum}, logSumExp, rowNumber(shape, b, h, i));
          }
        }
      }
    }
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
    requireInputs(shape, q, k, v, keyMask, out);
    requireLogSumExp(shape, logSumExp);
    requireOutput(shape, "dOut", dOut);
    requireQueries(shape, "dQ", dQ);
    requireKeys(shape, "dK", dK);
    requireKeys(shape, "dV", dV);
    requireBias("bias", bias, shape.biasRows(), shape);
    requireBias("dBias", dBias, shape.biasRows(), shape);
    double[] biases = readBias(bias);
    double[] dBiases = readBias(dBias);
    var dropout = new DropoutMask(shape.dropout(), shape.seed(), shape.offset());
    double[] visible = visible(shape, keyMask);
    for (int b = 0; b < shape.batch(); b++) {
      double[][] dKeys = null;
      double[][] dValues = null;
      for (int h = 0; h < shape.heads(); h++) {
        double[][] queries = queryRows(shape, q, b, h);
        double[][] keys = keyRows(shape, k, b, h);
        double[][] values = keyRows(shape, v, b, h);
        var dQueries = new double[shape.queryLength()][shape.headSize()];
        if (h % shape.group() == 0) {
          dKeys = new double[shape.keyLength()][shape.headSize()];
          dValues = new double[shape.keyLength()][shape.headSize()];
        }
        for (int i = 0; i < shape.queryLength(); i++) {
          double[] s = scores(shape, queries[i], keys, visible, b, i);
          addBias(shape, biases, shape.biasRows(), h, i, s);
          double sum = Values.read(logSumExp, rowNumber(shape, b, h, i), 1)[0];
          double[] o = Values.read(out, outStart(shape, b, h, i), shape.headSize());
          double[] dO = Values.read(dOut, outStart(shape, b, h, i), shape.headSize());
          double mean = dot(dO, o);
          for (int j = 0; j < s.length; j++) {
            if (s[j] != Double.NEGATIVE_INFINITY) {
              double p = Math.exp(s[j] - sum);
              double z = dropout.factor(weightNumber(shape, b, h, i, j));
              double dS = p * (z * dot(dO, values[j]) - mean);
              addScaled(p * z, dO, dValues[j]);
              addScaled(shape.scale() * dS, keys[j], dQueries[i]);
              addScaled(shape.scale() * dS, queries[i], dKeys[j]);
              if (dBiases != null) {
                dBiases[(j - i + shape.queryLength() - 1) * shape.heads() + h] += dS;
              }
            }
          }
        }
        for (int i = 0; i < shape.queryLength(); i++) {
          Values.write(dQueries[i], dQ, queryStart(shape, b, h, i));
        }
        // Query heads that share these keys come one after the other; the last one writes the sum.
        for (int j = 0; j < shape.keyLength() && (h + 1) % shape.group() == 0; j++) {
          Values.write(dKeys[j], dK, keyStart(shape, b, h, j));
          Values.write(dValues[j], dV, keyStart(shape, b, h, j));
        }
      }
    }
    if (dBiases != null) {
      Values.write(dBiases, dBias);
    }
  }

  private static double[] readBias(Span bias) {
    return bias == null ? null : Values.read(bias);
  }

  /** Adds the bias of each distance to the scores of row i of head h that are seen. */
  private static void addBias(
      AttentionShape shape, double[] bias, int biasRows, int h, int i, double[] scores) {
    int first = biasRows - shape.keyLength() - i; // of key 0
    for (int j = 0; j < scores.length && bias != null; j++) {
      if (scores[j] != Double.NEGATIVE_INFINITY) {
        scores[j] += bias[(first + j) * shape.heads() + h];
      }
    }
  }

  /** {@code scale q . k_j} for every key; negative infinity where row i does not see key j. */
  private static double[] scores(
      AttentionShape shape, double[] query, double[][] keys, double[] visible, int b, int i) {
    var scores = new double[shape.keyLength()];
    int first = shape.firstKey(i);
    int end = shape.endKey(i);
    for (int j = 0; j < scores.length; j++) {
      boolean seen = visible[b * shape.keyLength() + j] != 0 && j >= first && j < end;
      scores[j] = seen ? shape.scale() * dot(query, keys[j]) : Double.NEGATIVE_INFINITY;
    }
    return scores;
  }

  /** ln sum e^s; negative infinity for a row that sees no key. */
  private static double normalizer(double[] scores) {
    for (double score : scores) {
      if (score != Double.NEGATIVE_INFINITY) {
        return ReferenceReduce.logSumExp(scores);
      }
    }
    return Double.NEGATIVE_INFINITY;
  }

  /** The key mask {@code [batch, keyLength]}, ones where there is none. */
  private static double[] visible(AttentionShape shape, Span keyMask) {
    int size = Math.multiplyExact(shape.batch(), shape.keyLength());
    if (keyMask != null) {
      return Values.read(keyMask, 0, size);
    }
    var ones = new double[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static double[][] queryRows(AttentionShape shape, Span span, int b, int h) {
    var rows = new double[shape.queryLength()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Values.read(span, queryStart(shape, b, h, i), shape.headSize());
    }
    return rows;
  }

  private static double[][] keyRows(AttentionShape shape, Span span, int b, int h) {
    var rows = new double[shape.keyLength()][];
    for (int j = 0; j < rows.length; j++) {
      rows[j] = Values.read(span, keyStart(shape, b, h, j), shape.headSize());
    }
    return rows;
  }

  private static long queryStart(AttentionShape shape, int b, int h, int i) {
    return b * shape.queryBatchStride() + i * shape.queryRowStride() + (long) h * shape.headSize();
  }

  /** Where the keys of query head h start. */
  private static long keyStart(AttentionShape shape, int b, int h, int j) {
    long head = h / shape.group();
    return b * shape.keyBatchStride() + j * shape.keyRowStride() + head * shape.headSize();
  }

  /** The output is contiguous {@code [batch, queryLength, heads * headSize]}. */
  private static long outStart(AttentionShape shape, int b, int h, int i) {
    return (((long) b * shape.queryLength() + i) * shape.heads() + h) * shape.headSize();
  }

  /** logSumExp is contiguous {@code [batch, heads, queryLength]}. */
  private static long rowNumber(AttentionShape shape, int b, int h, int i) {
    return ((long) b * shape.heads() + h) * shape.queryLength() + i;
  }

  private static long weightNumber(AttentionShape shape, int b, int h, int i, int j) {
    return rowNumber(shape, b, h, i) * shape.keyLength() + j;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }

  private static void addScaled(double factor, double[] values, double[] sum) {
    for (int d = 0; d < sum.length; d++) {
      sum[d] += factor * values[d];
    }
  }

  private static void requireInputs(
      AttentionShape shape, Span q, Span k, Span v, Span keyMask, Span out) {
    if (shape.batch() < 0
        || shape.heads() < 0
        || shape.queryLength() < 0
        || shape.keyLength() < 0
        || shape.headSize() < 0
        || shape.queryBatchStride() < 0
        || shape.queryRowStride() < 0
        || shape.keyBatchStride() < 0
        || shape.keyRowStride() < 0) {
      throw new IllegalArgumentException("negative extent in " + shape);
    }
    requireQueries(shape, "q", q);
    requireKeys(shape, "k", k);
    requireKeys(shape, "v", v);
    requireOutput(shape, "out", out);
    if (keyMask != null) {
      Require.length("keyMask", keyMask, shape.batch(), shape.keyLength());
      if (keyMask.dtype() != DType.U8 && keyMask.dtype() != DType.BOOL) {
        throw new IllegalArgumentException("keyMask must be U8 or BOOL, not " + keyMask.dtype());
      }
    }
  }

  private static void requireBias(String name, Span bias, int rows, AttentionShape shape) {
    if (bias != null) {
      Require.length(name, bias, rows, shape.heads());
    }
  }

  private static void requireLogSumExp(AttentionShape shape, Span logSumExp) {
    Require.length(
        "logSumExp", logSumExp, (long) shape.batch() * shape.heads(), shape.queryLength());
  }

  /** Keys or values that lie as the queries do. */
  private static void requireNewKeys(AttentionShape shape, String name, Span span) {
    if (shape.batch() > 0 && shape.queryLength() > 0) {
      long last = queryStart(shape, shape.batch() - 1, shape.keyHeads(), shape.queryLength() - 1);
      Require.length(name, span, last);
    }
  }

  private static void requireQueries(AttentionShape shape, String name, Span span) {
    if (shape.batch() > 0 && shape.queryLength() > 0) {
      long last = queryStart(shape, shape.batch() - 1, shape.heads(), shape.queryLength() - 1);
      Require.length(name, span, last);
    }
  }

  private static void requireKeys(AttentionShape shape, String name, Span span) {
    if (shape.batch() > 0 && shape.keyLength() > 0) {
      long last = keyStart(shape, shape.batch() - 1, 0, shape.keyLength() - 1);
      Require.length(name, span, last + (long) shape.keyHeads() * shape.headSize());
    }
  }

  private static void requireOutput(AttentionShape shape, String name, Span span) {
    long rows = (long) shape.batch() * shape.queryLength();
    Require.length(name, span, rows, (long) shape.heads() * shape.headSize());
  }
}
