package dev.galen.kernels.cuda;

import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;

/** One function of a loaded image. */
final class Kernel {
  /** Dynamic shared memory that needs no asking, in bytes. */
  private static final int FREE_SHARED = 48 << 10;

  private final CUfunction function;
  private int allowed = FREE_SHARED;

  Kernel(CUfunction function) {
    this.function = function;
  }

  CUfunction function() {
    return function;
  }

  /** More than 48 KiB per block must be asked for, once per function. */
  void allowShared(int bytes) {
    if (bytes > FREE_SHARED) {
      ask(bytes);
    }
  }

  private synchronized void ask(int bytes) {
    if (bytes > allowed) {
      JCudaDriver.cuFuncSetAttribute(
          function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes);
      allowed = bytes;
    }
  }
}
