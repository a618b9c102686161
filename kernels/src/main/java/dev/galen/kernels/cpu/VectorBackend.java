package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.CopyKernels;
import dev.galen.tensor.backend.EmbeddingKernels;
import dev.galen.tensor.backend.LossKernels;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.OptimizerKernels;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightKernels;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;

/**
 * The CPU by the Vector API, on all cores. Kernels of F32 have vector forms, which {@link
 * WidenedCalls} lends to F16 and BF16; for other types the reference's loops read the same host
 * memory. Results are the same bits on any number of threads.
 *
 * <p>System properties: {@code galen.threads}, by default all processors, and {@code
 * galen.vector.bits}, by default the machine's own width.
 */
public final class VectorBackend implements Backend {
  static final String NAME = "vector";
  static final String PLACE = "cpu";

  private final HostAllocator allocator = new HostAllocator();
  private final WorkerPool pool;
  private final CopyKernels copy;
  private final PointwiseKernels pointwise;
  private final ReduceKernels reduce;
  private final MatmulKernels matmul;
  private final NormKernels norm;
  private final AttentionKernels attention;
  private final EmbeddingKernels embedding;
  private final LossKernels loss;
  private final OptimizerKernels optimizer;
  private final WeightKernels weights;
  private final RandomKernels random;

  /** With as many threads as {@code galen.threads} says. */
  public VectorBackend() {
    this(defaultThreads());
  }

  /** With {@code threads} threads, the calling one included. */
  public VectorBackend(int threads) {
    var reference = new ReferenceBackend();
    pool = new WorkerPool(threads);
    var calls = new WidenedCalls(pool, this, reference);
    copy = new VectorCopy(pool, reference.copy());
    pointwise = new VectorPointwise(pool, new HalfPointwise(calls));
    reduce = new VectorReduce(pool, new HalfReduce(calls));
    matmul = new VectorMatmul(pool, pointwise, reduce, new HalfMatmul(calls));
    norm = new VectorNorm(pool, new HalfNorm(calls, this));
    attention = new VectorAttention(pool, new HalfAttention(calls));
    embedding = new VectorEmbedding(pool, new HalfEmbedding(calls));
    loss = new VectorLoss(pool, new HalfLoss(calls));
    optimizer = new VectorOptimizer(pool, reference.optimizer());
    weights = new VectorWeights(pool, this);
    random = new VectorRandom(pool, new HalfRandom(calls));
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
  public CopyKernels copy() {
    return copy;
  }

  @Override
  public PointwiseKernels pointwise() {
    return pointwise;
  }

  @Override
  public ReduceKernels reduce() {
    return reduce;
  }

  @Override
  public MatmulKernels matmul() {
    return matmul;
  }

  @Override
  public NormKernels norm() {
    return norm;
  }

  @Override
  public AttentionKernels attention() {
    return attention;
  }

  @Override
  public EmbeddingKernels embedding() {
    return embedding;
  }

  @Override
  public LossKernels loss() {
    return loss;
  }

  @Override
  public OptimizerKernels optimizer() {
    return optimizer;
  }

  @Override
  public WeightKernels weights() {
    return weights;
  }

  @Override
  public RandomKernels random() {
    return random;
  }

  @Override
  public String toString() {
    return "Vector API, %d bits, %d threads".formatted(Lanes.bits(), pool.threads());
  }
}
