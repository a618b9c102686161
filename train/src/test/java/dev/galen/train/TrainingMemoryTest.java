package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A thousand training steps leave memory flat: the backend's, and the whole process's. */
class TrainingMemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  @Test
  void aThousandStepsLeaveMemoryFlat() throws Exception {
    assumeTrue(Files.exists(STATUS), "skipped: resident memory is read from " + STATUS);
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    var config = TrainingConfig.builder().steps(2000).batchSize(2).build();
    try (var trainer = new Trainer(model, config, RandomSequences.of(40, 1), List.of(), 0)) {
      // By then the compilers are done, whose own memory comes and goes.
      for (int i = 0; i < 1000; i++) {
        trainer.trainStep();
      }
      var before = model.backend().memory();
      long resident = resident();
      for (int i = 0; i < 1000; i++) {
        trainer.trainStep();
      }
      var after = model.backend().memory();
      long grown = resident() - resident;
      System.out.printf("resident memory grew by %,d kB over 1,000 steps%n", grown);
      // Less, if the cleaner has run for other tests' models meanwhile.
      assertTrue(after.live() <= before.live(), "tensors leaked: " + before + " to " + after);
      assertEquals(before.peak(), after.peak(), "steps need more and more");
      // The heap may still grow towards its limit; a leak of one activation a step would be 100 MB.
      assertTrue(grown < 64 * 1024, "resident memory grew by " + grown + " kB");
    }
  }

  private static long resident() throws IOException, InterruptedException {
    System.gc();
    Thread.sleep(2000); // G1 returns pages of the heap in the background
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in " + STATUS);
  }
}
