package dev.galen.bench.gpu;

import dev.galen.kernels.cuda.CudaBackend;

/** Times work and the part of it in which the host was not waiting for the card. */
final class HostClock {
  private final CudaBackend card;
  private long passed;
  private long waited;
  private long start;
  private long waitedAtStart;

  HostClock(CudaBackend card) {
    this.card = card;
  }

  void start() {
    waitedAtStart = card.waitedNanos();
    start = System.nanoTime();
  }

  /** Seconds since {@link #start}. */
  double stop() {
    long nanos = System.nanoTime() - start;
    passed += nanos;
    waited += card.waitedNanos() - waitedAtStart;
    return nanos * 1e-9;
  }

  /** See {@link HostTimed#hostShare}. */
  double hostShare() {
    return 1 - (double) waited / passed;
  }
}
