package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.Sampling;
import dev.galen.tensor.backend.Span;

/** Philox numbers by {@code random.cu}, draws by {@code sample.cu}. */
final class CudaRandom implements RandomKernels {
  /** {@code THREADS} in {@code sample.cu}, and what is enough for shorter rows. */
  private static final int LONG_ROW_THREADS = 1024;

  private static final int ROW_THREADS = 256;
  private static final int LONG_ROW = 4096;

  private final CudaContext cuda;

  CudaRandom(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void uniform(Span y, double low, double high, long seed, long offset) {
    if (!(low < high)) {
      throw new IllegalArgumentException("no numbers in [" + low + ", " + high + ")");
    }
    cuda.launch("uniform", y.dtype())
        .pointer(y)
        .f32(low)
        .f32((float) high - (float) low)
        .f32(Math.nextDown((float) high))
        .i64(seed)
        .i64(offset)
        .i64(y.length())
        .run(grid(y), Launch.BLOCK);
  }

  @Override
  public void normal(Span y, double mean, double deviation, long seed, long offset) {
    cuda.launch("normal", y.dtype())
        .pointer(y)
        .f64(mean)
        .f64(deviation)
        .i64(seed)
        .i64(offset)
        .i64(y.length())
        .run(grid(y), Launch.BLOCK);
  }

  @Override
  public void dropout(Span x, Span y, double p, long seed, long offset) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout probability " + p + " is not in [0, 1)");
    }
    Operands.requireSame("x", x, "y", y);
    cuda.launch("dropout", y.dtype())
        .pointer(x)
        .pointer(y)
        .f32(p)
        .f32(1 / (1 - p))
        .i64(seed)
        .i64(offset)
        .i64(y.length())
        .run(grid(y), Launch.BLOCK);
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
    Operands.requireLength("x", x, Operands.area(rows, cols));
    Operands.require("index", index, DType.I32, rows);
    Sampling.require(rows, cols, temperature, topK, topP);
    cuda.launch("sample", x.dtype())
        .pointer(x)
        .pointer(index)
        .i32(cols)
        .f32(temperature)
        .i32(topK)
        .f64(Sampling.dispensable(topP))
        .i32(Sampling.bits(cols))
        .i64(seed)
        .i64(offset)
        .run(rows, cols > LONG_ROW ? LONG_ROW_THREADS : ROW_THREADS);
  }

  /** A thread draws four numbers. */
  private int grid(Span y) {
    return cuda.grid(Math.ceilDiv(y.length(), 4));
  }
}
