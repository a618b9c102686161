package dev.galen.tensor.memory;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The allocations of a piece of work on one thread, in their order and with the place at which each
 * was freed. From the traces of two small batches follows what a large one would take.
 */
public final class AllocationTrace {
  private static final ThreadLocal<AllocationTrace> OPEN = new ThreadLocal<>();

  /** Spares every other allocation of the process the look at its thread. */
  private static volatile boolean used;

  private final Backend backend;
  private final List<Long> sizes = new ArrayList<>();
  private final List<Long> limits = new ArrayList<>();
  private double growth = Double.POSITIVE_INFINITY;
  private final List<Integer> events = new ArrayList<>();
  private final Map<Buffer, Integer> live = new IdentityHashMap<>();

  private AllocationTrace(Backend backend) {
    this.backend = backend;
  }

  /** Runs {@code work} and writes down what it allocates of {@code backend} on this thread. */
  public static AllocationTrace of(Backend backend, Runnable work) {
    if (OPEN.get() != null) {
      throw new IllegalStateException("this thread's allocations are being traced already");
    }
    var trace = new AllocationTrace(backend);
    OPEN.set(trace);
    used = true;
    try {
      work.run();
    } finally {
      OPEN.remove();
      trace.live.clear();
    }
    return trace;
  }

  /** Called by each new buffer. */
  public static void made(Buffer buffer) {
    AllocationTrace trace = used ? OPEN.get() : null;
    if (trace != null && buffer.backend() == trace.backend) {
      trace.live.put(buffer, trace.sizes.size());
      trace.events.add(trace.sizes.size());
      trace.sizes.add(buffer.byteSize());
      trace.limits.add((long) Math.min(Long.MAX_VALUE, buffer.byteSize() * trace.growth));
    }
  }

  /**
   * Called by who works by pieces: what this thread allocates from now on is for a piece of {@code
   * count} parts, which never has more than {@code most}, however large the work becomes.
   */
  public static void pieces(long count, long most) {
    AllocationTrace trace = used ? OPEN.get() : null;
    if (trace != null) {
      trace.growth = (double) most / count;
    }
  }

  /** Called when the pieces are done: what is allocated grows with the work again. */
  public static void whole() {
    AllocationTrace trace = used ? OPEN.get() : null;
    if (trace != null) {
      trace.growth = Double.POSITIVE_INFINITY;
    }
  }

  /** Called by each buffer that is freed by hand or with its scope. */
  public static void freed(Buffer buffer) {
    AllocationTrace trace = used ? OPEN.get() : null;
    Integer index = trace == null ? null : trace.live.remove(buffer);
    if (index != null) {
      trace.events.add(~index);
    }
  }

  /** The bytes that each allocation asked for. */
  public long[] sizes() {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  /** The most bytes that each allocation would ask for in work of any size. */
  public long[] limits() {
    return limits.stream().mapToLong(Long::longValue).toArray();
  }

  /** The number {@code i} where allocation i was made, {@code ~i} where it was freed. */
  public int[] events() {
    return events.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Whether another trace made and freed as many pieces in the same order, of whatever size. */
  public boolean hasOrderOf(AllocationTrace other) {
    return Arrays.equals(events(), other.events());
  }
}
