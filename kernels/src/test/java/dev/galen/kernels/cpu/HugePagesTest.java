package dev.galen.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.backend.host.SystemMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HugePagesTest {
  private static final long PAGE = 2L << 20;
  private static final Path SETTING = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private final SystemMemory memory = HugePages.orPlain();

  @Test
  void largeBlocksBeginAtALargePageAndHoldWhatIsWritten() {
    assumeTrue(memory != SystemMemory.PLAIN, "no Linux, or no native access");
    for (long size : new long[] {PAGE, PAGE + 4, 3 * PAGE - 1, 9L << 20}) {
      try (Arena arena = Arena.ofShared()) {
        MemorySegment block = memory.allocate(arena, size);
        assertEquals(0, block.address() % PAGE, "start of " + size);
        assertEquals(size, block.byteSize());
        block.fill((byte) 7);
        assertEquals(7, block.get(ValueLayout.JAVA_BYTE, size - 1));
      }
    }
  }

  @Test
  void smallBlocksAreAligned() {
    for (long size : new long[] {1, 64, PAGE - 1}) {
      try (Arena arena = Arena.ofShared()) {
        MemorySegment block = memory.allocate(arena, size);
        assertEquals(0, block.address() % SystemMemory.ALIGNMENT);
        assertEquals(size, block.byteSize());
      }
    }
  }

  @Test
  void aClosedBlockIsGone() {
    MemorySegment block;
    try (Arena arena = Arena.ofShared()) {
      block = memory.allocate(arena, 4 * PAGE);
      block.fill((byte) 1);
    }
    assertThrows(IllegalStateException.class, () -> block.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void theSystemGetsBackWhatIsTrimmed() throws IOException {
    assumeTrue(memory != SystemMemory.PLAIN, "no Linux, or no native access");
    var allocator = new HostAllocator(memory);
    var buffer = allocator.allocate(null, 256L << 20);
    buffer.segment().fill((byte) 1);
    long full = kilobytes("Rss:");
    buffer.free("the test");
    allocator.trim();
    assertTrue(kilobytes("Rss:") < full - (200L << 10), "256 MiB are still resident");
  }

  @Test
  void theSystemGivesLargePagesWhereItHasThem() throws IOException {
    assumeTrue(memory != SystemMemory.PLAIN, "no Linux, or no native access");
    assumeTrue(
        Files.exists(SETTING) && !Files.readString(SETTING).contains("[never]"),
        "this system gives no large pages");
    long before = kilobytes("AnonHugePages:");
    try (Arena arena = Arena.ofShared()) {
      memory.allocate(arena, 64L << 20).fill((byte) 1);
      assertTrue(kilobytes("AnonHugePages:") - before > 32L << 10, "less than half in large pages");
    }
  }

  @Test
  void whatTheSystemCannotMapIsOutOfMemory() {
    assumeTrue(memory != SystemMemory.PLAIN, "no Linux, or no native access");
    try (Arena arena = Arena.ofShared()) {
      assertThrows(OutOfMemoryError.class, () -> memory.allocate(arena, 1L << 60));
    }
  }

  private static long kilobytes(String field) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }
}
