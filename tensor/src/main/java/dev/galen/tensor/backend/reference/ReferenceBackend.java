package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Kernels;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.backend.Span;
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
  private final Kernels kernels =
      new Kernels(
          new ReferenceCopy(),
          new ReferencePointwise(),
          new ReferenceReduce(),
          new ReferenceMatmul(),
          new ReferenceNorm(),
          new ReferenceAttention(),
          new ReferenceEmbedding(),
          new ReferenceLoss(),
          new ReferenceOptimizer(),
          new ReferenceWeights(),
          new ReferenceRandom());

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
}
