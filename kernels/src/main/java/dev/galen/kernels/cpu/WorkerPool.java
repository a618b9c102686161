package dev.galen.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of daemon threads that compute the numbered tasks of one kernel at a time, the caller
 * among them. Kernels cut sums by shape alone, and no task's result depends on which thread
 * computes it, so that results are the same bits for every number of threads.
 *
 * <p>Nothing is allocated per run. Tasks are claimed by compare-and-set on one word that carries
 * the run's generation beside the number of unclaimed tasks, so that a thread that wakes late finds
 * either nothing or the next run, never a task of its own past. Threads spin for some ten
 * microseconds, about the distance between two kernels, before they park. A task must not start
 * another run.
 */
final class WorkerPool {
  /** One kernel's work. */
  @FunctionalInterface
  interface Task {
    /**
     * Computes task {@code index}.
     *
     * @param scratch memory that belongs to the executing thread
     */
    void run(int index, Scratch scratch);
  }

  /** Work on a range of rows. */
  @FunctionalInterface
  interface RowTask {
    /** Computes rows {@code from} (included) to {@code to} (excluded). */
    void run(int from, int to, Scratch scratch);
  }

  private static final int SPINS = 1 << 9;

  private final int threads;
  private final Scratch[] scratch;
  private final Worker[] workers;

  /** The generation in the upper half, the number of unclaimed tasks in the lower. */
  private final AtomicLong state = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile Task task;
  private volatile Throwable failure;

  /** A pool of {@code threads}, the caller included. The others start with the first run. */
  WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("need at least 1 thread, not " + threads);
    }
    this.threads = threads;
    this.scratch = new Scratch[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
    }
    this.workers = new Worker[threads - 1];
  }

  /** How many threads compute. */
  int threads() {
    return threads;
  }

  /** Computes tasks {@code 0 .. tasks-1}, in any order, and returns when all are done. */
  @SuppressWarnings("ThreadPriorityCheck") // yields to whoever keeps a worker off its core
  synchronized void run(int tasks, Task task) {
    if (threads == 1 || tasks <= 1) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, scratch[0]);
      }
      return;
    }
    failure = null;
    this.task = task;
    unfinished.set(tasks);
    state.set((state.get() >>> 32) + 1 << 32 | tasks);
    wake(Math.min(tasks - 1, workers.length));
    work(scratch[0]);
    for (int spin = 0; unfinished.get() > 0; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    this.task = null;
    rethrow(failure);
  }

  /** Computes rows {@code 0 .. rows-1} in blocks of {@code block}. */
  void rows(int rows, int block, RowTask task) {
    run(
        (rows + block - 1) / block,
        (index, scratch) -> {
          int from = index * block;
          task.run(from, Math.min(rows, from + block), scratch);
        });
  }

  private void wake(int count) {
    for (int i = 0; i < count; i++) {
      if (workers[i] == null) {
        workers[i] = new Worker(scratch[i + 1], i + 1);
        workers[i].start();
      } else if (workers[i].parked) {
        LockSupport.unpark(workers[i]);
      }
    }
  }

  /** Claims and computes tasks until none is left. */
  private void work(Scratch own) {
    while (true) {
      // The order matters: the word, then the task, then the claim that proves they belong
      // together.
      long seen = state.get();
      Task task = this.task;
      int unclaimed = (int) seen;
      if (unclaimed == 0) {
        return;
      }
      if (state.compareAndSet(seen, seen - 1)) {
        try {
          task.run(unclaimed - 1, own);
        } catch (Throwable e) {
          failure = e;
        } finally {
          unfinished.decrementAndGet();
        }
      }
    }
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  private final class Worker extends Thread {
    private final Scratch own;
    private volatile boolean parked;

    Worker(Scratch own, int number) {
      super("galen-worker-" + number);
      this.own = own;
      setDaemon(true);
    }

    @Override
    public void run() {
      long generation = -1;
      while (true) {
        work(own);
        generation = await(generation);
      }
    }

    /** Waits for a generation other than {@code last} and returns it. */
    private long await(long last) {
      for (int spin = 0; spin < SPINS; spin++) {
        if (state.get() >>> 32 != last) {
          return state.get() >>> 32;
        }
        Thread.onSpinWait();
      }
      parked = true;
      while (state.get() >>> 32 == last) {
        LockSupport.park(WorkerPool.this);
      }
      parked = false;
      return state.get() >>> 32;
    }
  }
}
