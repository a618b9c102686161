package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Texts longer than the context that a model was made for: where positions are turned, or distances
 * alone count, generation goes on as that of transformers does, and a cache still gives what a
 * whole pass gives.
 */
class BeyondContextTest {
  private static final int CONTEXT = 9;

  private static final String LLAMA =
      """
      {"model_type": "%s", "vocab_size": 43, "hidden_size": 20, "num_hidden_layers": 2,
       "num_attention_heads": 5, "num_key_value_heads": %d, "head_dim": 6,
       "intermediate_size": 27, "max_position_embeddings": 9, "initializer_range": 0.4%s}
      """;

  private static final String T5 =
      """
      {"model_type": "t5", "vocab_size": 43, "d_model": 20, "d_kv": 6, "d_ff": 27, "num_layers": 2,
       "num_heads": 3, "n_positions": 9, "relative_attention_num_buckets": 6,
       "relative_attention_max_distance": 11, "decoder_start_token_id": 0, "pad_token_id": 0}
      """;

  @TempDir Path folder;

  /** Where all of this happens; another class runs it again elsewhere. */
  List<Device> devices() {
    return List.of(Device.CPU, Device.REFERENCE);
  }

  private List<CausalLm> models(Device device) throws IOException {
    var models = new ArrayList<CausalLm>();
    for (String config :
        List.of(
            LLAMA.formatted("llama", 1, ""),
            LLAMA.formatted("mistral", 5, ", \"sliding_window\": 4"),
            LLAMA.formatted(
                "llama",
                5,
                ", \"rope_parameters\": {\"rope_type\": \"dynamic\", \"rope_theta\": 30, \"factor\": 2}"),
            LLAMA.formatted(
                "mixtral", 1, ", \"num_local_experts\": 3, \"num_experts_per_tok\": 2"))) {
      models.add(
          Architectures.create(
              Architectures.readNew(Files.writeString(folder.resolve("config.json"), config)),
              CausalLm.class,
              Weights.initialised(device, new Philox(11)),
              new Philox(0)));
    }
    return models;
  }

  @Test
  void greedyTextsGoOnAsWholePassesSay() throws IOException {
    for (Device device : devices()) {
      for (CausalLm model : models(device)) {
        assertEquals(CONTEXT, Math.min(model.contextLength(), CONTEXT));
        int[] prompt = {5, 6, 7, 8, 9};
        int[] ids = new Generator(model).generate(prompt, greedy(33));
        assertArrayEquals(wholePasses(model, prompt, 33), ids, model + " on " + device);
        // A prompt that is longer than the context is one as well.
        int[] longer = Arrays.copyOf(ids, 21);
        assertArrayEquals(
            ids, new Generator(model).generate(longer, greedy(ids.length - longer.length)));
      }
    }
  }

  /** Beams of different prompts, whose cache grows beneath them. */
  @Test
  void beamsAndBatchesGoOn() throws IOException {
    for (Device device : devices()) {
      CausalLm model = models(device).getFirst();
      List<int[]> prompts = List.of(new int[] {5, 6, 7, 8, 9, 4, 3, 11}, new int[] {9, 3});
      for (int beams : new int[] {1, 3}) {
        var config = GenerationConfig.builder().maxNewTokens(26).beams(beams).build();
        List<Continuation> together = new Generator(model).generate(prompts, config);
        for (int i = 0; i < prompts.size(); i++) {
          int[] alone = new Generator(model).generate(prompts.get(i), config);
          assertEquals(prompts.get(i).length + 26, alone.length);
          assertArrayEquals(alone, together.get(i).ids(), beams + " beams");
        }
      }
    }
  }

  @Test
  void encodersReadAndDecodersWriteMoreThanTheirConfigSays() throws IOException {
    for (Device device : devices()) {
      Seq2SeqLm model =
          Architectures.create(
              Architectures.readNew(Files.writeString(folder.resolve("config.json"), T5)),
              Seq2SeqLm.class,
              Weights.initialised(device, new Philox(12)),
              new Philox(0));
      model.setEndOfTextIds(Set.of());
      int[] prompt = new int[25];
      Arrays.setAll(prompt, i -> 3 + i % 17);
      int[] ids = new Generator(model).generate(prompt, greedy(30));
      assertEquals(31, ids.length);
      try (var off = Autograd.noGrad();
          var scope = MemoryScope.open("whole")) {
        var inputs =
            Inputs.of(Tensors.of(model.backend(), prompt, 1, prompt.length))
                .withDecoderIds(Tensors.of(model.backend(), ids, 1, ids.length));
        double[] logits = model.logits(inputs).toDoubles();
        for (int at = 0; at < ids.length - 1; at++) {
          assertEquals(likeliest(logits, at, model.vocabularySize()), ids[at + 1], "token " + at);
        }
      }
    }
  }

  @Test
  void aTableOfPositionsEndsATextStill() throws IOException {
    CausalLm model = Models.fixture(devices().getFirst());
    int[] ids = new Generator(model).generate(new int[] {1, 2}, greedy(100));
    assertEquals(true, ids.length <= Models.CONTEXT);
    assertEquals(Models.CONTEXT, model.maxLength());
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Generator(model).generate(new int[Models.CONTEXT + 1], greedy(1)));
    assertEquals(
        "the prompt has 41 tokens, the model's context holds 40; shorten the prompt",
        e.getMessage());
  }

  /** What a cache holds is kept where it is given more room. */
  @Test
  void reservedRoomKeepsWhatThereIs() throws IOException {
    for (Device device : devices()) {
      CausalLm model = models(device).getFirst();
      int[] ids = {5, 6, 7, 8, 9, 10, 11};
      try (var off = Autograd.noGrad();
          var scope = MemoryScope.open("cache");
          KvCache cache = model.newCache(1, 4)) {
        model.next(Tensors.of(model.backend(), Arrays.copyOf(ids, 4), 1, 4), cache);
        cache.reserve(0);
        assertEquals(4, cache.capacity());
        cache.reserve(3);
        assertEquals(8, cache.capacity());
        int[] rest = Arrays.copyOfRange(ids, 4, 7);
        double[] got = model.next(Tensors.of(model.backend(), rest, 1, 3), cache).toDoubles();
        double[] want =
            model.logits(Tensors.of(model.backend(), ids, 1, 7)).slice(1, 6, 7).toDoubles();
        assertArrayEquals(want, got, 2e-5);
      }
    }
  }

  private static GenerationConfig greedy(int tokens) {
    return GenerationConfig.greedy(tokens);
  }

  private static int[] wholePasses(CausalLm model, int[] prompt, int tokens) {
    int[] ids = prompt;
    try (var off = Autograd.noGrad()) {
      for (int i = 0; i < tokens; i++) {
        try (var scope = MemoryScope.open("pass")) {
          double[] logits =
              model.logits(Tensors.of(model.backend(), ids, 1, ids.length)).toDoubles();
          int next = likeliest(logits, ids.length - 1, model.vocabularySize());
          ids = Arrays.copyOf(ids, ids.length + 1);
          ids[ids.length - 1] = next;
        }
      }
    }
    return ids;
  }

  private static int likeliest(double[] logits, int position, int vocabulary) {
    int best = 0;
    for (int id = 1; id < vocabulary; id++) {
      if (logits[position * vocabulary + id] > logits[position * vocabulary + best]) {
        best = id;
      }
    }
    return best;
  }
}
