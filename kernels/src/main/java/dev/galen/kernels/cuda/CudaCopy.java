package dev.galen.kernels.cuda;

import dev.galen.kernels.layout.MergedLayouts;
import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.CopyKernels;
import dev.galen.tensor.backend.Span;
import java.util.Locale;

/** Copies, conversions and fills by {@code copy.cu}. */
final class CudaCopy implements CopyKernels {
  /** {@code RANK} in {@code elements.cuh}. */
  static final int RANK = 8;

  private static final int TILE = 32;
  private static final int TILE_ROWS = 8;
  private static final String[] COPY = bySize("copy");
  private static final String[] TRANSPOSE = bySize("transpose");
  private static final String[] FILL = bySize("fill");
  private static final String[][] CAST = casts();

  private final CudaContext cuda;

  CudaCopy(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void copy(Span source, Layout sourceLayout, Span target, Layout targetLayout) {
    if (!sourceLayout.shape().equals(targetLayout.shape())) {
      throw new IllegalArgumentException(
          "cannot copy shape " + sourceLayout.shape() + " to shape " + targetLayout.shape());
    }
    Operands.requireLength("source", source, sourceLayout.extent());
    Operands.requireLength("target", target, targetLayout.extent());
    long length = sourceLayout.shape().size();
    if (length == 0) {
      return;
    }
    MergedLayouts layouts = merge(sourceLayout, targetLayout);
    if (source.dtype() != target.dtype()) {
      convert(source, target, layouts, length);
    } else if (isTranspose(layouts)) {
      transpose(source, target, layouts);
    } else {
      int size = target.dtype().byteSize();
      cuda.launchExactly(COPY[size], target.dtype())
          .pointer(source)
          .pointer(target)
          .longs(layouts.dims(), RANK)
          .longs(layouts.strides()[0], RANK)
          .longs(layouts.strides()[1], RANK)
          .i32(layouts.rank())
          .i64(length)
          .run(cuda.grid(isContiguous(layouts) ? length * size / 16 + 1 : length), Launch.BLOCK);
    }
  }

  private void convert(Span source, Span target, MergedLayouts layouts, long length) {
    String cast = CAST[source.dtype().ordinal()][target.dtype().ordinal()];
    if (cast != null && isContiguous(layouts)) {
      cuda.launchExactly(cast, target.dtype())
          .pointer(source)
          .pointer(target)
          .i64(length)
          .run(cuda.grid(Math.ceilDiv(length, 4)), Launch.BLOCK);
      return;
    }
    cuda.launch("convert", target.dtype())
        .pointer(source)
        .i32(source.dtype().ordinal())
        .pointer(target)
        .longs(layouts.dims(), RANK)
        .longs(layouts.strides()[0], RANK)
        .longs(layouts.strides()[1], RANK)
        .i32(layouts.rank())
        .i64(length)
        .run(cuda.grid(length), Launch.BLOCK);
  }

  /** Whether rows of the source are columns of the target, both without gaps inside. */
  private static boolean isTranspose(MergedLayouts layouts) {
    int last = layouts.rank() - 1;
    return (last == 1 || last == 2)
        && layouts.strides()[0][last - 1] == 1
        && layouts.strides()[1][last] == 1;
  }

  private void transpose(Span source, Span target, MergedLayouts layouts) {
    int last = layouts.rank() - 1;
    long[] dims = layouts.dims();
    long[] from = layouts.strides()[0];
    long[] to = layouts.strides()[1];
    long batch = last == 2 ? dims[0] : 1;
    long rows = dims[last];
    long cols = dims[last - 1];
    long tiles = batch * Math.ceilDiv(rows, TILE) * Math.ceilDiv(cols, TILE);
    cuda.launchExactly(TRANSPOSE[source.dtype().byteSize()], source.dtype())
        .pointer(source)
        .pointer(target)
        .i64(batch)
        .i64(rows)
        .i64(cols)
        .i64(last == 2 ? from[0] : 0)
        .i64(from[last])
        .i64(last == 2 ? to[0] : 0)
        .i64(to[last - 1])
        .run(cuda.grid(tiles * Launch.BLOCK), 1, 1, TILE, TILE_ROWS, 0);
  }

  @Override
  public void fill(Span target, double value) {
    cuda.launchExactly(FILL[target.dtype().byteSize()], target.dtype())
        .pointer(target)
        .i64(bits(target.dtype(), value))
        .i64(target.length())
        .run(cuda.packGrid(target), Launch.BLOCK);
  }

  /** The bits of {@code value} as a {@code dtype}, in the low ones. */
  private static long bits(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> Float.floatToRawIntBits((float) value);
      case F64 -> Double.doubleToRawLongBits(value);
      case F16 -> Float.floatToFloat16((float) value);
      case BF16 -> DType.toBFloat16((float) value);
      case I32, U8 -> (int) value;
      case I64 -> (long) value;
      case BOOL -> value == 0 ? 0 : 1;
    };
  }

  /** {@code a} and {@code b} with as few dimensions as they need, at most {@link #RANK}. */
  static MergedLayouts merge(Layout a, Layout b) {
    MergedLayouts layouts = MergedLayouts.of(a, b);
    if (layouts.rank() > RANK) {
      throw new IllegalArgumentException(
          "layouts %s and %s need %d dimensions, of which the kernels take %d; copy one of them"
              .formatted(a, b, layouts.rank(), RANK));
    }
    return layouts;
  }

  private static boolean isContiguous(MergedLayouts layouts) {
    return layouts.rank() == 1 && layouts.strides()[0][0] == 1 && layouts.strides()[1][0] == 1;
  }

  private static String[] bySize(String name) {
    var names = new String[9];
    for (int size = 1; size <= 8; size *= 2) {
      names[size] = name + "_b" + size;
    }
    return names;
  }

  private static String[][] casts() {
    var types = DType.values();
    var names = new String[types.length][types.length];
    for (DType from : types) {
      for (DType to : types) {
        if (isShortFloat(from) && isShortFloat(to) && from != to) {
          names[from.ordinal()][to.ordinal()] =
              "cast_%s_to_%s".formatted(from, to).toLowerCase(Locale.ROOT);
        }
      }
    }
    return names;
  }

  private static boolean isShortFloat(DType dtype) {
    return dtype.isFloating() && dtype != DType.F64;
  }
}
