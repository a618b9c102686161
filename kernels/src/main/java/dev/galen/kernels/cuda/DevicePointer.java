package dev.galen.kernels.cuda;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/**
 * A device address that both JCuda and code of our own can read. JCuda hides addresses: it offers
 * no constructor from one, so that ours is an offset from null.
 */
final class DevicePointer extends CUdeviceptr {
  private static final CUdeviceptr NULL = new CUdeviceptr();

  /** To be filled in by a call of JCuda. */
  DevicePointer() {}

  DevicePointer(long address) {
    super(NULL, address);
  }

  long address() {
    return getNativePointer() + getByteOffset();
  }

  /** Host memory outside of the heap, for arguments of JCuda that point to the host. */
  static final class Host extends Pointer {
    /** To be filled in by a call of JCuda. */
    Host() {}

    Host(long address) {
      super(address);
    }

    long address() {
      return getNativePointer() + getByteOffset();
    }
  }
}
