package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Microkernels.DEPTH;
import static dev.galen.kernels.cpu.Microkernels.LDA;
import static dev.galen.kernels.cpu.Tile.COLS;
import static dev.galen.kernels.cpu.Tile.ROWS;

import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * What the tiles of attention share: a block of {@code QUERIES} rows against a tile of {@code KEYS}
 * keys, all in arrays of one thread. Scores, weights and their gradients are {@code [query][LDA]},
 * so that they are left panels of {@link Microkernels} without being copied.
 */
final class AttentionTiles {
  /** Rows of a block of queries. */
  static final int QUERIES = 64;

  /** Keys of a tile: whole panels, no more than a panel's depth. */
  static final int KEYS = DEPTH / COLS * COLS;

  /** The length of an array of {@code QUERIES} rows; a last strip may read a few rows more. */
  static final int PANEL = (QUERIES + ROWS) * LDA;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final float HIDDEN = Float.NEGATIVE_INFINITY;

  private AttentionTiles() {}

  /** The width of {@code cols} columns in whole panels. */
  static int padded(int cols) {
    return (cols + COLS - 1) / COLS * COLS;
  }

  /** Where head h of row t of batch b starts in a span of queries. */
  static long queryStart(AttentionShape s, int b, int h, int t) {
    return b * s.queryBatchStride() + t * s.queryRowStride() + (long) h * s.headSize();
  }

  /** Where the head that query head h reads starts in row t of batch b of keys or values. */
  static long keyStart(AttentionShape s, int b, int h, int t) {
    long head = h / s.group();
    return b * s.keyBatchStride() + t * s.keyRowStride() + head * s.headSize();
  }

  /** Where head h of row t of batch b starts in the output. */
  static long outStart(AttentionShape s, int b, int h, int t) {
    return (((long) b * s.queryLength() + t) * s.heads() + h) * s.headSize();
  }

  /** The number of row t of head h of batch b, which is its place in logSumExp. */
  static long rowNumber(AttentionShape s, int b, int h, int t) {
    return ((long) b * s.heads() + h) * s.queryLength() + t;
  }

  /** Copies rows of {@code width} floats into a left panel, times {@code factor}. */
  static void left(
      MemorySegment x, long start, long stride, int rows, int width, float factor, float[] panel) {
    for (int r = 0; r < rows; r++) {
      MemorySegment.copy(x, FLOAT, start + r * stride << 2, panel, r * LDA, width);
    }
    if (factor != 1) {
      for (int r = 0; r < rows; r++) {
        for (int d = r * LDA; d < r * LDA + width; d++) {
          panel[d] *= factor;
        }
      }
    }
  }

  /**
   * {@code c = left right}, or {@code c += left right}, for panels of {@code depth}.
   *
   * @param turned whether {@code left} is {@code [depth][LDA]}, not {@code [rows][LDA]}
   * @param to where c starts in its array
   * @param ldc the width of c, whole panels
   */
  static void multiply(
      boolean turned,
      float[] left,
      int rows,
      float[] right,
      int cols,
      int depth,
      float[] tile,
      float[] c,
      int to,
      int ldc,
      boolean accumulate) {
    for (int r = 0; r < rows; r += ROWS) {
      int strip = Math.min(ROWS, rows - r);
      for (int j = 0; j < cols; j += COLS) {
        if (turned) {
          Tile.turned(strip, left, r, right, j * depth, depth, tile);
        } else {
          Tile.byRows(strip, left, r * LDA, right, j * depth, depth, tile);
        }
        for (int i = 0; i < strip; i++) {
          int at = to + (r + i) * ldc + j;
          if (accumulate) {
            for (int v = 0; v < COLS; v += L) {
              FloatVector.fromArray(F, tile, i * COLS + v)
                  .add(FloatVector.fromArray(F, c, at + v))
                  .intoArray(c, at + v);
            }
          } else {
            for (int v = 0; v < COLS; v += L) {
              FloatVector.fromArray(F, tile, i * COLS + v).intoArray(c, at + v);
            }
          }
        }
      }
    }
  }

  /**
   * Hides scores: those of keys that the mask hides or that lie outside of {@code first .. seen-1},
   * and what fills the last vector.
   *
   * @param mask of this batch, from the tile's first key, or null
   */
  static void hide(float[] scores, int row, int first, int seen, int keys, MemorySegment mask) {
    Arrays.fill(scores, row, row + first, HIDDEN);
    if (mask != null) {
      for (int j = first; j < seen; j++) {
        if (mask.get(ValueLayout.JAVA_BYTE, j) == 0) {
          scores[row + j] = HIDDEN;
        }
      }
    }
    Arrays.fill(scores, row + seen, row + (keys + L - 1) / L * L, HIDDEN);
  }

  /** The largest of {@code keys} scores. */
  static float max(float[] scores, int row, int keys) {
    var max = FloatVector.broadcast(F, HIDDEN);
    for (int j = 0; j < keys; j += L) {
      max = max.max(FloatVector.fromArray(F, scores, row + j));
    }
    return Lanes.max(max);
  }

  /**
   * Replaces scores by {@code e^(score - shift)} and adds them to a running sum.
   *
   * @param lanes the sum, spread over the lanes of a vector at {@code at}
   * @param rescale what the sum so far is multiplied by
   */
  static void exp(
      float[] scores, int row, int keys, float shift, float rescale, float[] lanes, int at) {
    var sum = FloatVector.fromArray(F, lanes, at).mul(rescale);
    for (int j = 0; j < keys; j += L) {
      var p = VectorMath.exp(FloatVector.fromArray(F, scores, row + j).sub(shift));
      p.intoArray(scores, row + j);
      sum = sum.add(p);
    }
    sum.intoArray(lanes, at);
  }

  /** {@code x *= factor}, n floats. */
  static void scale(float[] x, int from, int n, float factor) {
    for (int j = 0; j < n; j += L) {
      FloatVector.fromArray(F, x, from + j).mul(factor).intoArray(x, from + j);
    }
  }

  /** {@code x *= y}, n floats. */
  static void multiply(float[] x, int from, float[] y, int n) {
    for (int j = 0; j < n; j += L) {
      FloatVector.fromArray(F, x, from + j)
          .mul(FloatVector.fromArray(F, y, j))
          .intoArray(x, from + j);
    }
  }

  /**
   * The dropout factors of weights {@code first .. first+count-1}: 0 or 1/(1-p). A weight's number
   * and so its factor depend on its place alone.
   *
   * @param words room for four
   */
  static void dropout(AttentionShape s, long first, int count, int[] words, float[] factors) {
    float bound = (float) s.dropout();
    float scale = (float) (1 / (1 - s.dropout()));
    for (int j = 0; j < count; ) {
      int w = (int) ((first + j) % 4);
      Philox.words(s.seed(), s.offset() + (first + j) / 4, words);
      for (; w < 4 && j < count; w++, j++) {
        factors[j] = Philox.uniform(words[w]) >= bound ? scale : 0f;
      }
    }
    Arrays.fill(factors, count, (count + L - 1) / L * L, 0f);
  }

  /** Writes rows of {@code width} floats, times {@code factor}. */
  static void write(
      float[] rows,
      int from,
      int ld,
      int count,
      int width,
      float factor,
      MemorySegment y,
      long start,
      long stride) {
    for (int r = 0; r < count; r++) {
      if (factor != 1) {
        scale(rows, from + r * ld, width, factor);
      }
      MemorySegment.copy(rows, from + r * ld, y, FLOAT, start + r * stride << 2, width);
    }
  }
}
