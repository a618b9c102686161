package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.tensor.backend.WeightFormat.LINE;
import static dev.galen.tensor.backend.WeightFormat.ROWS;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.PackedLines;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.backend.WeightKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Products with packed weights. Few rows are dot products over the weights as they lie, by {@link
 * PackedDots}; for many, as in a prefill, the weights are unpacked a piece at a time and multiplied
 * as F32.
 */
final class VectorWeights implements WeightKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** The most rows for which reading the weights once per row beats unpacking them. */
  private static final int MOST_ROWS = 8;

  /** Groups of outputs in a task. */
  private static final int GROUPS = 16;

  /** F32 weights that are unpacked at a time: 16 MiB. */
  private static final int PIECE = 1 << 22;

  private final WorkerPool pool;
  private final Backend backend;
  private final Scratch shared = new Scratch();

  VectorWeights(WorkerPool pool, Backend backend) {
    this.pool = pool;
    this.backend = backend;
  }

  @Override
  public void pack(
      WeightFormat format, Span weight, boolean outputFirst, Span packed, int out, int in) {
    var from = F32.memory("weight", F32.require("weight", weight), F32.area(out, in));
    var to = packedMemory(format, packed, out, in);
    int perLine = format.lineInputs();
    int stride = format.lines(in) * perLine;
    long scales = format.scalesFrom(out, in);
    pool.rows(
        Math.ceilDiv(out, ROWS),
        GROUPS,
        (first, end, scratch) -> {
          int row = first * ROWS;
          int rows = (end - first) * ROWS;
          float[] values = scratch.floats(0, rows * stride);
          read(from, outputFirst, out, in, row, rows, values, stride);
          for (int j = 0; j < rows; j++) {
            for (int line = 0; line < format.lines(in); line++) {
              PackedLines.write(
                  format,
                  values,
                  j * stride + line * perLine,
                  to,
                  format.index(row + j, line, in),
                  scales);
            }
          }
        });
    F32.keep(weight, packed);
  }

  /** Outputs {@code row} to {@code row + rows - 1}, with zeros where the matrix has ended. */
  private static void read(
      MemorySegment from,
      boolean outputFirst,
      int out,
      int in,
      int row,
      int rows,
      float[] values,
      int stride) {
    Arrays.fill(values, 0, rows * stride, 0f);
    int present = Math.min(rows, out - row);
    if (outputFirst) {
      for (int j = 0; j < present; j++) {
        MemorySegment.copy(from, FLOAT, 4L * (row + j) * in, values, j * stride, in);
      }
    } else {
      for (int p = 0; p < in; p++) {
        for (int j = 0; j < present; j++) {
          values[j * stride + p] = from.getAtIndex(FLOAT, (long) p * out + row + j);
        }
      }
    }
  }

  @Override
  public void linear(
      WeightFormat format, Span x, Span packed, Span bias, Span y, int rows, int out, int in) {
    var inputs = F32.memory("x", F32.require("x", x), F32.area(rows, in));
    var outputs = F32.memory("y", F32.require("y", y), F32.area(rows, out));
    var addend = bias == null ? null : F32.memory("bias", F32.require("bias", bias), out);
    var weights = packedMemory(format, packed, out, in);
    if (rows == 0 || out == 0) {
      return;
    }
    if (rows <= MOST_ROWS) {
      dots(format, inputs, weights, addend, outputs, rows, out, in);
    } else {
      unpacked(format, x, weights, bias, y, outputs, rows, out, in);
    }
    F32.keep(x, packed, bias, y);
  }

  private synchronized void dots(
      WeightFormat format,
      MemorySegment x,
      MemorySegment weights,
      MemorySegment bias,
      MemorySegment y,
      int rows,
      int out,
      int in) {
    int lines = format.lines(in);
    int stride = lines * format.lineInputs();
    float[] activations = shared.floats(0, rows * stride);
    for (int i = 0; i < rows; i++) {
      PackedDots.interleave(format, x, (long) i * in, in, activations, i * stride);
    }
    int scales = (int) format.scalesFrom(out, in);
    pool.rows(
        Math.ceilDiv(out, ROWS),
        GROUPS,
        (first, end, scratch) -> {
          float[] partial = scratch.floats(0, GROUPS * PackedDots.PARTIAL);
          float[] sums = scratch.floats(1, GROUPS * ROWS + L);
          for (int i = 0; i < rows; i++) {
            for (int g = first; g < end; g++) {
              int index = g * lines * ROWS;
              int to = (g - first) * PackedDots.PARTIAL;
              if (format == WeightFormat.BF16) {
                PackedDots.bf16(weights, index * LINE, activations, i * stride, lines, partial, to);
              } else {
                PackedDots.int8(
                    weights,
                    index * LINE,
                    scales + index * Float.BYTES,
                    activations,
                    i * stride,
                    lines,
                    partial,
                    to);
              }
            }
            Lanes.fold(partial, 0, end - first, sums, 0);
            put(sums, bias, y, (long) i * out, first * ROWS, Math.min(out, end * ROWS));
          }
        });
  }

  private static void put(
      float[] sums, MemorySegment bias, MemorySegment y, long start, int from, int to) {
    if (bias != null) {
      for (int j = from; j < to; j++) {
        sums[j - from] += bias.getAtIndex(FLOAT, j);
      }
    }
    MemorySegment.copy(sums, 0, y, FLOAT, (start + from) << 2, to - from);
  }

  private void unpacked(
      WeightFormat format,
      Span x,
      MemorySegment weights,
      Span bias,
      Span y,
      MemorySegment outputs,
      int rows,
      int out,
      int in) {
    int most = Math.min(out, Math.max(1, PIECE / Math.max(1, in)));
    boolean whole = most == out;
    Buffer piece = backend.allocate(4L * most * in);
    Buffer product = whole ? null : backend.allocate(4L * rows * most);
    try {
      for (int from = 0; from < out; from += most) {
        int count = Math.min(most, out - from);
        var matrix = new Span(piece, DType.F32, 0, (long) count * in);
        var target = whole ? y : new Span(product, DType.F32, 0, (long) rows * count);
        unpack(format, weights, from, count, matrix, out, in);
        backend
            .matmul()
            .matmul(
                MatmulShape.single(rows, count, in, false, true),
                x,
                matrix,
                bias == null ? null : bias.slice(from, count),
                target,
                false);
        if (!whole) {
          columns(
              F32.memory("product", target, F32.area(rows, count)),
              outputs,
              rows,
              from,
              count,
              out);
        }
      }
    } finally {
      piece.free("the product that used it");
      if (product != null) {
        product.free("the product that used it");
      }
    }
  }

  /**
   * Copies a product {@code [rows, count]} to columns {@code from} and on of {@code [rows, out]}.
   */
  private static void columns(
      MemorySegment product, MemorySegment outputs, int rows, int from, int count, int out) {
    for (int i = 0; i < rows; i++) {
      long at = (long) i * out + from;
      MemorySegment.copy(product, 4L * i * count, outputs, 4 * at, 4L * count);
    }
  }

  /** Outputs {@code from} to {@code from + count - 1} as F32 {@code [count, in]}. */
  private void unpack(
      WeightFormat format,
      MemorySegment weights,
      int from,
      int count,
      Span matrix,
      int out,
      int in) {
    var to = F32.memory("matrix", matrix, F32.area(count, in));
    pool.rows(
        count,
        GROUPS * ROWS,
        (first, end, scratch) -> {
          for (int j = first; j < end; j++) {
            row(format, weights, from + j, to, (long) j * in, out, in, scratch);
          }
        });
  }

  /** One output as F32. */
  private static void row(
      WeightFormat format,
      MemorySegment weights,
      int row,
      MemorySegment to,
      long at,
      int out,
      int in,
      Scratch scratch) {
    int perLine = format.lineInputs();
    float[] values = scratch.floats(0, format.lines(in) * perLine);
    long scales = format.scalesFrom(out, in);
    for (int line = 0; line < format.lines(in); line++) {
      PackedLines.read(
          format, weights, format.index(row, line, in), scales, values, line * perLine);
    }
    MemorySegment.copy(values, 0, to, FLOAT, at << 2, in);
  }

  @Override
  public void gather(
      WeightFormat format, Span packed, Span ids, Span y, int rows, int out, int in) {
    var to = F32.memory("y", F32.require("y", y), F32.area(rows, in));
    var weights = packedMemory(format, packed, out, in);
    if (ids.dtype() != DType.I32) {
      throw new IllegalArgumentException("ids must be I32, not " + ids.dtype());
    }
    var indices = VectorEmbedding.ids(ids, rows, out);
    pool.rows(
        rows,
        VectorReduce.block(in),
        (first, end, scratch) -> {
          for (int i = first; i < end; i++) {
            int id = indices.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
            row(format, weights, id, to, (long) i * in, out, in, scratch);
          }
        });
    F32.keep(packed, ids, y);
  }

  private static MemorySegment packedMemory(WeightFormat format, Span packed, int out, int in) {
    if (!format.isPacked() || packed.dtype() != DType.U8) {
      throw new IllegalArgumentException(
          "packed weights are U8 in BF16 or INT8, not %s in %s".formatted(packed.dtype(), format));
    }
    long needed = out < 0 || in < 0 ? -1 : format.byteSize(out, in);
    if (needed > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("packed weights [%d, %d] exceed 2 GiB".formatted(out, in));
    }
    return F32.memory("packed", packed, needed);
  }
}
