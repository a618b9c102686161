package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The allocator over a GPU that is only counted. */
class DeviceAllocatorTest {
  /** Memory that is full at {@code capacity} bytes. */
  private static final class CountedGpu implements DeviceAllocator.Driver {
    final Map<Long, Long> blocks = new HashMap<>();
    final long capacity;
    int calls;
    private long next = 1 << 20;

    CountedGpu(long capacity) {
      this.capacity = capacity;
    }

    @Override
    public long allocate(long byteSize) {
      calls++;
      if (byteSize > available()) {
        return 0;
      }
      long address = next;
      next += byteSize;
      blocks.put(address, byteSize);
      return address;
    }

    @Override
    public void free(long address) {
      calls++;
      assertTrue(blocks.remove(address) != null, "freed twice");
    }

    @Override
    public long available() {
      return capacity - blocks.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final ReferenceBackend backend = new ReferenceBackend();
  private final CountedGpu gpu = new CountedGpu(1 << 20);
  private final DeviceAllocator allocator = new DeviceAllocator(backend, gpu);

  @Test
  void sizesGoUpByAnEighthAndHoldWhatTheyAreFor() {
    long before = 0;
    for (long size = 1; size < 1L << 40; size += Math.max(1, size / 37)) {
      long rounded = DeviceAllocator.size(DeviceAllocator.sizeClass(size));
      assertTrue(rounded >= size, size + " in " + rounded);
      assertTrue(rounded <= Math.max(size + 511, size + size / 8), size + " in " + rounded);
      assertTrue(rounded >= before, "sizes must not go down");
      assertEquals(0, rounded % DeviceAllocator.ALIGNMENT);
      assertEquals(DeviceAllocator.sizeClass(size), DeviceAllocator.sizeClass(rounded));
      before = rounded;
    }
  }

  @Test
  void aSteadyStepAsksTheDriverForNothing() {
    for (int step = 0; step < 3; step++) {
      int before = gpu.calls;
      List<Buffer> buffers = new ArrayList<>();
      for (int size : new int[] {1, 700, 5000, 5000, 100_000}) {
        buffers.add(allocator.allocate(size));
      }
      buffers.forEach(buffer -> buffer.free("test"));
      assertEquals(step == 0 ? 5 : 0, gpu.calls - before);
    }
    assertEquals(0, allocator.stats().live());
    assertEquals(gpu.capacity - gpu.available(), allocator.stats().cached());
    allocator.trim();
    assertEquals(new MemoryStats(0, 0, allocator.stats().peak()), allocator.stats());
    assertTrue(gpu.blocks.isEmpty());
  }

  @Test
  void liveBlocksNeverOverlap() {
    var first = allocator.allocate(1000);
    var second = allocator.allocate(1000);
    assertTrue(Math.abs(first.address() - second.address()) >= 1000);
    first.free("test");
    assertEquals(1024, allocator.stats().live());
    assertEquals(1024, allocator.stats().cached());
    assertEquals(2048, allocator.stats().peak());
  }

  @Test
  void whatACaptureFreesItAloneGetsAgainUntilItIsReleased() {
    allocator.allocate(5000).free("test");
    var one = allocator.beginCapture();
    var first = allocator.allocate(5000);
    long address = first.address();
    assertEquals(1, gpu.calls, "the cache serves captures too");
    first.free("test");
    var second = allocator.allocate(5000);
    assertEquals(address, second.address());
    second.free("test");
    var kept = allocator.allocate(700);
    long keptAddress = kept.address();
    allocator.endCapture();
    kept.free("test");
    var other = allocator.beginCapture();
    assertTrue(allocator.allocate(5000).address() != address, "that is the other capture's");
    allocator.endCapture();
    assertTrue(allocator.allocate(700).address() != keptAddress, "that is the capture's own");
    long live = allocator.stats().live();
    allocator.releaseCapture(other);
    assertEquals(live, allocator.stats().live(), "it has freed nothing yet");
    allocator.releaseCapture(one);
    long freed = DeviceAllocator.size(DeviceAllocator.sizeClass(5000)) + 1024;
    assertEquals(live - freed, allocator.stats().live());
  }

  @Test
  void aFullGpuGivesBackItsCacheFirst() {
    allocator.allocate(600_000).free("test");
    allocator.allocate(1000).free("test");
    allocator.allocate(900_000);
    assertEquals(1, gpu.blocks.size());
  }

  @Test
  void unreachableMemoryIsFoundBeforeGivingUp() {
    dropped(allocator.allocate(900_000));
    assertTrue(allocator.allocate(800_000).byteSize() == 800_000);
  }

  private static void dropped(Buffer buffer) {
    MemoryScope.adopt(buffer);
  }

  @Test
  void aFullGpuIsExplained() {
    try (var scope = MemoryScope.open("step")) {
      MemoryScope.adopt(allocator.allocate(600_000));
      var error = assertThrows(OutOfMemoryError.class, () -> allocator.allocate(1_234_567));
      String message = error.getMessage();
      for (String part :
          List.of(
              "1,234,567 bytes",
              "655,360 are live",
              "600,000 of them in scope 'step', the rest outside of scopes (parameters, gradients,",
              "393,216 are free on the GPU",
              "Lower the batch size")) {
        assertTrue(message.contains(part), part + " in: " + message);
      }
    }
  }

  /** No batch is small enough for a model that fills the GPU. */
  @Test
  void aModelThatFillsTheGpuIsToldApartFromAStep() {
    var parameters = allocator.allocate(600_000);
    try (var scope = MemoryScope.open("step")) {
      var error = assertThrows(OutOfMemoryError.class, () -> allocator.allocate(600_000));
      assertEquals(
          backend.place()
              + " is full: asked for 600,000 bytes; 655,360 are live, all outside of this thread's"
              + " scopes (parameters, gradients, moments); 393,216 are free on the GPU. Take a"
              + " smaller model, end other programs on this GPU, or compute on the cpu (--device"
              + " cpu of a galen command)",
          error.getMessage());
    }
    parameters.free("test");
  }
}
