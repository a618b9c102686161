package dev.galen.kernels.cuda;

import dev.galen.kernels.cuda.binding.nvtx_h;
import java.lang.foreign.Arena;

/**
 * Named ranges on a profiler's time line, where NVTX is installed; else nothing. Ranges of a thread
 * nest:
 *
 * <pre>{@code
 * try (var step = Nvtx.range("step")) {
 *   ...
 * }
 * }</pre>
 */
final class Nvtx {
  private static final Range END = nvtx_h::nvtxRangePop;
  private static final Range NOTHING = () -> {};

  private Nvtx() {}

  /** A range that is open; closed on the thread that opened it. */
  interface Range extends AutoCloseable {
    @Override
    void close();
  }

  /** Opens a range. */
  static Range range(String name) {
    if (!Holder.PRESENT) {
      return NOTHING;
    }
    try (Arena arena = Arena.ofConfined()) {
      nvtx_h.nvtxRangePushA(arena.allocateFrom(name));
    }
    return END;
  }

  private static final class Holder {
    static final boolean PRESENT = CudaLibrary.NVTX.file().isPresent();
  }
}
