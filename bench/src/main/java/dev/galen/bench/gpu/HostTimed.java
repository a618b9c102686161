package dev.galen.bench.gpu;

import dev.galen.bench.peer.Work;

/** Work that knows what the host did meanwhile. */
interface HostTimed extends Work {
  /**
   * The part of all runs so far, warm-up included, in which the host was not waiting for the card:
   * it prepared data, walked the graph and launched. Where it is near 1 the card waits for the host.
   */
  double hostShare();
}
