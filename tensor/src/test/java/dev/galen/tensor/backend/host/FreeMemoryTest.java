package dev.galen.tensor.backend.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system's files say is free, and that no more than that is asked for. */
class FreeMemoryTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private long free() {
    return new FreeMemory(folder.resolve("proc"), folder.resolve("cgroup")).free();
  }

  private void machine() throws IOException {
    write("proc/meminfo", "MemTotal:  33554432 kB\nMemFree: 100 kB\nMemAvailable: 8388608 kB\n");
  }

  @Test
  void nobodyTells() {
    assertEquals(Long.MAX_VALUE, free());
  }

  @Test
  void theMachineAlone() throws IOException {
    machine();
    assertEquals(8 * GIB, free());
    write("proc/self/cgroup", "0::/\n");
    write("cgroup/cgroup.controllers", "memory\n");
    assertEquals(8 * GIB, free());
  }

  @Test
  void versionTwoCountsNoPagesOfFiles() throws IOException {
    machine();
    write("proc/self/cgroup", "0::/box/job\n");
    write("cgroup/box/job/memory.max", "max\n");
    write("cgroup/box/job/memory.current", "1\n");
    write("cgroup/box/memory.max", 2 * GIB + "\n");
    write("cgroup/box/memory.current", GIB + "\n");
    write("cgroup/box/memory.stat", "anon 5\ninactive_file " + GIB / 2 + "\nactive_file 0\n");
    assertEquals(2 * GIB - GIB / 2, free());
    write("cgroup/box/job/memory.max", GIB + "\n");
    write("cgroup/box/job/memory.current", GIB + "\n");
    assertEquals(0, free());
  }

  @Test
  void aContainerSeesItsOwnGroupAsTheRoot() throws IOException {
    machine();
    write("proc/self/cgroup", "0::/system.slice/docker-1234.scope\n");
    write("cgroup/memory.max", GIB + "\n");
    write("cgroup/memory.current", "0\n");
    assertEquals(GIB, free());
  }

  @Test
  void versionOne() throws IOException {
    machine();
    write("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/job\n0::/\n");
    write("cgroup/memory/job/memory.limit_in_bytes", 3 * GIB + "\n");
    write("cgroup/memory/job/memory.usage_in_bytes", 2 * GIB + "\n");
    write(
        "cgroup/memory/job/memory.stat",
        "inactive_file 7\ntotal_inactive_file " + GIB + "\ntotal_active_file 0\n");
    write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("cgroup/memory/memory.usage_in_bytes", GIB + "\n");
    assertEquals(2 * GIB, free());
  }

  @Test
  void theLimitOfTheAddressSpace() throws IOException {
    machine();
    write(
        "proc/self/limits",
        "Limit  Soft  Hard\nMax address space         4294967296  unlimited  bytes\n");
    write("proc/self/status", "Name: java\nVmSize:\t 1048576 kB\n");
    assertEquals(3 * GIB, free());
    write("proc/self/limits", "Max address space         unlimited  unlimited  bytes\n");
    assertEquals(8 * GIB, free());
  }

  @Test
  void damagedFilesTellNothing() throws IOException {
    write("proc/meminfo", "MemAvailable: much kB\n");
    write("proc/self/cgroup", "nonsense\n0::\n");
    write("cgroup/memory.max", "");
    assertEquals(Long.MAX_VALUE, free());
  }

  @Test
  void noBlockIsTakenBeyondWhatIsLeft() {
    var left = new AtomicLong(10 << 20);
    var allocator = new HostAllocator(left::get);
    var backend = Device.REFERENCE.backend();
    allocator.allocate(backend, 4 << 20).free("test");
    assertEquals(4 << 20, allocator.stats().cached());
    left.set(2 << 20);
    var fault = assertThrows(OutOfMemoryError.class, () -> allocator.allocate(backend, 8 << 20));
    assertTrue(fault.getMessage().startsWith("no host memory for 8,388,608 bytes"));
    // The cache went back to the system before that was said.
    assertEquals(0, allocator.stats().cached());
    allocator.allocate(backend, 1000).free("test");
  }
}
