package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sizes that no vector divides, with windows, grouped heads, experts and positions beyond the
 * original context: a cache gives what a whole pass gives, and a row that is padded in front what
 * it gives alone, to the bit on the reference.
 */
final class AwkwardSizesTest {
  private static final int VOCABULARY = 41;
  private static final String ROTARY =
      """
      {"model_type": "%s", "vocab_size": 41, "hidden_size": 21, "num_hidden_layers": 3,
       "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d,
       "intermediate_size": 29, "max_position_embeddings": 12, "initializer_range": 0.3%s}
      """;
  private static final String OPT =
      """
      {"model_type": "opt", "vocab_size": 41, "hidden_size": 21, "num_hidden_layers": 3,
       "num_attention_heads": 3, "ffn_dim": 29, "max_position_embeddings": 40,
       "word_embed_proj_dim": 13, "init_std": 0.3, "do_layer_norm_before": false, "dropout": 0}
      """;
  private static final String GPT2 =
      """
      {"model_type": "gpt2", "vocab_size": 41, "n_embd": 21, "n_layer": 3, "n_head": 3,
       "n_inner": 29, "n_positions": 40, "initializer_range": 0.3, "embd_pdrop": 0,
       "resid_pdrop": 0, "attn_pdrop": 0}
      """;

  @TempDir Path folder;

  private CausalLm model(String type, String shape, String more, Device device) throws IOException {
    String json = type.equals("opt") ? OPT : GPT2;
    if (shape != null) {
      String[] sizes = shape.split("/");
      json =
          ROTARY.formatted(
              type,
              Integer.parseInt(sizes[0]),
              Integer.parseInt(sizes[1]),
              Integer.parseInt(sizes[2]),
              more == null ? "" : ", " + more.replace('\'', '"'));
    }
    return Architectures.create(
        Architectures.readNew(Files.writeString(folder.resolve("config.json"), json)),
        CausalLm.class,
        Weights.initialised(device, new Philox(17)),
        new Philox(0));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = CASES)
  void piecesThroughACacheAreTheWhole(String type, String shape, String more) throws IOException {
    for (Device device : new Device[] {Device.REFERENCE, Device.CPU}) {
      CausalLm model = model(type, shape, more, device);
      int[] ids = new Random(3).ints(31, 0, VOCABULARY).toArray();
      try (var off = Autograd.noGrad();
          var scope = MemoryScope.open("whole");
          KvCache cache = model.newCache(1, ids.length)) {
        int from = 0;
        for (int piece : new int[] {5, 1, 1, 7, 2, 1, 13, 1}) {
          int to = from + piece;
          int[] next = Arrays.copyOfRange(ids, from, to);
          Tensor cached = model.next(Tensors.of(model.backend(), next, 1, piece), cache);
          Tensor whole = model.logits(Tensors.of(model.backend(), Arrays.copyOf(ids, to), 1, to));
          double[] want = whole.slice(1, to - 1, to).toDoubles();
          assertArrayEquals(want, cached.toDoubles(), 5e-5, device + ", " + to + " tokens");
          from = to;
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = PADDED)
  void paddingInFrontChangesNothing(String type, String shape, String more) throws IOException {
    int[] lengths = {23, 4, 1, 14};
    int time = 23;
    for (Device device : new Device[] {Device.REFERENCE, Device.CPU}) {
      CausalLm model = model(type, shape, more, device);
      var random = new Random(4);
      var ids = new int[lengths.length * time];
      var places = new int[ids.length];
      var mask = new byte[ids.length];
      for (int row = 0; row < lengths.length; row++) {
        for (int t = time - lengths[row]; t < time; t++) {
          ids[row * time + t] = random.nextInt(VOCABULARY);
          places[row * time + t] = t - time + lengths[row];
          mask[row * time + t] = 1;
        }
      }
      try (var off = Autograd.noGrad();
          var scope = MemoryScope.open("batch")) {
        Inputs inputs =
            Inputs.of(Tensors.of(model.backend(), ids, lengths.length, time))
                .withMask(
                    Tensors.of(model.backend(), mask, lengths.length, time), Inputs.Padding.LEFT);
        if (type.equals("gpt2")) { // which counts padding unless it is told the places
          inputs = inputs.withPositions(Tensors.of(model.backend(), places, lengths.length, time));
        }
        Tensor logits_BTV = model.logits(inputs);
        for (int row = 0; row < lengths.length; row++) {
          int length = lengths[row];
          int[] own = Arrays.copyOfRange(ids, (row + 1) * time - length, (row + 1) * time);
          Tensor alone = model.logits(Tensors.of(model.backend(), own, 1, length));
          Tensor got = logits_BTV.slice(0, row, row + 1).slice(1, time - length, time);
          boolean exact = device.equals(Device.REFERENCE);
          assertArrayEquals(
              alone.toDoubles(),
              got.toDoubles(),
              exact ? 0 : 5e-5,
              device + ", " + length + " tokens");
        }
      }
    }
  }

  /** Where the length changes no angle. */
  private static final String PADDED =
      """
      gpt2    | -      | -
      opt     | -      | -
      llama   | 7/1/4  | -
      llama   | 3/3/10 | 'rope_parameters': {'rope_type': 'linear', 'factor': 2.5}
      llama   | 6/2/2  | 'rope_parameters': {'rope_type': 'yarn', 'factor': 3, 'original_max_position_embeddings': 5}
      llama   | 5/1/6  | 'rope_parameters': {'rope_type': 'llama3', 'factor': 4, 'low_freq_factor': 1, 'high_freq_factor': 3, 'original_max_position_embeddings': 5}
      mistral | 9/3/2  | 'sliding_window': 3
      mistral | 2/1/14 | 'sliding_window': 1
      qwen2   | 5/5/4  | 'use_sliding_window': true, 'sliding_window': 4, 'max_window_layers': 1
      mixtral | 3/1/8  | 'num_local_experts': 5, 'num_experts_per_tok': 3, 'sliding_window': 6
      mixtral | 4/2/6  | 'num_local_experts': 1, 'num_experts_per_tok': 1
      """;

  private static final String CASES =
      PADDED
          + """
      llama   | 7/7/4  | 'rope_parameters': {'rope_type': 'dynamic', 'factor': 2}
      qwen2   | 3/1/6  | 'rope_parameters': {'rope_type': 'longrope', 'factor': 3, 'short_factor': [1, 1.2, 1.3], 'long_factor': [1.5, 2, 5], 'original_max_position_embeddings': 9}
      mixtral | 3/1/6  | 'num_local_experts': 3, 'rope_parameters': {'rope_type': 'dynamic', 'factor': 3}
      """;
}
