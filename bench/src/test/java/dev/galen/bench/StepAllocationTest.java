package dev.galen.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.TokenSequence;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A warm training step leaves the objects of its graph on the heap and nothing per token. What
 * breaks that is mostly a vector that crosses a call the compiler does not inline: it is boxed,
 * once per row or vector, thousands of times a step.
 */
class StepAllocationTest {
  private static final int BATCH = 2;

  /**
   * Bytes that a graph of this size may take: its some 75 tensors with their spans, nodes and the
   * kernels' own lambdas, a little over a kilobyte each, and half as much again.
   */
  private static final double GRAPH = 130_000;

  private static final long PATIENCE = 90_000_000_000L;

  @Test
  void aWarmStepAllocatesTheGraphAlone() {
    double few = warmBytesPerStep(64);
    double many = warmBytesPerStep(256);
    System.out.printf("a warm step leaves %,.0f bytes (T=64), %,.0f (T=256)%n", few, many);
    assertTrue(few < GRAPH, "a step of 64 tokens still allocates %,.0f bytes".formatted(few));
    assertTrue(many < GRAPH, "a step of 256 tokens still allocates %,.0f bytes".formatted(many));
  }

  /** The least that a stretch of steps took, by the time it was little or patience ended. */
  private static double warmBytesPerStep(int time) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var config = TrainingConfig.builder().steps(1_000_000).batchSize(BATCH).build();
    var model = TinyModels.gpt2(TinyModels.config(1000, 256, 64, 4, 0.1), Device.CPU);
    double least = Double.MAX_VALUE;
    try (var trainer = new Trainer(model, config, data(time), List.of(), 0)) {
      long start = System.nanoTime();
      while (least > GRAPH && System.nanoTime() - start < PATIENCE) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < 50; i++) {
          trainer.trainStep();
        }
        least = Math.min(least, (threads.getTotalThreadAllocatedBytes() - before) / 50.0);
      }
    }
    return least;
  }

  private static List<TokenSequence> data(int time) {
    var ids = new int[time];
    for (int t = 0; t < time; t++) {
      ids[t] = t * 7919 % 1000;
    }
    var sequence = new TokenSequence(ids, ids);
    return List.of(sequence, sequence);
  }
}
