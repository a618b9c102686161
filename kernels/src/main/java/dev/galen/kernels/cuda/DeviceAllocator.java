package dev.galen.kernels.cuda;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.memory.MemoryScope;

/**
 * Memory of one GPU. Freed blocks are kept by size and handed out again at once, although kernels
 * that use them may still be waiting: all work goes through one stream, so that the next owner of a
 * block comes behind them. After its first step a training run therefore asks the driver for
 * nothing.
 *
 * <p>Sizes are rounded to an eighth of a power of two, and a block up to half as large again is
 * taken where none fits. The cache goes back to the driver before it outgrows the peak of live
 * memory, and whenever the GPU is full. Thread-safe.
 *
 * <p>A captured graph uses the same addresses at each replay. What it was given therefore stays its
 * own and counts as live until it is closed: what it frees it alone gets again. Not even another
 * capture does, since what one leaves to be read the other's replay would write over.
 */
final class DeviceAllocator {
  /** Every address is a multiple of it. */
  static final int ALIGNMENT = 512;

  private static final int CLASSES = 8 * (Long.SIZE - 9);

  /** The cleaner counts as done when it has freed nothing for so long. */
  private static final int QUIET_MILLIS = 20;

  private static final int PATIENCE_MILLIS = 500;

  /** The calls of the driver that an allocator needs. */
  interface Driver {
    /** The address of {@code byteSize} new bytes, or 0 where the GPU is full. */
    long allocate(long byteSize);

    /** Gives memory back, after all kernels that may use it. */
    void free(long address);

    /** Bytes that the GPU has left, for all programs. */
    long available();
  }

  private final Backend backend;
  private final Driver driver;
  private final FreeBlocks cache = new FreeBlocks(CLASSES);
  private Thread capturer;
  private CapturedBlocks capture;
  private long live;
  private long cached;
  private long peak;

  /** Blocks that one capture was given and has freed; guarded by the allocator. */
  static final class CapturedBlocks {
    private final FreeBlocks free = new FreeBlocks(CLASSES);
    private boolean closed;

    private CapturedBlocks() {}
  }

  DeviceAllocator(Backend backend, Driver driver) {
    this.backend = backend;
    this.driver = driver;
  }

  /** At least {@code byteSize} bytes, contents undefined. */
  DeviceBuffer allocate(long byteSize) {
    if (byteSize < 0) {
      throw new IllegalArgumentException("cannot allocate " + byteSize + " bytes");
    }
    int wanted = sizeClass(byteSize);
    long most = size(wanted) + size(wanted) / 2;
    synchronized (this) {
      CapturedBlocks owner = capturer == Thread.currentThread() ? capture : null;
      int found = owner == null ? -1 : owner.free.smallest(wanted, most);
      if (found >= 0) {
        return buffer(owner.free.pop(found), found, byteSize, owner);
      }
      found = cache.smallest(wanted, most);
      long address;
      if (found >= 0) {
        address = cache.pop(found);
        cached -= size(found);
      } else {
        address = fresh(byteSize, size(wanted));
        found = wanted;
      }
      live += size(found);
      peak = Math.max(peak, live);
      return buffer(address, found, byteSize, owner);
    }
  }

  /** {@code owner} is the capture it belongs to, or null. */
  private DeviceBuffer buffer(long address, int sizeClass, long byteSize, CapturedBlocks owner) {
    return new DeviceBuffer(backend, address, byteSize, () -> giveBack(sizeClass, address, owner));
  }

  /** What this thread allocates belongs to a capture from now on. */
  synchronized CapturedBlocks beginCapture() {
    capturer = Thread.currentThread();
    capture = new CapturedBlocks();
    return capture;
  }

  /** The capture is complete, and keeps its memory. */
  synchronized void endCapture() {
    capturer = null;
    capture = null;
  }

  /** The capture will not run again: what it has freed, and frees from now on, is cached. */
  synchronized void releaseCapture(CapturedBlocks blocks) {
    blocks.closed = true;
    for (int sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
      while (blocks.free.has(sizeClass)) {
        cacheAgain(sizeClass, blocks.free.pop(sizeClass));
      }
    }
  }

  synchronized MemoryStats stats() {
    return new MemoryStats(live, cached, peak);
  }

  /** What the GPU has left for all programs, and what is cached. */
  synchronized long available() {
    return driver.available() + cached;
  }

  /** Returns all cached blocks to the driver. */
  synchronized void trim() {
    for (int sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
      while (cache.has(sizeClass)) {
        driver.free(cache.pop(sizeClass));
      }
    }
    cached = 0;
  }

  private long fresh(long asked, long size) {
    if (cached > peak) {
      trim();
    }
    long address = driver.allocate(size);
    if (address == 0) {
      trim();
      address = driver.allocate(size);
    }
    if (address == 0) {
      collect();
      trim();
      address = driver.allocate(size);
    }
    if (address == 0) {
      throw new OutOfMemoryError(explain(asked));
    }
    return address;
  }

  /** A smaller batch helps only where a step's scope holds some of what is live. */
  private String explain(long asked) {
    boolean inStep = MemoryScope.held(backend) > 0;
    return "%s is full: asked for %,d bytes; %,d are live%s; %,d are free on the GPU. %s"
        .formatted(
            backend.place(),
            asked,
            live,
            inStep
                ? MemoryScope.describe(backend)
                    + ", the rest outside of scopes (parameters, gradients, moments)"
                : ", all outside of this thread's scopes (parameters, gradients, moments)",
            driver.available(),
            inStep
                ? "Lower the batch size or the length of the sequences, accumulate more"
                    + " micro-batches, or end other programs on this GPU"
                : "Take a smaller model, end other programs on this GPU, or compute on the cpu"
                    + " (--device cpu of a galen command)");
  }

  /**
   * Has unreachable tensors found, and waits for their cleaner, which needs this lock to free them.
   */
  private void collect() {
    System.gc();
    try {
      long start = live;
      long before = live;
      int quiet = 0;
      // The cleaner may need a while to begin on a machine that is busy.
      for (int i = 0; i < PATIENCE_MILLIS && (live == start || quiet < QUIET_MILLIS); i++) {
        wait(1);
        quiet = live == before ? quiet + 1 : 0;
        before = live;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void giveBack(int sizeClass, long address, CapturedBlocks owner) {
    if (owner != null && !owner.closed) {
      owner.free.push(sizeClass, address);
    } else {
      cacheAgain(sizeClass, address);
    }
  }

  private void cacheAgain(int sizeClass, long address) {
    cache.push(sizeClass, address);
    live -= size(sizeClass);
    cached += size(sizeClass);
  }

  /** The class of the smallest blocks of at least {@code byteSize} bytes. */
  static int sizeClass(long byteSize) {
    long size = Math.max(byteSize, ALIGNMENT);
    int log = Long.SIZE - 1 - Long.numberOfLeadingZeros(size);
    long step = Math.max(ALIGNMENT, (1L << log) / 8);
    long steps = Math.ceilDiv(size - (1L << log), step);
    // Rounding up may reach the next power of two, which is step 0 of its own.
    return (1L << log) + steps * step == 2L << log ? (log - 8) * 8 : (log - 9) * 8 + (int) steps;
  }

  /** Bytes of a block of class {@code sizeClass}. */
  static long size(int sizeClass) {
    long power = 1L << (sizeClass / 8 + 9);
    return power + sizeClass % 8 * Math.max(ALIGNMENT, power / 8);
  }
}
