package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.generate.Continuation;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.hf.SharedTexts.Inputs;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts that are made side by side are those that their prompts give alone. */
final class SharedBatchesTest {
  /**
   * Without the reference's padding in their sight the rules go by the text alone, and a batch has
   * the texts of its prompts to the bit: here on the reference backend, whose sums do not depend on
   * the number of rows. The two differ where padding was penalised, or counted as length.
   */
  @Test
  void aBatchHasTheTextsOfItsPrompts() throws IOException {
    List<String> differ = new ArrayList<>();
    for (String checkpoint : SharedTexts.CHECKPOINTS) {
      Inputs inputs = SharedTexts.inputs(checkpoint);
      Generator generator = SharedTexts.generator(checkpoint, Device.REFERENCE);
      for (JsonNode one : SharedTexts.cases(checkpoint)) {
        checkBatch(one, inputs, generator, differ);
      }
    }
    assertTrue(differ.size() > 10, "where padding was counted: " + differ);
  }

  private static void checkBatch(
      JsonNode one, Inputs inputs, Generator generator, List<String> differ) throws IOException {
    GenerationConfig config = SharedTexts.config(one, inputs);
    List<Continuation> batch = generator.generate(inputs.prompts(), config);
    List<Continuation> alone = new ArrayList<>();
    for (int[] prompt : inputs.prompts()) {
      alone.addAll(generator.generate(List.of(prompt), config));
    }
    assertEquals(alone.size(), batch.size());
    for (int row = 0; row < batch.size(); row++) {
      String name = one.get("id").asText() + ", text " + row;
      Continuation got = batch.get(row);
      assertEquals(row / config.sequences(), got.prompt());
      assertArrayEquals(alone.get(row).ids(), got.ids(), name);
      assertArrayEquals(alone.get(row).logProbabilities(), got.logProbabilities(), name);
      int[] want = SharedTexts.ints(one.get("new_ids").get(row));
      if (!Arrays.equals(Arrays.copyOf(want, got.newIds().length), got.newIds())) {
        differ.add(name);
        assertTrue(countsPadding(one, inputs, got.prompt()), name);
      }
    }
  }

  /** Whether the reference counted the padding of a prompt as a part of its text. */
  private static boolean countsPadding(JsonNode one, Inputs inputs, int prompt) {
    String settings = one.get("settings").toString();
    int longest = inputs.prompts().stream().mapToInt(ids -> ids.length).max().orElseThrow();
    return inputs.prompts().get(prompt).length < longest
        && Stream.of("repetition_penalty", "no_repeat_ngram_size", "min_length")
            .anyMatch(settings::contains);
  }
}
