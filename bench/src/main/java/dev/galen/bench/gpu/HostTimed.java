package dev.galen.bench.gpu;

import dev.galen.bench.peer.Work;

/** Work that knows what the host did meanwhile. */
interface HostTimed extends Work {
  /**
   * The part of a run in which the host was not waiting for the GPU, a median: it prepared data,
   * walked the graph and launched. Where it is near 1 the GPU waits for the host. Asked once, at
   * the end.
   */
  double hostShare();
}
