package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.galen.tensor.backend.Span;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jcuda.driver.JCudaDriver;

/**
 * The arguments of one launch, written in the order of the kernel's parameters:
 *
 * <pre>{@code
 * cuda.launch("affine", x.dtype()).pointer(x).f32(scale).f32(shift).pointer(y).i64(length)
 *     .run(cuda.grid(length), BLOCK);
 * }</pre>
 *
 * <p>They go straight into native memory, which a thread allocates once and the driver copies when
 * it launches, so that a launch makes no garbage. One instance per thread, in use from {@link
 * CudaContext#launch} to {@link #run}.
 */
final class Launch {
  /**
   * Threads per block where a kernel does not say otherwise; {@code BLOCK} in {@code galen.cuh}.
   */
  static final int BLOCK = 256;

  private static final int MOST_ARGUMENTS = 48;
  private static final int BYTES = 2048;

  private final DeviceStream stream;
  private final MemorySegment values;
  private final MemorySegment addresses;
  private final DevicePointer.Host table;
  private Kernel kernel;
  private int count;
  private int used;

  Launch(DeviceStream stream) {
    this.stream = stream;
    Arena arena = Arena.ofAuto();
    values = arena.allocate(BYTES, 16);
    addresses = arena.allocate(JAVA_LONG, MOST_ARGUMENTS);
    table = new DevicePointer.Host(addresses.address());
  }

  Launch of(Kernel kernel) {
    this.kernel = kernel;
    count = 0;
    used = 0;
    return this;
  }

  /** The address of the first element; 0 for null. */
  Launch pointer(Span span) {
    return i64(span == null ? 0 : DeviceBuffer.address(span));
  }

  /** The address of a buffer's first byte. */
  Launch pointer(DeviceBuffer buffer) {
    return i64(buffer.address());
  }

  /** An {@code int}. */
  Launch i32(int value) {
    values.set(JAVA_INT, next(Integer.BYTES), value);
    return this;
  }

  /** A {@code long long}, or an address. */
  Launch i64(long value) {
    values.set(JAVA_LONG, next(Long.BYTES), value);
    return this;
  }

  /** A {@code float}, rounded from the contract's double. */
  Launch f32(double value) {
    values.set(JAVA_FLOAT, next(Float.BYTES), (float) value);
    return this;
  }

  /** A {@code double}. */
  Launch f64(double value) {
    values.set(JAVA_DOUBLE, next(Double.BYTES), value);
    return this;
  }

  /** A struct of {@code length} {@code long long}s: the first are {@code items}, the rest zeros. */
  Launch longs(long[] items, int length) {
    long at = next(length * Long.BYTES);
    for (int i = 0; i < length; i++) {
      values.set(JAVA_LONG, at + 8L * i, i < items.length ? items[i] : 0);
    }
    return this;
  }

  /** Launches {@code blocks} blocks of {@code threads} threads; none at all for 0 blocks. */
  void run(int blocks, int threads) {
    run(blocks, 1, 1, threads, 1, 0);
  }

  /**
   * Launches a grid of blocks of {@code threadsX} by {@code threadsY} threads. Where the grid is
   * empty nothing happens.
   *
   * @param shared bytes of dynamic shared memory per block
   */
  void run(int gridX, int gridY, int gridZ, int threadsX, int threadsY, int shared) {
    if (gridX == 0 || gridY == 0 || gridZ == 0) {
      return;
    }
    kernel.allowShared(shared);
    stream.lock();
    try {
      JCudaDriver.cuLaunchKernel(
          kernel.function(),
          gridX,
          gridY,
          gridZ,
          threadsX,
          threadsY,
          1,
          shared,
          stream,
          table,
          null);
    } finally {
      stream.unlock();
    }
  }

  private long next(int bytes) {
    int at = used;
    addresses.setAtIndex(JAVA_LONG, count++, values.address() + at);
    used = (at + bytes + 7) & -8;
    return at;
  }
}
