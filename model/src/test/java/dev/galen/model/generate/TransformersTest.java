package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy decoding and beam search give the ids that transformers gives. */
class TransformersTest {
  /** Where all of this happens; other classes run it again elsewhere. */
  List<Device> devices() {
    return List.of(Device.CPU, Device.REFERENCE);
  }

  /** How many cases of the fixture there are for each that is tried. */
  int stride() {
    return 1;
  }

  @TestFactory
  List<DynamicTest> continuesAsTransformersDoes() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (Device device : devices()) {
      var generator = new Generator(Models.fixture(device));
      JsonNode cases = Models.expected().get("generation");
      for (int i = 0; i < cases.size(); i += stride()) {
        JsonNode expected = cases.get(i);
        int[] prompt = Models.ints(expected.get("prompt"));
        GenerationConfig config = config(expected);
        tests.add(
            DynamicTest.dynamicTest(
                device + ": " + config,
                () ->
                    assertArrayEquals(
                        Models.ints(expected.get("ids")), generator.generate(prompt, config))));
      }
    }
    return tests;
  }

  private static GenerationConfig config(JsonNode expected) {
    var builder = GenerationConfig.builder();
    expected
        .properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              switch (entry.getKey()) {
                case "maxNewTokens" -> builder.maxNewTokens(value.intValue());
                case "beams" -> builder.beams(value.intValue());
                case "lengthPenalty" -> builder.lengthPenalty(value.doubleValue());
                case "repetitionPenalty" -> builder.repetitionPenalty(value.doubleValue());
                case "endOfTextId" ->
                    builder.endOfTextIds(
                        value.intValue() < 0 ? Set.of() : Set.of(value.intValue()));
                case "prompt", "ids" -> {}
                default -> throw new AssertionError(entry);
              }
            });
    return builder.build();
  }

  /** The cases are worth something: texts that end early, late, and not at all, with every kind. */
  @Test
  void theFixtureHasTextsOfManyLengths() throws IOException {
    int ended = 0;
    int cut = 0;
    int afterMany = 0;
    for (JsonNode expected : Models.expected().get("generation")) {
      int newTokens = expected.get("ids").size() - expected.get("prompt").size();
      boolean ends =
          expected.get("ids").get(expected.get("ids").size() - 1).intValue() == Models.END;
      ended += ends ? 1 : 0;
      afterMany += ends && newTokens >= 5 ? 1 : 0;
      cut += newTokens == expected.get("maxNewTokens").intValue() ? 1 : 0;
    }
    assertTrue(ended >= 40 && afterMany >= 20 && cut >= 20, ended + " " + afterMany + " " + cut);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf-tiny/gpt2-lm", "tiny-gpt2"})
  void continuesTheSharedModels(String name) throws IOException {
    Path directory = Models.shared(name);
    JsonNode expected = Models.read(directory.resolve("expected.json"));
    for (Device device : devices()) {
      var generator = new Generator(Pretrained.load(directory, device).model());
      assertContinues(generator, expected.get("greedy"), 1);
      if (expected.has("beam4")) {
        assertContinues(generator, expected.get("beam4"), 4);
      }
    }
  }

  private static void assertContinues(Generator generator, JsonNode expected, int beams) {
    int[] prompt = Models.ints(expected.get("prompt"));
    int[] ids = Models.ints(expected.get("ids"));
    var config =
        GenerationConfig.builder().maxNewTokens(ids.length - prompt.length).beams(beams).build();
    assertArrayEquals(ids, generator.generate(prompt, config));
  }
}
