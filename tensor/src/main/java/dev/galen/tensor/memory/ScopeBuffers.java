package dev.galen.tensor.memory;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import java.lang.ref.Cleaner.Cleanable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a {@link MemoryScope} owns, and the scope around it. Its thread and the cleaner hold this
 * and not the scope, so that a scope that cannot be closed any more becomes unreachable: its thread
 * has ended, or its opener has dropped it. The cleaner then calls {@link #run()}.
 */
final class ScopeBuffers implements Runnable {
  /** Programs that name each scope anew must not fill the error stream. */
  private static final int MOST_WARNINGS = 20;

  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();
  private static final AtomicLong ABANDONED = new AtomicLong();

  private final String name;
  private final ScopeBuffers outer;
  // A name and no Thread, whose values would keep themselves alive through this.
  private final String opener = Thread.currentThread().getName();
  private final List<Buffer> buffers = new ArrayList<>();
  private volatile boolean open = true;
  private Cleanable cleanable;

  ScopeBuffers(String name, ScopeBuffers outer) {
    this.name = name;
    this.outer = outer;
  }

  /** Makes this the cleaner's task when {@code scope} becomes unreachable. */
  void watch(MemoryScope scope) {
    cleanable = MemoryScope.CLEANER.register(scope, this);
  }

  String name() {
    return name;
  }

  ScopeBuffers outer() {
    return outer;
  }

  boolean isOpen() {
    return open;
  }

  /** How many scopes were left open so far. */
  static long abandoned() {
    return ABANDONED.get();
  }

  /** Takes {@code buffer}, unless this cannot be closed any more. */
  synchronized boolean add(Buffer buffer) {
    return open && buffers.add(buffer);
  }

  /** Lets go of {@code buffer} if it is here. */
  synchronized boolean remove(Buffer buffer) {
    // The newest are kept most often: search from the end.
    for (int i = buffers.size() - 1; i >= 0; i--) {
      if (buffers.get(i) == buffer) {
        buffers.remove(i);
        return true;
      }
    }
    return false;
  }

  synchronized long bytes(Backend backend) {
    long bytes = 0;
    for (Buffer buffer : buffers) {
      bytes += buffer.backend() == backend && !buffer.isFreed() ? buffer.byteSize() : 0;
    }
    return bytes;
  }

  /** Frees everything. */
  void close() {
    String reason = "the end of scope '" + name + "'";
    for (Buffer buffer : end()) {
      buffer.free(reason);
    }
    cleanable.clean();
  }

  private synchronized List<Buffer> end() {
    open = false;
    List<Buffer> owned = List.copyOf(buffers);
    buffers.clear();
    return owned;
  }

  /**
   * The scope was left open. Another thread may still compute with one of its tensors, so each is
   * freed once it is unreachable itself, as if it had been made outside of every scope.
   */
  @Override
  public void run() {
    if (!open) {
      return;
    }
    long bytes = 0;
    for (Buffer buffer : end()) {
      if (!buffer.isFreed()) {
        bytes += buffer.byteSize();
        MemoryScope.CLEANER.register(buffer, buffer.releaser());
      }
    }
    ABANDONED.incrementAndGet();
    if (WARNED.size() < MOST_WARNINGS && WARNED.add(name)) {
      System.err.printf(
          "galen: scope '%s', opened by %s, was never closed; its tensors (%,d bytes) go when they"
              + " are unreachable: open scopes in try-with-resources%n",
          name, opener.isEmpty() ? "a virtual thread" : "thread " + opener, bytes);
    }
  }
}
