package dev.galen.tensor.backend;

import dev.galen.tensor.memory.AllocationTrace;

/**
 * One allocation of raw memory on one backend. A buffer is freed once, by its scope or by hand;
 * after that every access throws and names who freed it.
 */
public abstract class Buffer {
  private final Backend backend;
  private final long byteSize;
  private final Releaser releaser;
  private volatile String freedBy;

  /**
   * A buffer of {@code byteSize} usable bytes on {@code backend}.
   *
   * @param release gives the memory back; must not refer to this buffer, because a cleaner may run
   *     it once the buffer is unreachable
   */
  protected Buffer(Backend backend, long byteSize, Runnable release) {
    this.backend = backend;
    this.byteSize = byteSize;
    this.releaser = new Releaser(release);
    AllocationTrace.made(this);
  }

  /** The backend whose kernels can read this memory. */
  public final Backend backend() {
    return backend;
  }

  /** Usable bytes. */
  public final long byteSize() {
    return byteSize;
  }

  /** Whether the memory was given back. */
  public final boolean isFreed() {
    return freedBy != null;
  }

  /** What gave the memory back, as {@link #free} was told, or null while it is there. */
  public final String freedBy() {
    return freedBy;
  }

  /** Throws unless the memory is still there. */
  public final void requireLive() {
    if (freedBy != null) {
      throw new IllegalStateException(
          "this tensor's memory (%,d bytes) was freed by %s; call keep() before its scope closes"
              .formatted(byteSize, freedBy));
    }
  }

  /** Gives the memory back. Freeing twice is a no-op; {@code by} is named in later errors. */
  public final void free(String by) {
    if (freedBy == null) {
      freedBy = by;
      AllocationTrace.freed(this);
      releaser.run();
    }
  }

  /** Gives the memory back at most once, and holds no reference to the buffer. */
  public final Runnable releaser() {
    return releaser;
  }

  private static final class Releaser implements Runnable {
    private Runnable release;

    Releaser(Runnable release) {
      this.release = release;
    }

    @Override
    public synchronized void run() {
      if (release != null) {
        release.run();
        release = null;
      }
    }
  }
}
