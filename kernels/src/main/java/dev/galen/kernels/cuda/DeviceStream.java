package dev.galen.kernels.cuda;

import java.util.concurrent.locks.ReentrantLock;
import jcuda.driver.CUstream;

/**
 * A stream that both JCuda and the bindings can be given; JCuda hides addresses. A thread that
 * gives it work holds its lock meanwhile, so that a capture gets no work of other threads.
 */
final class DeviceStream extends CUstream {
  private final ReentrantLock lock = new ReentrantLock();
  private boolean capturing;

  /** To be filled in by a call of JCuda. */
  DeviceStream() {}

  long address() {
    return getNativePointer();
  }

  /** Waits until no other thread gives work or captures. */
  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Says that work is captured from now on, or run; the lock is held. */
  void setCapturing(boolean capturing) {
    this.capturing = capturing;
  }

  /**
   * Throws where this thread captures.
   *
   * @param what cannot be captured: {@code an upload}
   */
  void requireRunning(String what) {
    if (lock.isHeldByCurrentThread() && capturing) {
      throw new IllegalStateException(
          "%s cannot be captured: it waits, or reads host memory that changes; do it before or after"
              .formatted(what));
    }
  }
}
