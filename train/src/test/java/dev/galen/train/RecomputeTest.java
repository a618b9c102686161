package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What recomputation saves in a model of twelve layers; its price is printed, not asserted, as a
 * machine that others use tells no times.
 */
class RecomputeTest {
  private static final int ROWS = 4;
  private static final int LENGTH = 128;
  private static final int TIMES = 5;

  @TempDir Path folder;

  private CausalLm model(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), json);
    var weights = Weights.initialised(Device.CPU, new Philox(1));
    return Architectures.create(
        Architectures.readNew(file), CausalLm.class, weights, new Philox(0));
  }

  private static List<TokenSequence> data() {
    var data = new ArrayList<TokenSequence>();
    for (int row = 0; row < ROWS; row++) {
      var ids = new int[LENGTH];
      for (int t = 0; t < LENGTH; t++) {
        ids[t] = (7 * t + row) % 500;
      }
      data.add(new TokenSequence(ids, ids));
    }
    return data;
  }

  private static TrainingConfig config(boolean recompute) {
    return TrainingConfig.builder().steps(100).batchSize(ROWS).recompute(recompute).build();
  }

  private static Trainer trainer(CausalLm model, boolean recompute) {
    return new Trainer(model, config(recompute), data(), List.of(), 0);
  }

  private static double activations(CausalLm model, boolean recompute) {
    var collator = new CausalCollator(0);
    return RunMemory.of(model, config(recompute), data(), List.of(), collator).activations();
  }

  private static double seconds(Trainer trainer) {
    long start = System.nanoTime();
    trainer.trainStep();
    return (System.nanoTime() - start) * 1e-9;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model_type\": \"gpt2\", \"vocab_size\": 500, \"n_positions\": 128, \"n_embd\": 192,"
            + " \"n_layer\": 12, \"n_head\": 6}",
        "{\"model_type\": \"llama\", \"vocab_size\": 500, \"hidden_size\": 192,"
            + " \"intermediate_size\": 512, \"num_hidden_layers\": 12, \"num_attention_heads\": 6,"
            + " \"max_position_embeddings\": 128}"
      })
  void twelveLayersTakeUnderTwoFifthsOfTheActivations(String json) throws IOException {
    double share = activations(model(json), true) / activations(model(json), false);
    try (var plain = trainer(model(json), false);
        var less = trainer(model(json), true)) {
      assertTrue(share <= 0.4, share + " of the activations");
      double fastest = Double.POSITIVE_INFINITY;
      double recomputed = Double.POSITIVE_INFINITY;
      for (int i = 0; i < TIMES; i++) {
        fastest = Math.min(fastest, seconds(plain));
        recomputed = Math.min(recomputed, seconds(less));
      }
      System.out.printf(
          "12 layers, recomputed: %.0f%% of the activations, %.2f times the time%n",
          100 * share, recomputed / fastest);
      assertEquals(plain.trainStep().loss(), less.trainStep().loss());
    }
  }
}
