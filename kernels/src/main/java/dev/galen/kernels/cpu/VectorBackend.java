package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Kernels;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;

/**
 * The CPU by the Vector API, on all cores. Kernels of F32 have vector forms, which {@link
 * WidenedCalls} lends to F16 and BF16; for other types the reference's loops read the same host
 * memory. Results are the same bits on any number of threads.
 *
 * <p>System properties: {@code galen.threads}, by default the number of CPUs, and {@code
 * galen.vector.bits}, by default the machine's own width.
 */
public final class VectorBackend implements Backend {
  static final String NAME = "vector";
  static final String PLACE = "cpu";

  private final HostAllocator allocator = new HostAllocator(HugePages.orPlain());
  private final WorkerPool pool;
  private final Kernels kernels;

  /** With as many threads as {@code galen.threads} says. */
  public VectorBackend() {
    this(defaultThreads());
  }

  /** With {@code threads} threads, the calling one included. */
  public VectorBackend(int threads) {
    var reference = new ReferenceBackend();
    pool = new WorkerPool(threads);
    var calls = new WidenedCalls(pool, this, reference);
    var pointwise = new VectorPointwise(pool, new HalfPointwise(calls));
    var reduce = new VectorReduce(pool, new HalfReduce(calls));
    kernels =
        new Kernels(
            new VectorCopy(pool, reference.copy()),
            pointwise,
            reduce,
            new VectorMatmul(pool, pointwise, reduce, new HalfMatmul(calls)),
            new VectorNorm(pool, new HalfNorm(calls, this)),
            new VectorAttention(pool, new HalfAttention(calls)),
            new VectorEmbedding(pool, new HalfEmbedding(calls)),
            new VectorLoss(pool, new HalfLoss(calls)),
            new VectorOptimizer(pool, reference.optimizer()),
            new VectorWeights(pool, this),
            new VectorRandom(pool, new HalfRandom(calls)));
  }

  /** What the properties choose here: {@code Vector API, 512 bits, 2 threads}. */
  static String describe() {
    return "Vector API, %d bits, %d threads".formatted(Lanes.bits(), defaultThreads());
  }

  private static int defaultThreads() {
    String threads = System.getProperty("galen.threads");
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (!threads.matches("[1-9]\\d{0,3}")) {
      throw new IllegalArgumentException(
          "galen.threads must be a number from 1 to 9999, not " + threads);
    }
    return Integer.parseInt(threads);
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
    return allocator.allocate(this, byteSize);
  }

  @Override
  public Buffer wrap(MemorySegment hostMemory, DType dtype) {
    return HostBuffer.wrap(this, hostMemory, dtype);
  }

  @Override
  public MemoryStats memory() {
    return allocator.stats();
  }

  @Override
  public void trim() {
    allocator.trim();
  }

  @Override
  public void upload(MemorySegment source, Span target) {
    HostBuffer.segment(target).copyFrom(source);
  }

  @Override
  public void download(Span source, MemorySegment target) {
    target.copyFrom(HostBuffer.segment(source));
  }

  @Override
  public int fewPositions() {
    return Matvec.FEW;
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public String toString() {
    return "Vector API, %d bits, %d threads".formatted(Lanes.bits(), pool.threads());
  }
}
