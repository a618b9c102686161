package dev.galen.bench.book;

import com.sun.management.ThreadMXBean;
import dev.galen.bench.RandomGpt2;
import dev.galen.bench.RandomTraining;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.train.Trainer;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a training step of GPT-2 124M, B=4 T=64, leaves behind once everything is warm. */
final class SteadyRows {
  private static final int WARM_STEPS = 20;
  private static final int STEPS = 10;

  /** Bytes per step: on the heap of all threads; of Galen's allocator; of the whole process. */
  private record Growth(double heap, double allocator, double resident) {}

  private Growth growth;

  private SteadyRows() {}

  static List<Row> of() {
    var rows = new SteadyRows();
    return List.of(
        rows.row("heap", Growth::heap),
        rows.row("native", Growth::allocator),
        rows.row("resident", Growth::resident));
  }

  private Row row(String kind, ToDoubleFunction<Growth> part) {
    return Row.of(
        "steady/" + kind + "-bytes-per-step", Unit.BYTES, () -> part.applyAsDouble(measured()));
  }

  /** One measurement serves all three rows. */
  private Growth measured() throws IOException {
    if (growth == null) {
      growth = measure();
    }
    return growth;
  }

  private static Growth measure() throws IOException {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Trainer trainer = RandomTraining.of(RandomGpt2.create(), 4, 64, MixedPrecision.F32)) {
      for (int i = 0; i < WARM_STEPS; i++) {
        trainer.trainStep();
      }
      System.gc(); // What the heap holds by chance at either end is no growth.
      long resident = StatusFile.resident();
      long allocator = allocator();
      long heap = threads.getTotalThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        trainer.trainStep();
      }
      double heapGrowth = threads.getTotalThreadAllocatedBytes() - heap;
      double allocatorGrowth = allocator() - allocator;
      System.gc();
      return new Growth(
          heapGrowth / STEPS,
          allocatorGrowth / STEPS,
          (double) (StatusFile.resident() - resident) / STEPS);
    }
  }

  private static long allocator() {
    MemoryStats memory = Device.CPU.backend().memory();
    return memory.live() + memory.cached();
  }
}
