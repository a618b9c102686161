package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.testing.TinyFamily;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batch's rows have the bits of their prompts alone on the vector backend, whose sums go by how
 * many positions a sequence has, not by how many rows a product has.
 */
final class BatchBitsTest {
  private static final int[] LENGTHS = {7, 1, 70, 4, 12, 300, 5, 2, 11};

  private static CausalLm model(String name) {
    return name.equals("gpt2")
        ? TinyModels.gpt2(TinyModels.config(TinyModels.VOCABULARY, 320, 48, 4, 0), Device.CPU)
        : (CausalLm) TinyFamily.LLAMA.create(Device.CPU);
  }

  private static List<int[]> prompts(int count, int... lengths) {
    var random = new Random(5);
    var prompts = new ArrayList<int[]>();
    for (int i = 0; i < count; i++) {
      prompts.add(random.ints(lengths[i], 0, TinyModels.VOCABULARY).toArray());
    }
    return prompts;
  }

  /** The prompts in one pass, then token by token: log-probabilities of what was picked. */
  @ParameterizedTest
  @CsvSource({
    "gpt2, 2",
    "gpt2, 3",
    "gpt2, 5",
    "gpt2, 9",
    "llama, 2",
    "llama, 3",
    "llama, 5",
    "llama, 9"
  })
  void generationGivesEachPromptItsBits(String name, int batch) {
    CausalLm model = model(name);
    var generator = new Generator(model);
    List<int[]> prompts = prompts(batch, LENGTHS);
    for (int beams = 1; beams <= 2 && beams * batch <= 16; beams++) {
      var config = GenerationConfig.builder().maxNewTokens(6).beams(beams).scores().build();
      List<Continuation> texts = generator.generate(prompts, config);
      for (int i = 0; i < batch; i++) {
        Continuation alone = generator.generate(List.of(prompts.get(i)), config).getFirst();
        String which = "%d tokens, %d beams".formatted(prompts.get(i).length, beams);
        assertArrayEquals(alone.ids(), texts.get(i).ids(), which);
        assertArrayEquals(alone.logProbabilities(), texts.get(i).logProbabilities(), which);
      }
    }
  }

  /**
   * Logits of a whole pass, padded in front; positions are given to GPT-2, which counts padding.
   */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void paddingInFrontChangesNoBit(String name) {
    CausalLm model = model(name);
    for (int batch : new int[] {2, 3, 5, 9}) {
      try (var off = Autograd.noGrad();
          var scope = MemoryScope.open("batch")) {
        List<int[]> prompts = prompts(batch, 5, 300, 12, 70, 11, 6, 256, 64, 9);
        int time = prompts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        var ids = new int[batch * time];
        var mask = new byte[batch * time];
        var places = new int[batch * time];
        for (int row = 0; row < batch; row++) {
          int[] prompt = prompts.get(row);
          int from = (row + 1) * time - prompt.length;
          System.arraycopy(prompt, 0, ids, from, prompt.length);
          Arrays.fill(mask, from, (row + 1) * time, (byte) 1);
          for (int t = 0; t < prompt.length; t++) {
            places[from + t] = t;
          }
        }
        Inputs inputs =
            Inputs.of(Tensors.of(Device.CPU, ids, batch, time))
                .withMask(Tensors.of(model.backend(), mask, batch, time), Inputs.Padding.LEFT);
        if (name.equals("gpt2")) {
          inputs = inputs.withPositions(Tensors.of(Device.CPU, places, batch, time));
        }
        Tensor logits_BTV = model.logits(inputs);
        for (int row = 0; row < batch; row++) {
          int length = prompts.get(row).length;
          Tensor alone = model.logits(Tensors.of(Device.CPU, prompts.get(row), 1, length));
          float[] got = logits_BTV.slice(0, row, row + 1).slice(1, time - length, time).toFloats();
          assertArrayEquals(alone.toFloats(), got, length + " of " + time);
        }
      }
    }
  }
}
