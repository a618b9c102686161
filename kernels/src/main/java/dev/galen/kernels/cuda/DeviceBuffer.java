package dev.galen.kernels.cuda;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Span;

/** One allocation on a GPU. */
final class DeviceBuffer extends Buffer {
  private final long address;

  DeviceBuffer(Backend backend, long address, long byteSize, Runnable release) {
    super(backend, byteSize, release);
    this.address = address;
  }

  /** The first byte's address on the device; throws if the memory was freed. */
  long address() {
    requireLive();
    return address;
  }

  /** The address of the first element of {@code span}, which must lie on a GPU. */
  static long address(Span span) {
    if (!(span.buffer() instanceof DeviceBuffer buffer)) {
      throw new IllegalArgumentException(
          "expected memory of a GPU, got a buffer of backend %s; copy the tensor with to(device)"
              .formatted(span.buffer().backend().name()));
    }
    return buffer.address() + span.byteOffset();
  }
}
