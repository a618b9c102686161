package dev.galen.kernels.cuda;

import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.Span;

/** Philox numbers by {@code random.cu}. */
final class CudaRandom implements RandomKernels {
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

  /** A thread draws four numbers. */
  private int grid(Span y) {
    return cuda.grid(Math.ceilDiv(y.length(), 4));
  }
}
