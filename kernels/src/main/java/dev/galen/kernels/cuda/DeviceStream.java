package dev.galen.kernels.cuda;

import jcuda.driver.CUstream;

/** A stream that both JCuda and the bindings can be given; JCuda hides addresses. */
final class DeviceStream extends CUstream {
  /** To be filled in by a call of JCuda. */
  DeviceStream() {}

  long address() {
    return getNativePointer();
  }
}
