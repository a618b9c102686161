package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.CopyKernels;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.PackedLines;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.backend.WeightKernels;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Products with packed weights, by {@code weights.cu}. Few rows read the weights as they lie; for
 * many, as in a prefill, the weights are unpacked a piece at a time and multiplied as F32.
 */
final class CudaWeights implements WeightKernels {
  /** The most rows for which a kernel reads the weights as they lie. */
  private static final int MOST_ROWS = 8;

  /** {@code WARPS} and {@code LINES_PER_STEP} in {@code weights.cu}. */
  private static final int WARPS = 8;

  private static final int LINES_PER_STEP = 2;

  /** Warps that keep a GPU busy; fewer share their outputs with others. */
  private static final int ENOUGH_WARPS = 4096;

  /** F32 weights that are unpacked at a time: 16 MiB. */
  private static final int PIECE = 1 << 22;

  /** Outputs of a piece are a multiple, so that the next one's bias is aligned as well. */
  private static final int PIECE_OUTPUTS = 64;

  /** Bytes that a packed span starts at a multiple of: what a lane loads. */
  private static final int ALIGNMENT = 16;

  private static final Names BF16 = new Names("bf16");
  private static final Names INT8 = new Names("int8");

  private final CudaContext cuda;
  private final MatmulKernels matmul;
  private final CopyKernels copy;
  private final ReduceKernels reduce;

  /** The kernels of a format; those of the product by the logarithm of their rows. */
  private record Names(String pack, String rows, List<String> linear) {
    Names(String suffix) {
      this(
          "weightsPack_" + suffix,
          "weightsRows_" + suffix,
          List.of(
              "weightsLinear1_" + suffix,
              "weightsLinear2_" + suffix,
              "weightsLinear4_" + suffix,
              "weightsLinear8_" + suffix));
    }

    static Names of(WeightFormat format) {
      return format == WeightFormat.BF16 ? BF16 : INT8;
    }
  }

  CudaWeights(CudaContext cuda, MatmulKernels matmul, CopyKernels copy, ReduceKernels reduce) {
    this.cuda = cuda;
    this.matmul = matmul;
    this.copy = copy;
    this.reduce = reduce;
  }

  /** For INT8 the host waits, to see that all was finite. */
  @Override
  public void pack(
      WeightFormat format, Span weight, boolean outputFirst, Span packed, int out, int in) {
    Operands.require("weight", weight, DType.F32, Operands.area(out, in));
    requirePacked(format, packed, out, in);
    long groups = Math.ceilDiv(out, WeightFormat.ROWS);
    long units = Math.ceilDiv(groups * WeightFormat.ROWS, WARPS) * format.lines(in);
    launch(Names.of(format).pack)
        .pointer(weight)
        .i32(outputFirst ? 1 : 0)
        .pointer(packed)
        .i32(out)
        .i32(in)
        .run(cuda.grid(units * Launch.BLOCK), Launch.BLOCK);
    if (format == WeightFormat.INT8) {
      requireFinite(scales(format, packed, out, in));
    }
  }

  /** A scale is a 127th of a line's largest magnitude, and what is not finite makes it so. */
  private void requireFinite(Span scales) {
    if (scales.length() == 0 || reduce.allFinite(scales)) {
      return;
    }
    var values = new float[Math.toIntExact(scales.length())];
    cuda.download(scales, MemorySegment.ofArray(values));
    for (float scale : values) {
      PackedLines.requireFinite(scale);
    }
  }

  private static Span scales(WeightFormat format, Span packed, int out, int in) {
    long from = packed.byteOffset() + format.scalesFrom(out, in);
    long bytes = format.byteSize(out, in) - format.scalesFrom(out, in);
    return new Span(packed.buffer(), DType.F32, from / Float.BYTES, bytes / Float.BYTES);
  }

  @Override
  public void linear(
      WeightFormat format, Span x, Span packed, Span bias, Span y, int rows, int out, int in) {
    Operands.require("x", x, DType.F32, Operands.area(rows, in));
    Operands.require("y", y, DType.F32, Operands.area(rows, out));
    if (bias != null) {
      Operands.require("bias", bias, DType.F32, out);
    }
    requirePacked(format, packed, out, in);
    if (rows == 0 || out == 0) {
      return;
    }
    if (rows <= MOST_ROWS) {
      dots(format, x, packed, bias, y, rows, out, in);
    } else {
      unpacked(format, x, packed, bias, y, rows, out, in);
    }
  }

