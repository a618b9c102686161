package dev.galen.tensor.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.backend.host.HostBuffer;
import org.junit.jupiter.api.Test;

class MemoryScopeTest {
  private final HostAllocator allocator = new HostAllocator();

  private HostBuffer make() {
    HostBuffer buffer = allocator.allocate(null, 4096);
    MemoryScope.adopt(buffer);
    return buffer;
  }

  @Test
  void closingFreesAndNamesTheScope() {
    HostBuffer buffer;
    try (var scope = MemoryScope.open("step 7")) {
      buffer = make();
      assertEquals(4096, buffer.segment().byteSize());
    }
    assertTrue(buffer.isFreed());
    var error = assertThrows(IllegalStateException.class, buffer::segment);
    assertTrue(
        error.getMessage().contains("was freed by the end of scope 'step 7'"), error.getMessage());
    assertEquals(0, allocator.stats().live());
  }

  @Test
  void keptBuffersMoveOneScopeOut() {
    HostBuffer kept;
    HostBuffer left;
    try (var outer = MemoryScope.open("outer")) {
      try (var inner = MemoryScope.open("inner")) {
        kept = make();
        left = make();
        MemoryScope.keep(kept);
      }
      assertFalse(kept.isFreed());
      assertTrue(left.isFreed());
    }
    assertTrue(kept.isFreed());
    var error = assertThrows(IllegalStateException.class, kept::requireLive);
    assertTrue(error.getMessage().contains("scope 'outer'"), error.getMessage());
  }

  @Test
  void keepFindsBuffersOfOuterScopes() {
    HostBuffer buffer;
    try (var outer = MemoryScope.open("outer")) {
      buffer = make();
      try (var inner = MemoryScope.open("inner")) {
        MemoryScope.keep(buffer);
      }
    }
    assertFalse(buffer.isFreed());
    buffer.free("the test");
  }

  @Test
  void keepingWhatNoScopeOwnsChangesNothing() {
    HostBuffer buffer = make();
    try (var scope = MemoryScope.open("step")) {
      MemoryScope.keep(buffer);
    }
    assertFalse(buffer.isFreed());
    buffer.free("the test");
    assertThrows(IllegalStateException.class, () -> MemoryScope.keep(buffer));
  }

  @Test
  void whatIsMadeOutsideOutlivesTheScope() {
    HostBuffer parameter;
    HostBuffer activation;
    try (var scope = MemoryScope.open("step")) {
      parameter = MemoryScope.outside(this::make);
      activation = make();
    }
    assertFalse(parameter.isFreed());
    assertTrue(activation.isFreed());
    parameter.free("the test");
  }

  @Test
  void outsideReturnsToTheScopeAfterAnError() {
    HostBuffer buffer;
    try (var scope = MemoryScope.open("step")) {
      assertThrows(
          IllegalStateException.class,
          () ->
              MemoryScope.outside(
                  () -> {
                    throw new IllegalStateException("from the body");
                  }));
      buffer = make();
    }
    assertTrue(buffer.isFreed());
  }

  @Test
  void scopesCloseInOrderAndOnce() {
    MemoryScope outer = MemoryScope.open("outer");
    MemoryScope inner = MemoryScope.open("inner");
    var error = assertThrows(IllegalStateException.class, outer::close);
    assertEquals(
        "scope 'outer' is not the innermost one of this thread, which is 'inner'; close scopes in order",
        error.getMessage());
    inner.close();
    inner.close();
    outer.close();
  }

  @Test
  void freeingByHandInsideAScopeIsFine() {
    HostBuffer buffer;
    try (var scope = MemoryScope.open("step")) {
      buffer = make();
      buffer.free("free()");
    }
    var error = assertThrows(IllegalStateException.class, buffer::requireLive);
    assertTrue(error.getMessage().contains("freed by free()"), error.getMessage());
  }

  @Test
  void scopesBelongToTheirThread() throws InterruptedException {
    var made = new HostBuffer[1];
    try (var scope = MemoryScope.open("step")) {
      Thread.ofPlatform().start(() -> made[0] = make()).join();
    }
    assertFalse(made[0].isFreed());
    made[0].free("the test");
  }

  @Test
  void theCleanerFreesWhatNobodyCanReach() throws InterruptedException {
    for (int i = 0; i < 8; i++) {
      make();
    }
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (allocator.stats().live() > 0 && System.nanoTime() < deadline) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(0, allocator.stats().live());
    assertEquals(8 * 4096, allocator.stats().cached());
  }

  @Test
  void aThousandStepsStayInOneStepsMemory() {
    for (int step = 0; step < 1000; step++) {
      try (var scope = MemoryScope.open("step")) {
        make();
        make();
      }
    }
    assertEquals(2 * 4096, allocator.stats().peak());
    assertEquals(2 * 4096, allocator.stats().cached());
  }
}
