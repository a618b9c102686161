package dev.galen.tensor.backend.host;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.tensor.memory.MemoryScope;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Off-heap memory for CPU backends. Freed blocks are kept by size and handed out again, so that a
 * training step costs no system calls after the first. Sizes are rounded to an eighth of a power of
 * two, and a block up to half as large again as asked for is taken where none fits. The cache goes
 * back to the system before it outgrows the peak of live memory, so that changing shapes cannot
 * fill the machine. The garbage collector, which sees none of this memory, is asked to look for
 * dropped models each time live memory has doubled since it last was. Thread-safe.
 */
public final class HostAllocator {
  static final int ALIGNMENT = SystemMemory.ALIGNMENT;

  /** Live bytes below which the collector is left alone. */
  static final long COLLECT_FROM = 512L << 20;

  /** The cleaner counts as done when it has freed nothing for so long. */
  private static final int QUIET_MILLIS = 20;

  private static final int PATIENCE_MILLIS = 200;

  /** Blocks below this many bytes are not worth a look at what the system has left. */
  private static final long WATCHED_FROM = 1L << 20;

  private final LongSupplier system;
  private final SystemMemory memory;
  private final TreeMap<Long, ArrayDeque<Block>> free = new TreeMap<>();
  private long live;
  private long cached;
  private long peak;
  private long collectAt = COLLECT_FROM;

  /** What the system had left when it was last asked, and of that what was not taken since. */
  private long asked;

  private long left;

  /** An allocator that takes what this process may have, with the swap file. */
  public HostAllocator() {
    this(SystemMemory.PLAIN);
  }

  /** The same with blocks from {@code memory}. */
  public HostAllocator(SystemMemory memory) {
    this(FreeMemory::bytesWithSwap, memory);
  }

  /** An allocator that takes no more than {@code system} says is left. */
  HostAllocator(LongSupplier system) {
    this(system, SystemMemory.PLAIN);
  }

  private HostAllocator(LongSupplier system, SystemMemory memory) {
    this.system = system;
    this.memory = memory;
  }

  /** One piece of system memory. */
  private record Block(Arena arena, MemorySegment segment) {
    static Block allocate(SystemMemory memory, long size) {
      Arena arena = Arena.ofShared();
      try {
        return new Block(arena, memory.allocate(arena, size));
      } catch (OutOfMemoryError e) {
        arena.close();
        throw e;
      }
    }
  }

  /** At least {@code byteSize} bytes, aligned to 64, contents undefined. */
  public HostBuffer allocate(Backend backend, long byteSize) {
    if (byteSize < 0) {
      throw new IllegalArgumentException("cannot allocate " + byteSize + " bytes");
    }
    long size = blockSize(byteSize);
    Block block = take(size);
    return new HostBuffer(
        backend, block.segment().asSlice(0, byteSize, ALIGNMENT), () -> giveBack(block, size));
  }

  /** What is live, cached and was at peak. */
  public synchronized MemoryStats stats() {
    return new MemoryStats(live, cached, peak);
  }

  /** Returns all cached blocks to the system. */
  public void trim() {
    TreeMap<Long, ArrayDeque<Block>> blocks;
    synchronized (this) {
      blocks = new TreeMap<>(free);
      free.clear();
      cached = 0;
    }
    blocks.values().forEach(list -> list.forEach(block -> block.arena().close()));
  }

  private Block take(long size) {
    boolean crowded;
    boolean doubled;
    synchronized (this) {
      Block cachedBlock = takeCached(size);
      if (cachedBlock != null) {
        addLive(size);
        return cachedBlock;
      }
      crowded = cached > peak;
      doubled = live + size > collectAt;
    }
    if (crowded) {
      trim();
    }
    if (doubled) {
      collect();
    }
    requireRoom(size);
    Block block = systemBlock(size);
    synchronized (this) {
      addLive(size);
    }
    return block;
  }

  /**
   * The smallest cached block that fits and is at most half as large again: batches of changing
   * length would otherwise find a cache full of blocks that are all slightly wrong.
   */
  private Block takeCached(long size) {
    Map.Entry<Long, ArrayDeque<Block>> fit = free.ceilingEntry(size);
    if (fit == null || fit.getKey() > size + size / 2) {
      return null;
    }
    Block block = fit.getValue().pop();
    if (fit.getValue().isEmpty()) {
      free.remove(fit.getKey());
    }
    cached -= fit.getKey();
    return block;
  }

  /** Has unreachable tensors found, and waits for their cleaner. */
  private void collect() {
    long abandoned = MemoryScope.abandoned();
    try {
      collectOnce();
      if (MemoryScope.abandoned() != abandoned) {
        collectOnce(); // what these scopes left could not be found unreachable before
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      collectAt = Math.max(COLLECT_FROM, 2 * live);
    }
  }

  private void collectOnce() throws InterruptedException {
    System.gc();
    long before = stats().live();
    int quiet = 0;
    for (int i = 0; i < PATIENCE_MILLIS && quiet < QUIET_MILLIS; i++) {
      Thread.sleep(1);
      long now = stats().live();
      quiet = now == before ? quiet + 1 : 0;
      before = now;
    }
  }

  private void addLive(long size) {
    live += size;
    peak = Math.max(peak, live);
  }

  /**
   * The system hands out more than it has and ends the process that touches it. So before its last
   * memory is taken the cache goes back, and what is not there is not asked for.
   */
  private void requireRoom(long size) {
    if (size < WATCHED_FROM || isAmple(size)) {
      return;
    }
    if (ask() < size) {
      trim();
      if (ask() < size) {
        throw full(size);
      }
    }
    isAmple(size);
  }

  /** Whether half of what the system last had left is still there; takes {@code size} from it. */
  private synchronized boolean isAmple(long size) {
    left -= size;
    return left > asked / 2;
  }

  private long ask() {
    long answer = system.getAsLong();
    synchronized (this) {
      asked = answer;
      left = answer;
    }
    return answer;
  }

  /** A new block; where the system has none left, the cache goes back to it first. */
  private Block systemBlock(long size) {
    try {
      return Block.allocate(memory, size);
    } catch (OutOfMemoryError first) {
      trim();
    }
    try {
      return Block.allocate(memory, size);
    } catch (OutOfMemoryError second) {
      throw full(size);
    }
  }

  private OutOfMemoryError full(long size) {
    return new OutOfMemoryError(
        "no host memory for %,d bytes beside %,d live ones; lower the batch size or the length"
            .formatted(size, stats().live()));
  }

  private synchronized void giveBack(Block block, long size) {
    long blockSize = block.segment().byteSize();
    live -= size;
    cached += blockSize;
    free.computeIfAbsent(blockSize, s -> new ArrayDeque<>()).push(block);
  }

  /** Bytes of the block that {@code byteSize} bytes are given. */
  public static long blockSize(long byteSize) {
    long size = Math.max(byteSize, ALIGNMENT);
    long step = Math.max(ALIGNMENT, Long.highestOneBit(size) >>> 3);
    return Math.ceilDiv(size, step) * step;
  }
}
