package dev.galen.kernels.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.galen.tensor.backend.host.SystemMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory of Linux in pages of 2 MiB. A product that reads all weights for a few rows, as decoding
 * does, is as fast as memory can be read; with pages of 4 KiB the CPU looks up five hundred times
 * as many addresses, at the cost of a quarter of that speed in a virtual machine.
 *
 * <p>Blocks of 2 MiB or more begin at such a page, and the system is asked (madvise) for large
 * pages as far as whole ones reach, so that a block takes no more memory than it did. Where the
 * system has none to give it gives small ones, without an error.
 */
final class HugePages implements SystemMemory {
  private static final long PAGE = 2L << 20;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private final MethodHandle mmap =
      function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private final MethodHandle madvise = function("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private final MethodHandle munmap = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);

  private HugePages() {}

  /** These on Linux where this code may call the C library, else plain memory. */
  static SystemMemory orPlain() {
    boolean linux = "Linux".equals(System.getProperty("os.name"));
    if (!linux || !HugePages.class.getModule().isNativeAccessEnabled()) {
      return PLAIN;
    }
    return (arena, size) -> (size < PAGE ? PLAIN : Calls.PAGES).allocate(arena, size);
  }

  /** Linked when the first large block is asked for. */
  private static final class Calls {
    static final HugePages PAGES = new HugePages();
  }

  private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... args) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, args));
  }

  @Override
  public MemorySegment allocate(Arena arena, long size) {
    long whole = size + PAGE; // as much again as the start may have to move
    try {
      var at =
          (MemorySegment)
              mmap.invokeExact(
                  MemorySegment.NULL,
                  whole,
                  PROT_READ_WRITE,
                  MAP_PRIVATE_ANONYMOUS_NORESERVE,
                  -1,
                  0L);
      if (at.address() == MAP_FAILED) {
        throw new OutOfMemoryError("the system has no " + size + " bytes");
      }
      MemorySegment mapped = at.reinterpret(whole, arena, start -> unmap(start, whole));
      MemorySegment block = mapped.asSlice(-at.address() & PAGE - 1, size);
      int ignored = (int) madvise.invokeExact(block, size / PAGE * PAGE, MADV_HUGEPAGE);
      return block;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e); // a call of C throws nothing
    }
  }

  private void unmap(MemorySegment start, long size) {
    try {
      int ignored = (int) munmap.invokeExact(start, size);
    } catch (Throwable e) {
      throw new AssertionError(e); // a call of C throws nothing
    }
  }
}
