package dev.galen.tensor.backend.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.memory.MemoryScope;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostAllocatorTest {
  private final HostAllocator allocator = new HostAllocator();

  private HostBuffer allocate(long bytes) {
    return allocator.allocate(null, bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63, 64, 65, 1000, 4097, 1_000_003})
  void blocksAreAlignedAndLargeEnough(long bytes) {
    HostBuffer buffer = allocate(bytes);
    assertEquals(bytes, buffer.byteSize());
    assertEquals(bytes, buffer.segment().byteSize());
    assertEquals(0, buffer.segment().address() % 64);
    long live = allocator.stats().live();
    assertTrue(live >= bytes && live <= Math.max(bytes + 64, bytes + bytes / 8), "live " + live);
  }

  @Test
  void freedBlocksAreReused() {
    HostBuffer first = allocate(10_000);
    long address = first.segment().address();
    first.free("the test");
    HostBuffer second = allocate(9_900);
    assertEquals(address, second.segment().address());
    HostBuffer third = allocate(10_000);
    assertNotEquals(address, third.segment().address());
  }

  @Test
  void countsLiveCachedAndPeak() {
    HostBuffer a = allocate(1024);
    HostBuffer b = allocate(2048);
    assertEquals(new MemoryStats(3072, 0, 3072), allocator.stats());
    a.free("the test");
    assertEquals(new MemoryStats(2048, 1024, 3072), allocator.stats());
    b.free("the test");
    b.free("the test, again");
    assertEquals(new MemoryStats(0, 3072, 3072), allocator.stats());
    allocate(1024);
    assertEquals(new MemoryStats(1024, 2048, 3072), allocator.stats());
    allocator.trim();
    assertEquals(new MemoryStats(1024, 0, 3072), allocator.stats());
  }

  @Test
  void changingShapesDoNotGrowTheCacheWithoutBound() {
    long most = 0;
    for (long bytes = 1 << 20; bytes < 16 << 20; bytes += 100_000) {
      allocate(bytes).free("the test");
      MemoryStats stats = allocator.stats();
      most = Math.max(most, stats.live() + stats.cached() - 2 * stats.peak());
    }
    assertTrue(most <= 0, "cache exceeds twice the peak by " + most);
  }

  @Test
  void droppedMemoryIsFoundBeforeItFillsTheMachine() {
    for (int i = 0; i < 80; i++) {
      MemoryScope.adopt(allocate(64 << 20)); // to the cleaner, and dropped
    }
    long peak = allocator.stats().peak();
    // The bound leaves room for a cleaner that waits for a busy machine; all is 10 times as much.
    assertTrue(peak <= 4 * HostAllocator.COLLECT_FROM, "%,d bytes were live".formatted(peak));
  }

  @Test
  void freedMemoryThrowsAndNamesWhoFreedIt() {
    HostBuffer buffer = allocate(1_000_000);
    buffer.free("free()");
    var error = assertThrows(IllegalStateException.class, buffer::segment);
    assertEquals(
        "this tensor's memory (1,000,000 bytes) was freed by free(); call keep() before its scope"
            + " closes",
        error.getMessage());
  }

  @Test
  void refusesImpossibleSizes() {
    var negative = assertThrows(IllegalArgumentException.class, () -> allocate(-1));
    assertEquals("cannot allocate -1 bytes", negative.getMessage());
    var huge = assertThrows(OutOfMemoryError.class, () -> allocate(1L << 55));
    assertTrue(huge.getMessage().startsWith("no host memory for 36,028,797,018,963,968 bytes"));
    assertEquals(0, allocator.stats().live());
  }

  @Test
  void threadsShareOneAllocator() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      byte mark = (byte) (t + 1);
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler(
                  (thread, e) -> {
                    synchronized (failures) {
                      failures.add(e);
                    }
                  })
              .start(
                  () -> {
                    for (int i = 0; i < 500; i++) {
                      HostBuffer buffer = allocate(4096);
                      buffer.segment().fill(mark);
                      for (byte b : buffer.segment().toArray(ValueLayout.JAVA_BYTE)) {
                        assertEquals(mark, b);
                      }
                      buffer.free("the test");
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(0, allocator.stats().live());
  }
}
