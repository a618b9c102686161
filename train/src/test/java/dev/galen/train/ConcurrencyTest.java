package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that generate and train at once get what each would get alone, bit by bit. */
class ConcurrencyTest {
  private static final int TEXTS = 8;

  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  @AfterEach
  void stop() {
    threads.close();
  }

  @Test
  void threadsGenerateFromOneModel() throws Exception {
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    var generator = new Generator(model);
    int[][] alone = texts(generator, 0);
    for (boolean training : new boolean[] {false, true}) {
      // Generating switches dropout off, and other threads must not switch it on again.
      if (training) {
        model.train();
      } else {
        model.eval();
      }
      var together = new ArrayList<Future<int[][]>>();
      for (int t = 0; t < 4; t++) {
        int first = 2 * t;
        together.add(threads.submit(() -> texts(generator, first)));
      }
      for (int t = 0; t < 4; t++) {
        int[][] found = together.get(t).get();
        for (int i = 0; i < TEXTS; i++) {
          assertArrayEquals(alone[(2 * t + i) % TEXTS], found[i]);
        }
      }
      assertEquals(training, model.isTraining());
    }
  }

  /** The texts from number {@code first} on, around the corner. */
  private static int[][] texts(Generator generator, int first) {
    var texts = new int[TEXTS][];
    for (int i = 0; i < TEXTS; i++) {
      int k = (first + i) % TEXTS;
      texts[i] = generator.generate(new int[] {k + 1, 2 * k + 3}, GenerationConfig.greedy(20));
    }
    return texts;
  }

  @Test
  void twoModelsTrainWhileAThirdGenerates() throws Exception {
    int[] one = train(1);
    int[] two = train(2);
    var generator = new Generator(TinyModels.gpt2(0));
    int[][] alone = texts(generator, 0);
    Callable<int[]> first = () -> train(1);
    Callable<int[]> second = () -> train(2);
    Future<int[]> a = threads.submit(first);
    Future<int[]> b = threads.submit(second);
    while (!a.isDone() || !b.isDone()) {
      assertTrue(Arrays.deepEquals(alone, texts(generator, 0)));
    }
    assertArrayEquals(one, a.get());
    assertArrayEquals(two, b.get());
  }

  @Test
  void aRunGoesOnAfterItsListenerThrew() throws Exception {
    int[] undisturbed = train(1);
    for (Throwable thrown :
        List.of(
            new IllegalStateException("a caller's own"),
            new IOException("a caller's disk"),
            new StackOverflowError("a caller's depth"))) {
      Gpt2CausalLm model = TinyModels.gpt2(0.1);
      try (var trainer = trainer(model, 1)) {
        trainer.listen(
            new TrainingListener() {
              private boolean done;

              @Override
              public void onStep(StepReport report) throws IOException {
                if (report.step() == 5 && !done) {
                  done = true;
                  ConcurrencyTest.<RuntimeException>raise(thrown);
                }
              }
            });
        Throwable seen = assertThrows(Throwable.class, trainer::fit);
        assertEquals(thrown.getMessage(), seen.getMessage());
        trainer.fit();
      }
      assertArrayEquals(undisturbed, bits(model), thrown.toString());
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void raise(Throwable e) throws E {
    throw (E) e;
  }

  private static int[] train(long seed) throws IOException {
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    try (var trainer = trainer(model, seed)) {
      trainer.fit();
    }
    return bits(model);
  }

  private static Trainer trainer(Gpt2CausalLm model, long seed) {
    var config =
        TrainingConfig.builder().steps(12).batchSize(2).learningRate(1e-3).seed(seed).build();
    return new Trainer(model, config, RandomSequences.of(16, seed), List.of(), 0);
  }

  /** A hash of each parameter's bits. */
  private static int[] bits(Gpt2CausalLm model) {
    return model.parameters().values().stream()
        .map(Tensor::toFloats)
        .mapToInt(Arrays::hashCode)
        .toArray();
  }
}
