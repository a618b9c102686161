package dev.galen.tensor.backend.reference;

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
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * The oracle: readable loops over doubles, every type, no flags, one thread. Each kernel reads its
 * inputs into double arrays, computes its formula, and rounds once when it writes.
 */
public final class ReferenceBackend implements Backend {
  private final HostAllocator allocator = new HostAllocator();
  private final CopyKernels copy = new ReferenceCopy();
  private final PointwiseKernels pointwise = new ReferencePointwise();
  private final ReduceKernels reduce = new ReferenceReduce();
  private final MatmulKernels matmul = new ReferenceMatmul();
  private final NormKernels norm = new ReferenceNorm();
  private final AttentionKernels attention = new ReferenceAttention();
  private final EmbeddingKernels embedding = new ReferenceEmbedding();
  private final LossKernels loss = new ReferenceLoss();
  private final OptimizerKernels optimizer = new ReferenceOptimizer();
  private final WeightKernels weights = new ReferenceWeights();
  private final RandomKernels random = new ReferenceRandom();

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String place() {
    return "reference";
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
    requireBytes(source.byteSize(), target);
    try {
      HostBuffer.segment(target).copyFrom(source);
    } finally {
      Reference.reachabilityFence(target.buffer());
    }
  }

  @Override
  public void download(Span source, MemorySegment target) {
    requireBytes(target.byteSize(), source);
    try {
      target.copyFrom(HostBuffer.segment(source));
    } finally {
      Reference.reachabilityFence(source.buffer());
    }
  }

  private static void requireBytes(long bytes, Span span) {
    if (bytes != span.byteSize()) {
      throw new IllegalArgumentException(
          "host memory of %d bytes does not match a span of %d %s, which is %d bytes"
              .formatted(bytes, span.length(), span.dtype(), span.byteSize()));
    }
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
}
