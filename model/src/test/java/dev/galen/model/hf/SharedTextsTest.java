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
import org.junit.jupiter.api.TestFactory;

/**
 * Three prompts side by side become what transformers makes of them, with all settings that the
 * reference was run with.
 */
class SharedTextsTest {
  /** Of F32 beside the reference's F64, as its description says. */
  private static final double CLOSE = 1e-4;

  /** Where all of this happens; another class runs it again elsewhere. */
  Device device() {
    return Device.CPU;
  }

  /** How many cases there are for each that is tried. */
  int stride() {
    return 1;
  }

  @TestFactory
  Stream<DynamicTest> textsAreThoseOfTransformers() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String checkpoint : SharedTexts.CHECKPOINTS) {
      Inputs inputs = SharedTexts.inputs(checkpoint);
      Generator generator = SharedTexts.generator(checkpoint, device());
      List<JsonNode> cases = SharedTexts.cases(checkpoint);
      for (int i = 0; i < cases.size(); i += stride()) {
        JsonNode one = cases.get(i);
        tests.add(
            DynamicTest.dynamicTest(one.get("id").asText(), () -> check(one, inputs, generator)));
      }
    }
    assertTrue(tests.size() >= 180 / stride(), tests.size() + " cases");
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
}
