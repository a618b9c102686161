package dev.galen.tensor.memory;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
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
 *
 * <p>A scope that is dropped without being closed, or whose thread ends, is noticed by the garbage
 * collector: one line on standard error names it, and its tensors are treated as made outside of
 * every scope.
 */
public final class MemoryScope implements AutoCloseable {
  static final Cleaner CLEANER = Cleaner.create();

  private static final ThreadLocal<ScopeBuffers> INNERMOST = new ThreadLocal<>();

  private final ScopeBuffers owned;

  private MemoryScope(ScopeBuffers owned) {
    this.owned = owned;
  }

  /** Opens a scope on this thread; {@code name} appears in errors about tensors it freed. */
  public static MemoryScope open(String name) {
    var owned = new ScopeBuffers(name, innermost());
    var scope = new MemoryScope(owned);
    owned.watch(scope);
    INNERMOST.set(owned);
    return scope;
  }

  /** The innermost scope that may still be closed, or null. */
  private static ScopeBuffers innermost() {
    ScopeBuffers scope = INNERMOST.get();
    while (scope != null && !scope.isOpen()) {
      scope = scope.outer();
    }
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
    if (scope != null && !scope.owned.isOpen()) {
      throw new IllegalStateException(
          "scope '" + scope.owned.name() + "' is closed and can own no more");
    }
    ScopeBuffers before = INNERMOST.get();
    INNERMOST.set(scope == null ? null : scope.owned);
    try {
      return body.get();
    } finally {
      INNERMOST.set(before);
      Reference.reachabilityFence(scope);
    }
  }

  /**
   * The innermost open scope of this thread, or null. What is returned does not count as the scope
   * itself: it keeps nothing open that its opener drops.
   */
  public static MemoryScope current() {
    ScopeBuffers innermost = innermost();
    return innermost == null ? null : new MemoryScope(innermost);
  }

  /**
   * What the open scopes of this thread hold of {@code backend}, innermost first, for an error
   * about full memory: {@code , 1,024 of them in scope 'step'}.
   */
  public static String describe(Backend backend) {
    var text = new StringBuilder();
    for (ScopeBuffers scope = innermost(); scope != null; scope = scope.outer()) {
      text.append(", %,d of them in scope '%s'".formatted(scope.bytes(backend), scope.name()));
    }
    return text.toString();
  }

  /** Bytes of {@code backend} in the open scopes of this thread. */
  public static long held(Backend backend) {
    long bytes = 0;
    for (ScopeBuffers scope = innermost(); scope != null; scope = scope.outer()) {
      bytes += scope.bytes(backend);
    }
    return bytes;
  }

  /** How many scopes of this process were left open and ended by the cleaner so far. */
  public static long abandoned() {
    return ScopeBuffers.abandoned();
  }

  /** Moves {@code buffer} from the scope that owns it to the scope around that one. */
  public static void keep(Buffer buffer) {
    buffer.requireLive();
    for (ScopeBuffers scope = innermost(); scope != null; scope = scope.outer()) {
      if (scope.remove(buffer)) {
        adopt(scope.outer(), buffer);
        return;
      }
    }
  }

  private static void adopt(ScopeBuffers scope, Buffer buffer) {
    ScopeBuffers owner = scope;
    while (owner != null && !owner.add(buffer)) {
      owner = owner.outer();
    }
    if (owner == null) {
      CLEANER.register(buffer, buffer.releaser());
    }
  }

  /** Frees everything that was made in this scope and not kept. Closing twice is a no-op. */
  @Override
  public void close() {
    if (!owned.isOpen()) {
      return;
    }
    ScopeBuffers innermost = innermost();
    if (innermost != owned) {
      throw new IllegalStateException(
          "scope '%s' is not the innermost one of this thread%s; close scopes in order"
              .formatted(
                  owned.name(),
                  innermost == null ? "" : ", which is '%s'".formatted(innermost.name())));
    }
    INNERMOST.set(owned.outer());
    owned.close();
    Reference.reachabilityFence(this); // or the cleaner might take it for one left open
  }
}
