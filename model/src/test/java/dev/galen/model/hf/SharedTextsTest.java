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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Three prompts side by side become what transformers makes of them, with all settings that the
 * reference was run with.
 */
final class SharedTextsTest {
  /** Of F32 beside the reference's F64, as its description says. */
  private static final double CLOSE = 1e-4;

  @TestFactory
  Stream<DynamicTest> textsAreThoseOfTransformers() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String checkpoint : SharedTexts.CHECKPOINTS) {
      if (!SharedTexts.isThere(checkpoint)) {
        System.out.println("skipped: no architecture reads hf-tiny/" + checkpoint + " yet");
        continue;
      }
      Inputs inputs = SharedTexts.inputs(checkpoint);
      Generator generator = SharedTexts.generator(checkpoint, Device.CPU);
      for (JsonNode one : SharedTexts.cases(checkpoint)) {
        tests.add(
            DynamicTest.dynamicTest(one.get("id").asText(), () -> check(one, inputs, generator)));
      }
    }
    assertTrue(tests.size() >= 36, tests.size() + " cases");
    return tests.stream();
  }

  private static void check(JsonNode one, Inputs inputs, Generator generator) throws IOException {
    GenerationConfig config = SharedTexts.config(one, inputs);
    List<Continuation> seen = generator.generate(inputs.prompts(), inputs.showPadding(config));
    assertEquals(one.get("new_ids").size(), seen.size());
    for (int row = 0; row < seen.size(); row++) {
      checkText(one, inputs, row, seen.get(row));
    }
  }

  private static void checkText(JsonNode one, Inputs inputs, int row, Continuation made) {
    int[] want = SharedTexts.ints(one.get("new_ids").get(row));
    int[] got = made.newIds();
    String name = "text " + row;
    assertArrayEquals(Arrays.copyOf(want, got.length), got, name);
    // Behind the end the reference fills up, as far as its longest text goes.
    if (one.has("generated_lengths")) {
      assertEquals(one.at("/generated_lengths/" + row).intValue(), got.length, name);
      double score = one.at("/sequences_scores/" + row).doubleValue();
      assertEquals(score, made.score().orElseThrow(), CLOSE, name);
    } else {
      for (int i = got.length; i < want.length; i++) {
        assertEquals(inputs.padding(), want[i], name + " goes on");
      }
    }
    JsonNode scores = one.get("token_scores").get(row);
    assertEquals(got.length, made.logProbabilities().length);
    for (int i = 0; i < got.length; i++) {
      String place = name + ", token " + i;
      assertEquals(scores.get(i).doubleValue(), made.logProbabilities()[i], CLOSE, place);
    }
  }

  /**
   * Without the reference's padding in their sight the rules go by the text alone, and a batch has
   * the texts of its prompts to the bit: here on the reference backend, whose sums do not depend on
   * the number of rows. The two differ where padding was penalised, or counted as length.
   */
  @Test
  void aBatchHasTheTextsOfItsPrompts() throws IOException {
    List<String> differ = new ArrayList<>();
    for (String checkpoint : SharedTexts.CHECKPOINTS) {
      if (SharedTexts.isThere(checkpoint)) {
        Inputs inputs = SharedTexts.inputs(checkpoint);
        Generator generator = SharedTexts.generator(checkpoint, Device.REFERENCE);
        for (JsonNode one : SharedTexts.cases(checkpoint)) {
          checkBatch(one, inputs, generator, differ);
        }
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
