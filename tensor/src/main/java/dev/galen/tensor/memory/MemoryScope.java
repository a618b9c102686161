package dev.galen.tensor.memory;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The lifetime of the tensors made on one thread between {@link #open} and {@link #close}. Scopes
 * nest; a new tensor belongs to the innermost open one, never to its operands' owner. Outside of
 * every scope memory is freed once unreachable, by a cleaner.
 *
 * <pre>{@code
 * try (var step = MemoryScope.open("step")) {
 *   var loss = model.loss(batch);
 *   loss.backward();
 * } // every activation is freed here; parameters and gradients are not
 * }</pre>
 */
public final class MemoryScope implements AutoCloseable {
  private static final ThreadLocal<MemoryScope> INNERMOST = new ThreadLocal<>();
  private static final Cleaner CLEANER = Cleaner.create();

  private final String name;
  private final MemoryScope outer;
  private final List<Buffer> buffers = new ArrayList<>();
  private boolean closed;

  private MemoryScope(String name, MemoryScope outer) {
    this.name = name;
    this.outer = outer;
  }

  /** Opens a scope on this thread; {@code name} appears in errors about tensors it freed. */
  public static MemoryScope open(String name) {
    var scope = new MemoryScope(name, INNERMOST.get());
    INNERMOST.set(scope);
    return scope;
  }

  /** Gives {@code buffer} to the innermost open scope, or to the cleaner where none is open. */
  public static void adopt(Buffer buffer) {
    adopt(INNERMOST.get(), buffer);
  }

  /**
   * Runs {@code body} such that what it allocates belongs to no scope: parameters, optimizer state.
   */
  public static <T> T outside(Supplier<T> body) {
    return in(null, body);
  }

  /** Runs {@code body} such that what it allocates belongs to {@code scope}; to none if null. */
  public static <T> T in(MemoryScope scope, Supplier<T> body) {
    if (scope != null && scope.closed) {
      throw new IllegalStateException("scope '" + scope.name + "' is closed and can own no more");
    }
    MemoryScope before = INNERMOST.get();
    INNERMOST.set(scope);
    try {
      return body.get();
    } finally {
      INNERMOST.set(before);
    }
  }

  /** The innermost open scope of this thread, or null. */
  public static MemoryScope current() {
    return INNERMOST.get();
  }

  /**
   * What the open scopes of this thread hold of {@code backend}, innermost first, for an error
   * about full memory: {@code , 1,024 of them in scope 'step'}.
   */
  public static String describe(Backend backend) {
    var text = new StringBuilder();
    for (MemoryScope scope = INNERMOST.get(); scope != null; scope = scope.outer) {
      text.append(", %,d of them in scope '%s'".formatted(scope.bytes(backend), scope.name));
    }
    return text.toString();
  }

  /** Bytes of {@code backend} in the open scopes of this thread. */
  public static long held(Backend backend) {
    long bytes = 0;
    for (MemoryScope scope = INNERMOST.get(); scope != null; scope = scope.outer) {
      bytes += scope.bytes(backend);
    }
    return bytes;
  }

  private long bytes(Backend backend) {
    long bytes = 0;
    for (Buffer buffer : buffers) {
      bytes += buffer.backend() == backend && !buffer.isFreed() ? buffer.byteSize() : 0;
    }
    return bytes;
  }

  /** Moves {@code buffer} from the scope that owns it to the scope around that one. */
  public static void keep(Buffer buffer) {
    buffer.requireLive();
    for (MemoryScope scope = INNERMOST.get(); scope != null; scope = scope.outer) {
      // The newest are kept most often: search from the end.
      for (int i = scope.buffers.size() - 1; i >= 0; i--) {
        if (scope.buffers.get(i) == buffer) {
          scope.buffers.remove(i);
          adopt(scope.outer, buffer);
          return;
        }
      }
    }
  }

  private static void adopt(MemoryScope scope, Buffer buffer) {
    if (scope == null) {
      CLEANER.register(buffer, buffer.releaser());
    } else {
      scope.buffers.add(buffer);
    }
  }

  /** Frees everything that was made in this scope and not kept. Closing twice is a no-op. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (INNERMOST.get() != this) {
      throw new IllegalStateException(
          "scope '" + name + "' is not the innermost one of this thread; close scopes in order");
    }
    closed = true;
    INNERMOST.set(outer);
    String reason = "the end of scope '" + name + "'";
    for (Buffer buffer : buffers) {
      buffer.free(reason);
    }
    buffers.clear();
  }
}
