package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.generate.EarlyStopping;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.generate.TokenRule;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each setting means what it means to transformers 5.18. */
class GenerationDefaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static GenerationConfig config(ObjectNode settings) throws IOException {
    var defaults = new GenerationDefaults("generation_config.json", settings);
    int beams = defaults.beams();
    if (defaults.sample().orElse(false)) {
      return defaults.sampling(20).build();
    }
    return (beams > 1 ? defaults.searching(beams, 20) : defaults.greedy(20)).build();
  }

  private static GenerationConfig config(String settings) throws IOException {
    return config(LenientJson.parseObject(settings));
  }

  @TestFactory
  List<DynamicTest> logitsBecomeWhatTransformersMakesOfThem() throws IOException {
    JsonNode root =
        JSON.readTree(getClass().getResource("/dev/galen/model/generate/processors.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : root.get("cases")) {
      tests.add(
          DynamicTest.dynamicTest(
              one.get("settings").toString(),
              () ->
                  check(
                      one,
                      root.get("given"),
                      root.get("ids"),
                      root.get("promptLength").intValue(),
                      Set.of(9, 10))));
    }
    return tests;
  }

  /** The reference's own cases, where they lie beside the repository. */
  @TestFactory
  List<DynamicTest> logitsOfTheSharedCases() throws IOException {
    JsonNode root = JSON.readTree(shared("recipe-cases/generate.json").toFile());
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : root.get("processors")) {
      if (one.at("/settings/num_beams").intValue() > 1
          || one.get("settings").toString().contains("\"encoder_")) {
        continue; // beams that draw are refused; the others were made with an encoder's ids
      }
      Set<Integer> ends = new LinkedHashSet<>();
      JsonNode eos = one.at("/settings/eos_token_id");
      eos.forEach(id -> ends.add(id.intValue()));
      if (eos.isInt()) {
        ends.add(eos.intValue());
      }
      tests.add(
          DynamicTest.dynamicTest(
              one.get("id").asText(),
              () ->
                  check(
                      one,
                      root.get("processor_logits"),
                      one.get("input_ids"),
                      one.get("prompt_length").intValue(),
                      ends)));
    }
    return tests;
  }

  private static void check(
      JsonNode one, JsonNode given, JsonNode rows, int promptLength, Set<Integer> ends)
      throws IOException {
    ObjectNode settings = one.get("settings").deepCopy();
    if (settings.has("do_sample") && !settings.has("top_k")) {
      settings.put("top_k", 0); // these were made without transformers' 50, or with fewer tokens
    }
    GenerationConfig config = config(settings);
    for (int row = 0; row < rows.size(); row++) {
      int[] ids = ints(rows.get(row));
      int limit = Math.min(config.maxLength(), 1000);
      var text = new TokenRule.Text(Arrays.copyOf(ids, promptLength), limit, ends);
      float[] made = config.processor(text).apply(floats(given.get(row)), ids);
      double[] want = doubles(one.at("/scores/" + row));
      boolean renormalized = settings.path("renormalize_logits").asBoolean();
      double shift = renormalized ? shift(want, made) : 0;
      for (int id = 0; id < want.length; id++) {
        double got = made[id] + shift;
        boolean close = want[id] == got || Math.abs(want[id] - got) <= 1e-5;
        assertTrue(close, "row " + row + ", token " + id + ": " + got + ", not " + want[id]);
      }
    }
  }

  /** A draw does not depend on it, so where tokens are sampled Galen leaves it out. */
  private static double shift(double[] want, float[] made) {
    for (int id = 0; id < want.length; id++) {
      if (!Double.isInfinite(want[id])) {
        return want[id] - made[id];
      }
    }
    return 0;
  }

  /** Whole texts of the reference; its left padded rows are its own matter. */
  @TestFactory
  List<DynamicTest> textsOfTheSharedModel() throws IOException {
    JsonNode root = JSON.readTree(shared("recipe-cases/generate.json").toFile());
    var model = Pretrained.load(shared("hf-tiny/gpt2-lm"), Device.CPU).model();
    JsonNode inputs = null;
    for (JsonNode one : root.get("cases")) {
      inputs = one.get("id").asText().equals("gpt2-lm inputs") ? one : inputs;
    }
    JsonNode prompts = inputs.findValue("input_ids");
    JsonNode mask = inputs.findValue("attention_mask");
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : root.get("cases")) {
      JsonNode settings = one.path("settings");
      if (!one.path("checkpoint").asText().equals("gpt2-lm")
          || !one.has("new_ids")
          || settings.has("stop_strings")
          || settings.has("num_return_sequences")) {
        continue;
      }
      for (int row = 0; row < prompts.size(); row++) {
        if (Arrays.stream(ints(mask.get(row))).anyMatch(m -> m == 0)) {
          continue;
        }
        int[] prompt = ints(prompts.get(row));
        int[] want = ints(one.at("/new_ids/" + row));
        tests.add(
            DynamicTest.dynamicTest(
                one.get("id").asText(),
                () -> {
                  GenerationConfig config = config((ObjectNode) settings, want.length, prompt);
                  int[] ids = new Generator(model).generate(prompt, config);
                  int[] made = Arrays.copyOfRange(ids, prompt.length, ids.length);
                  // Behind an end the reference pads, as far as its longest row goes.
                  assertArrayEquals(Arrays.copyOf(want, made.length), made);
                }));
      }
    }
    assertTrue(tests.size() > 25, tests.size() + " texts");
    return tests;
  }

  private static GenerationConfig config(ObjectNode settings, int length, int[] prompt)
      throws IOException {
    var defaults = new GenerationDefaults("generation_config.json", settings);
    int beams = defaults.beams();
    int most = 12; // what the reference was asked for
    var config = beams > 1 ? defaults.searching(beams, most) : defaults.greedy(most);
    Set<Integer> ends = new LinkedHashSet<>();
    for (JsonNode id : settings.path("eos_token_id")) {
      ends.add(id.intValue());
    }
    if (settings.path("eos_token_id").isInt()) {
      ends.add(settings.get("eos_token_id").intValue());
    }
    if (!ends.isEmpty()) {
      config.endOfTextIds(ends);
    }
    assertTrue(length <= most && prompt.length > 0);
    return config.build();
  }

  private static Path shared(String name) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path candidate = up.resolve("shared/data").resolve(name);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    assumeTrue(false, "skipped: shared/data/" + name + " is not beside the repository");
    throw new AssertionError();
  }

  @Test
  void drawsAreFromFiftyTokensWhereTheFileSamples() throws IOException {
    assertEquals(50, config("{\"do_sample\": true}").topK());
    assertEquals(GenerationConfig.ALL_TOKENS, config("{\"do_sample\": true, \"top_k\": 0}").topK());
    assertEquals(1, config("{\"do_sample\": true, \"top_p\": 0}").topK());
    assertEquals(7, config("{\"do_sample\": true, \"top_k\": 7}").topK());
  }

  @Test
  void settingsOfDrawsDoNotHinderOthers() throws IOException {
    var config = config("{\"temperature\": 0.0, \"top_p\": 0, \"do_sample\": false}");
    assertEquals(1, config.temperature());
    assertEquals(30, config("{\"max_length\": 30}").maxLength());
    assertEquals(5, config("{\"max_length\": 30, \"max_new_tokens\": 5}").maxNewTokens());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"guidance_scale": 1.5}                        | guidance_scale is not supported
          {"stop_strings": ["x"]}                        | stop_strings is not supported
          {"num_beam_groups": 2, "num_beams": 4}         | num_beam_groups is not supported
          {"watermarking_config": {"bias": 2.0}}         | watermarking_config is not supported
          {"repetition_penalty": -1}                     | repetition penalty is -1.0
          {"do_sample": true, "temperature": 0.0}        | temperature is 0.0
          {"do_sample": true, "min_p": 1.5}              | min_p is 1.5, must be in [0, 1]
          {"do_sample": "yes"}                           | do_sample is "yes", expected true or false
          {"num_beams": 2, "early_stopping": "soon"}     | early_stopping is "soon"
          {"bad_words_ids": [[-1]]}                      | bad_words_ids is -1, expected a token's id
          {"max_new_tokens": NaN}                        | max_new_tokens is NaN, expected an integer
          {"bad_words_ids": 5}                           | bad_words_ids is 5, expected lists of ids
          {"bad_words_ids": [[]]}                        | bad_words_ids is [], expected a list of ids
          {"sequence_bias": {"x": 1}}                    | sequence_bias is {"x":1}, expected ids with
          {"sequence_bias": [[[3]]]}                     | sequence_bias is [[[3]]], expected ids with
          {"sequence_bias": [[[3], "x"]]}                | sequence_bias is [[[3],"x"]], expected ids
          {"exponential_decay_length_penalty": [2]}      | exponential_decay_length_penalty is [2]
          {"exponential_decay_length_penalty": [2.5, 1]} | exponential_decay_length_penalty is [2.5,1]
          """)
  void whatCannotBeObeyedIsNamed(String settings, String refusal) {
    String line = assertThrows(IOException.class, () -> config(settings)).getMessage();
    assertTrue(line.startsWith("generation_config.json: " + refusal), line);
  }

  @Test
  void whatChangesNothingIsTaken() throws IOException {
    var config =
        config(
            "{\"guidance_scale\": 1.0, \"num_beam_groups\": 1, \"use_cache\": false, \"x\": NaN,"
                + " \"constraints\": null, \"stop_strings\": []}");
    assertEquals(config("{}"), config);
  }

  @Test
  void otherSettingsAreOverTheFiles() throws IOException {
    var file =
        new GenerationDefaults(
            "generation_config.json",
            LenientJson.parseObject("{\"num_beams\": 2, \"max_new_tokens\": 5}"));
    assertSame(file, file.with(LenientJson.parseObject("{}")));
    var both = file.with(LenientJson.parseObject("{\"num_beams\": 4}"));
    assertEquals(4, both.beams());
    assertEquals(5, both.searching(4, 9).build().maxNewTokens());
    assertEquals(2, file.beams());
    var wrong = file.with(LenientJson.parseObject("{\"num_beams\": \"x\"}"));
    assertEquals(
        "generation_config.json with the options given: num_beams is \"x\", expected an integer",
        assertThrows(IOException.class, wrong::beams).getMessage());
  }

  @Test
  void whenASearchStopsIsSaidInThreeWays() throws IOException {
    assertEquals(EarlyStopping.UNLIKELY, config("{\"num_beams\": 2}").earlyStopping());
    String stops = "{\"num_beams\": 2, \"early_stopping\": %s}";
    assertEquals(EarlyStopping.UNLIKELY, config(stops.formatted("false")).earlyStopping());
    assertEquals(EarlyStopping.AT_ONCE, config(stops.formatted("true")).earlyStopping());
    assertEquals(EarlyStopping.IMPOSSIBLE, config(stops.formatted("\"never\"")).earlyStopping());
  }

  @Test
  void aBeginningIsForcedAndASearchNormalisesWhereTheFileSaysSo() throws IOException {
    var forced = config("{\"forced_bos_token_id\": 1}");
    var text = new TokenRule.Text(new int[] {0}, 9, Set.of());
    float out = Float.NEGATIVE_INFINITY;
    assertArrayEquals(
        new float[] {out, 0, out},
        forced.processor(text).apply(new float[] {1, 2, 3}, new int[] {0}));
    float[] first = {1, 2, 3};
    assertArrayEquals(
        new float[] {out, 2, 3},
        config("{\"bad_words_ids\": [[0]]}").processor(text).apply(first, new int[] {0}));
    String beams = "{\"num_beams\": 2, \"renormalize_logits\": %s}";
    assertEquals(0, config(beams.formatted("false")).rules().size());
    assertEquals(1, config(beams.formatted("true")).rules().size());
  }

  /** Shares that cut nothing, or all, are passed over as in transformers. */
  @Test
  void sharesOfNothingAndOfAllCutNothing() throws IOException {
    for (String key : List.of("typical_p", "epsilon_cutoff", "eta_cutoff")) {
      String sampled = "{\"do_sample\": true, \"" + key + "\": %s}";
      assertEquals(0, config(sampled.formatted("0.0")).limits().size(), key);
      assertEquals(0, config(sampled.formatted("1.0")).limits().size(), key);
      assertEquals(1, config(sampled.formatted("0.5")).limits().size(), key);
    }
  }

  private static int[] ints(JsonNode row) {
    var all = new int[row.size()];
    Arrays.setAll(all, i -> row.get(i).intValue());
    return all;
  }

  private static double[] doubles(JsonNode row) {
    var all = new double[row.size()];
    for (int i = 0; i < all.length; i++) {
      String text = row.get(i).asText();
      all[i] = text.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(text);
    }
    return all;
  }

  private static float[] floats(JsonNode row) {
    double[] wide = doubles(row);
    var all = new float[wide.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) wide[i];
    }
    return all;
  }
}
