package dev.galen.tensor.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.backend.host.HostBuffer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scopes that are never closed: their memory comes back, and one line says which they were. */
class LostScopeTest {
  private static final int BYTES = 1 << 20;
  private static final int THREADS = 50;

  private final HostAllocator allocator = new HostAllocator();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private final PrintStream standardError = System.err;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(standardError);
  }

  @Test
  void threadsThatEndInsideTheirScopeLeakNothing() throws InterruptedException {
    for (int i = 0; i < THREADS; i++) {
      inThread(
          () -> {
            MemoryScope.open("of a dead thread");
            make();
          });
    }
    assertAllFreed();
    assertEquals(1, warnings("of a dead thread").size(), "one line for fifty scopes of a name");
    String line = warnings("of a dead thread").getFirst();
    assertTrue(line.startsWith("galen: scope 'of a dead thread', opened by thread "), line);
    assertTrue(line.contains("try-with-resources"), line);
  }

  @Test
  void nestedScopesAreAllNamed() throws InterruptedException {
    inThread(
        () -> {
          MemoryScope.open("lost outer");
          make();
          MemoryScope.open("lost inner");
          make();
        });
    assertAllFreed();
    assertEquals(1, warnings("lost outer").size());
    assertEquals(1, warnings("lost inner").size());
  }

  @Test
  void virtualThreadsLoseNoMoreThanOthers() throws InterruptedException {
    Thread.ofVirtual()
        .start(
            () -> {
              MemoryScope.open("of a virtual thread");
              make();
            })
        .join();
    assertAllFreed();
    String line = warnings("of a virtual thread").getFirst();
    assertTrue(line.contains("opened by a virtual thread"), line);
  }

  @Test
  void aThreadThatGoesOnDoesWithoutWhatItDropped() throws InterruptedException {
    inThread(
        () -> {
          try (var whole = MemoryScope.open("around a lost one")) {
            dropScope();
            await(() -> !warnings("dropped").isEmpty());
            HostBuffer next = make();
            whole.close(); // which a scope inside it that is only forgotten would refuse
            assertTrue(next.isFreed(), "it belongs to the scope that is still open");
          }
          assertNull(MemoryScope.current());
        });
    assertAllFreed();
  }

  private void dropScope() {
    MemoryScope.open("dropped");
    make();
  }

  @Test
  void aTensorThatSomebodyHoldsStaysUsable() throws InterruptedException {
    var held = new AtomicReference<HostBuffer>();
    var left = new AtomicReference<WeakReference<HostBuffer>>();
    inThread(
        () -> {
          MemoryScope.open("with a tensor for another thread");
          held.set(make());
          left.set(new WeakReference<>(make()));
        });
    await(() -> left.get().get() == null);
    assertEquals(BYTES, held.get().segment().byteSize());
    held.get().free("the test");
    assertAllFreed();
  }

  @Test
  void whatWasKeptOutOfALostScopeBelongsToTheOneAround() throws InterruptedException {
    inThread(
        () -> {
          HostBuffer kept;
          try (var outer = MemoryScope.open("around")) {
            kept = keepOutOfLostScope();
            await(() -> !warnings("lost after keep").isEmpty());
            assertFalse(kept.isFreed());
          }
          assertTrue(kept.isFreed());
        });
    assertAllFreed();
  }

  private HostBuffer keepOutOfLostScope() {
    MemoryScope.open("lost after keep");
    HostBuffer kept = make();
    MemoryScope.keep(kept);
    return kept;
  }

  @Test
  void closedScopesSayNothing() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      try (var scope = MemoryScope.open("closed as it should be")) {
        make();
        MemoryScope.in(MemoryScope.current(), this::make);
      }
    }
    assertAllFreed();
    System.gc();
    Thread.sleep(20);
    assertEquals(List.of(), warnings("closed as it should be"));
  }

  private HostBuffer make() {
    HostBuffer buffer = allocator.allocate(null, BYTES);
    MemoryScope.adopt(buffer);
    return buffer;
  }

  private void assertAllFreed() {
    await(() -> allocator.stats().live() == 0);
  }

  private List<String> warnings(String name) {
    return error
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("'" + name + "'"))
        .toList();
  }

  private static void inThread(Runnable body) throws InterruptedException {
    var failure = new AtomicReference<Throwable>();
    Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> failure.set(e)).start(body).join();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "the collector did not find it in ten seconds");
      System.gc();
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
