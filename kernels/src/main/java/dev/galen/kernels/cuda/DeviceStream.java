package dev.galen.kernels.cuda;

import java.util.concurrent.locks.ReentrantLock;
import jcuda.driver.CUstream;

/**
 * A stream that both JCuda and the bindings can be given; JCuda hides addresses. Whoever gives it
 * work holds its lock meanwhile, so that a recording gets no work of other threads.
 */
final class DeviceStream extends CUstream {
  private final ReentrantLock lock = new ReentrantLock();
  private boolean recording;

  /** To be filled in by a call of JCuda. */
  DeviceStream() {}

  long address() {
    return getNativePointer();
  }

  /** Waits until no other thread gives work or records. */
  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Says that work is recorded from now on, or run; the lock is held. */
  void setRecording(boolean recording) {
    this.recording = recording;
  }

  /**
   * Throws where this thread records.
   *
   * @param what cannot be recorded: {@code an upload}
   */
  void requireRunning(String what) {
    if (lock.isHeldByCurrentThread() && recording) {
      throw new IllegalStateException(
          "%s cannot be recorded: it waits, or reads host memory that changes; do it before or after"
              .formatted(what));
    }
  }
}
