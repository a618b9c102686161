package dev.galen.bench.gpu;

import dev.galen.bench.book.Statistics;
import dev.galen.kernels.cuda.CudaBackend;
import java.util.stream.DoubleStream;

/** Times work and the part of it in which the host was not waiting for the GPU. */
final class HostClock {
  private final CudaBackend gpu;
  private final DoubleStream.Builder shares = DoubleStream.builder();
  private long start;
  private long waitedAtStart;

  HostClock(CudaBackend gpu) {
    this.gpu = gpu;
  }

  void start() {
    waitedAtStart = gpu.waitedNanos();
    start = System.nanoTime();
  }

  /** Seconds since {@link #start}. */
  double stop() {
    long nanos = System.nanoTime() - start;
    shares.add(1 - (double) (gpu.waitedNanos() - waitedAtStart) / nanos);
    return nanos * 1e-9;
  }

  /** See {@link HostTimed#hostShare}; asked once. */
  double hostShare() {
    return Statistics.median(shares.build().toArray());
  }
}
