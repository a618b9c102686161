package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.kernels.cuda.binding.nvtx_h;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class NvtxTest {
  @Test
  void rangesNestWhetherTheLibraryIsThereOrNot() {
    try (var outer = Nvtx.range("outer");
        var inner = Nvtx.range("inner")) {
      assertEquals(outer, inner, "a range has no state of its own");
    }
  }

  /** Without a profiler the library answers that nobody listens, a negative number. */
  @Test
  void libraryAnswers() {
    var library = CudaLibrary.NVTX.diagnostic();
    Assumptions.assumeTrue(library.found(), () -> "NVTX is not here: " + library.detail());
    try (Arena arena = Arena.ofConfined()) {
      assertEquals(-2, nvtx_h.nvtxRangePushA(arena.allocateFrom("range")));
      assertEquals(-2, nvtx_h.nvtxRangePop());
    }
  }
}
