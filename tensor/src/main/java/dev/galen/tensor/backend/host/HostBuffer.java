package dev.galen.tensor.backend.host;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;

/** Memory that Java can read: off-heap, or a mapped file. */
public final class HostBuffer extends Buffer {
  private final MemorySegment segment;

  HostBuffer(Backend backend, MemorySegment segment, Runnable release) {
    super(backend, segment.byteSize(), release);
    this.segment = segment;
  }

  /**
   * Wraps memory that another party owns, such as a mapped file; freeing the buffer leaves it
   * alone. Null where {@code segment} is not aligned to {@code dtype}.
   */
  public static HostBuffer wrap(Backend backend, MemorySegment segment, DType dtype) {
    boolean aligned = (segment.address() & (dtype.byteSize() - 1)) == 0;
    return aligned ? new HostBuffer(backend, segment, () -> {}) : null;
  }

  /**
   * The bytes; throws if they were freed. A segment does not keep its buffer reachable: where no
   * scope owns the buffer, {@link java.lang.ref.Reference#reachabilityFence} must follow the last
   * use of the segment, or the cleaner may hand the memory to another thread meanwhile.
   */
  public MemorySegment segment() {
    requireLive();
    return segment;
  }

  /** The bytes of {@code span}, which must lie in host memory; see {@link #segment()}. */
  public static MemorySegment segment(Span span) {
    if (!(span.buffer() instanceof HostBuffer buffer)) {
      throw new IllegalArgumentException(
          "expected host memory, got a buffer of backend " + span.buffer().backend().name());
    }
    return buffer.segment().asSlice(span.byteOffset(), span.byteSize());
  }
}
