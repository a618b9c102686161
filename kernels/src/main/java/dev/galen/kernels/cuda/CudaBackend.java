package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Capture;
import dev.galen.tensor.backend.Kernels;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.util.function.BiFunction;

/**
 * One NVIDIA GPU. Kernels run in call order on one stream and return before they are done; {@link
 * #download} waits. F32, F16 and BF16 are computed, the two short types with sums in F32; copies
 * know every type.
 */
public final class CudaBackend implements Backend {
  static final String NAME = "cuda";
  static final String PLACE = "cuda:0";

  private final CudaContext cuda;
  private final Kernels kernels;

  /** Opens the first GPU; throws where {@link CudaBackendProvider} says why there is none. */
  public CudaBackend() {
    this(CudaMatmul::open);
  }

  /** With products of the caller's choice. */
  CudaBackend(BiFunction<CudaContext, Backend, MatmulKernels> products) {
    cuda = new CudaContext(this, 0, (major, minor) -> NvrtcCompiler.ofJar().compile(major, minor));
    var copy = new CudaCopy(cuda);
    var reduce = new CudaReduce(cuda);
    MatmulKernels matmul = products.apply(cuda, this);
    kernels =
        new Kernels(
            copy,
            new CudaPointwise(cuda),
            reduce,
            matmul,
            new CudaNorm(cuda),
            new CudaAttention(cuda),
            new CudaEmbedding(cuda),
            new CudaLoss(cuda),
            new CudaOptimizer(cuda),
            new CudaWeights(cuda, matmul, copy, reduce),
            new CudaRandom(cuda));
  }

  /** What its kernels run in. */
  CudaContext context() {
    return cuda;
  }

  /**
   * Nanoseconds that the host has waited for this GPU so far. What is left of a step is the host's
   * own time.
   */
  public long waitedNanos() {
    return cuda.waitedNanos();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String place() {
    return PLACE;
  }

  @Override
  public Buffer allocate(long byteSize) {
    return cuda.allocate(byteSize);
  }

  /** Null: a GPU does not read host memory in place. */
  @Override
  public Buffer wrap(MemorySegment hostMemory, DType dtype) {
    return null;
  }

  @Override
  public boolean captures() {
    return true;
  }

  @Override
  public long available() {
    return cuda.allocator().available();
  }

  @Override
  public MemoryStats memory() {
    return cuda.allocator().stats();
  }

  @Override
  public void trim() {
    cuda.synchronize();
    cuda.allocator().trim();
  }

  @Override
  public void upload(MemorySegment source, Span target) {
    requireBytes(source.byteSize(), target);
    cuda.upload(source, target);
  }

  @Override
  public void download(Span source, MemorySegment target) {
    requireBytes(target.byteSize(), source);
    cuda.download(source, target);
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  private static void requireBytes(long bytes, Span span) {
    if (bytes != span.byteSize()) {
      throw new IllegalArgumentException(
          "host memory of %d bytes does not match a span of %d %s, which is %d bytes"
              .formatted(bytes, span.length(), span.dtype(), span.byteSize()));
    }
  }

  @Override
  public Capture capture(Runnable work) {
    return cuda.capture(work);
  }
}