  private void dots(
      WeightFormat format, Span x, Span packed, Span bias, Span y, int rows, int out, int in) {
    int kernel = Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1);
    // GROUPS in weights.cu: 1, 2, 4 and 4 again.
    int groups = Math.min(1 << kernel, 4);
    int tiles = Math.ceilDiv(Math.ceilDiv(out, WeightFormat.ROWS), groups);
    int steps = Math.ceilDiv(format.lines(in), LINES_PER_STEP);
    int split = 1;
    while (split < WARPS && split < steps && tiles * split < ENOUGH_WARPS) {
      split *= 2;
    }
    launch(Names.of(format).linear.get(kernel))
        .pointer(x)
        .pointer(packed)
        .pointer(bias)
        .pointer(y)
        .i32(rows)
        .i32(out)
        .i32(in)
        .i32(split)
        .run(Math.ceilDiv(tiles, WARPS / split), Launch.BLOCK);
  }

  private void unpacked(
      WeightFormat format, Span x, Span packed, Span bias, Span y, int rows, int out, int in) {
    int most = Math.max(PIECE_OUTPUTS, PIECE / Math.max(1, in) & -PIECE_OUTPUTS);
    if (out <= most) {
      piece(format, x, packed, bias, y, rows, 0, out, out, in);
      return;
    }
    for (int from = 0; from < out; from += most) {
      int count = Math.min(most, out - from);
      DeviceBuffer product = cuda.allocate(4L * rows * count);
      try {
        Span columns = new Span(product, DType.F32, 0, (long) rows * count);
        piece(format, x, packed, bias, columns, rows, from, count, out, in);
        Shape shape = Shape.of(rows, count);
        copy.copy(
            columns,
            Layout.contiguous(shape),
            y.slice(from, y.length() - from),
            Layout.strided(shape, out, 1));
      } finally {
        product.free("a kernel's scratch");
      }
    }
  }

  /** Outputs {@code from} to {@code from + count - 1} of all rows: {@code y [rows, count]}. */
  private void piece(
      WeightFormat format,
      Span x,
      Span packed,
      Span bias,
      Span y,
      int rows,
      int from,
      int count,
      int out,
      int in) {
    DeviceBuffer weights = cuda.allocate(4L * count * in);
    try {
      Span matrix = new Span(weights, DType.F32, 0, (long) count * in);
      rows(format, packed, null, from, matrix, count, out, in);
      matmul.matmul(
          MatmulShape.single(rows, count, in, false, true),
          x,
          matrix,
          bias == null ? null : bias.slice(from, count),
          y,
          false);
    } finally {
      weights.free("a kernel's scratch");
    }
  }

  /** As in {@link CudaEmbedding}, an id outside throws when the host next waits. */
  @Override
  public void gather(
      WeightFormat format, Span packed, Span ids, Span y, int rows, int out, int in) {
    Operands.require("y", y, DType.F32, Operands.area(rows, in));
    requirePacked(format, packed, out, in);
    cuda.indexErrors().checkIds(cuda, ids, rows, out);
    rows(format, packed, ids, 0, y, rows, out, in);
  }

  /**
   * Outputs as F32 rows: those that {@code ids} name, or without ids those from {@code first} on.
   */
  private void rows(
      WeightFormat format, Span packed, Span ids, int first, Span y, int rows, int out, int in) {
    Launch launch =
        launch(Names.of(format).rows)
            .pointer(packed)
            .pointer(ids)
            .i32(first)
            .pointer(y)
            .i32(rows)
            .i32(out)
            .i32(in);
    RowBlocks.run(launch, rows, in);
  }

  private Launch launch(String kernel) {
    return cuda.launchExactly(kernel, DType.U8);
  }

  private static void requirePacked(WeightFormat format, Span packed, int out, int in) {
    if (!format.isPacked()) {
      throw new IllegalArgumentException("F32 weights are not packed");
    }
    Operands.require("packed", packed, DType.U8, out < 0 || in < 0 ? -1 : format.byteSize(out, in));
    if (packed.byteOffset() % ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "packed weights start at byte %d of their buffer, which is no multiple of %d"
              .formatted(packed.byteOffset(), ALIGNMENT));
    }
  }
}
