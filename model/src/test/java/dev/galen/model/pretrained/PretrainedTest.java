package dev.galen.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.ParameterBlock;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of config against transformers, every spelling of the files, and every refusal. */
class PretrainedTest {
  /** Sums of at most 20 terms, a few layers deep. */
  private static final Tolerance TOLERANCE = Tolerance.of(DType.F32, 100);

  @TempDir Path dir;
  private final JsonNode expected = Variants.expected();
  private final JsonNode base = expected.at("/variants/0/config");

  /** Where all of this happens; other classes run it again elsewhere. */
  Device device() {
    return Device.CPU;
  }

  static Stream<String> variants() {
    int count = Variants.expected().get("variants").size();
    return IntStream.range(0, count).mapToObj(i -> "/variants/" + i);
  }

  private Map<String, Tensor> tensors() throws IOException {
    return Variants.tensors(base, dir, false);
  }

  private Gpt2CausalLm load(Path directory) throws IOException {
    return Pretrained.load(directory, device(), Gpt2CausalLm.class).model();
  }

  private double[] logits(Path directory) throws IOException {
    return Variants.lastLogits(load(directory), expected.get("ids"));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyConfigGivesTransformersLogitsAndSurvivesASave(String at) throws IOException {
    JsonNode config = expected.at(at + "/config");
    Path source =
        Variants.write(dir.resolve("source"), config, Variants.tensors(config, dir, false));
    double[] want = Variants.numbers(expected.at(at + "/logits"));
    TensorAssert.assertClose(config.toString(), want, logits(source), TOLERANCE);

    Pretrained.save(load(source), null, dir.resolve("copy"));
    assertArrayEquals(logits(source), logits(dir.resolve("copy")));
  }

  @Test
  void classifiersGiveTransformersLogitsAndSurviveASave() throws IOException {
    JsonNode want = expected.get("classifier");
    Map<String, Tensor> tensors = Variants.tensors(want.get("config"), dir, true);
    Path source = Variants.write(dir.resolve("source"), want.get("config"), tensors);
    var first = Pretrained.load(source, device(), Gpt2Classifier.class);
    Pretrained.save(first.model(), null, dir.resolve("copy"));
    var second = Pretrained.load(dir.resolve("copy"), device(), Gpt2Classifier.class);
    assertEquals(List.of("no", "maybe", "yes"), second.model().config().classes().names());
    int[] lengths = {7, 3};
    for (var loaded : List.of(first, second)) {
      Tensor ids = Variants.ids(device().backend(), want.get("ids"));
      double[] logits = loaded.model().logits(Inputs.padded(ids, lengths)).toDoubles();
      TensorAssert.assertClose("logits", Variants.numbers(want.get("logits")), logits, TOLERANCE);
    }
  }

  @Test
  void everySpellingGivesTheSameBits() throws IOException {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> bare = Variants.unprefixed(tensors);
    double[] want = logits(Variants.write(dir.resolve("plain"), base, tensors));
    var spellings =
        Map.of(
            "bare", bare,
            "relics", Variants.withRelics(tensors, "transformer."),
            "bare relics", Variants.withRelics(bare, ""));
    for (var spelling : spellings.entrySet()) {
      Path whole = Variants.write(dir.resolve(spelling.getKey()), base, spelling.getValue());
      assertArrayEquals(want, logits(whole), spelling.getKey());
      Path sharded = dir.resolve(spelling.getKey() + " in shards");
      Variants.write(sharded, base, spelling.getValue(), 2000);
      assertFalse(Files.exists(sharded.resolve("model.safetensors")));
      assertArrayEquals(want, logits(sharded), spelling.getKey() + " in shards");
    }
  }

  /** Transformers 5.18 fills both of two tied matrices from the one that is there. */
  @Test
  void eitherNameOfTheTiedMatrixWillDo() throws IOException {
    double[] want = logits(Variants.write(dir.resolve("plain"), base, tensors()));
    for (boolean prefixed : new boolean[] {true, false}) {
      Map<String, Tensor> renamed = prefixed ? tensors() : Variants.unprefixed(tensors());
      String embedding = prefixed ? "transformer.wte.weight" : "wte.weight";
      renamed.put("lm_head.weight", renamed.remove(embedding));
      Path whole = Variants.write(dir.resolve("head " + prefixed), base, renamed);
      assertArrayEquals(want, logits(whole));
      assertTrue(load(whole).config().tiedHead());
      Pretrained.save(load(whole), null, dir.resolve("copy " + prefixed));
      assertArrayEquals(want, logits(dir.resolve("copy " + prefixed)));

      Path sharded = dir.resolve("shards " + prefixed);
      Variants.write(sharded, base, renamed, 2000);
      Path index = sharded.resolve("model.safetensors.index.json");
      String listed = Files.readString(index);
      int map = listed.indexOf('{', listed.indexOf("weight_map")) + 1;
      String shard = listed.substring(listed.lastIndexOf(": \"") + 3, listed.lastIndexOf('"'));
      Files.writeString(
          index,
          listed.substring(0, map)
              + "\"%s\": \"%s\",".formatted(embedding, shard)
              + listed.substring(map));
      assertArrayEquals(want, logits(sharded));
    }
  }

  /** Then transformers 5.18 ties nothing, whatever the config says, and warns. */
  @Test
  void twoDifferentMatricesAreNotTied() throws IOException {
    Map<String, Tensor> both = Variants.withRelics(tensors(), "transformer.");
    both.compute("lm_head.weight", (name, copy) -> copy.mul(2));
    ObjectNode untied = ((ObjectNode) base.deepCopy()).put("tie_word_embeddings", false);
    double[] want = logits(Variants.write(dir.resolve("untied"), untied, both));
    Path tied = Variants.write(dir.resolve("tied"), base, both);
    assertArrayEquals(want, logits(tied));
    Pretrained.save(load(tied), null, dir.resolve("copy"));
    assertArrayEquals(want, logits(dir.resolve("copy")));
  }

  @Test
  void headsOfOtherTasksAreLeftOut() throws IOException {
    Map<String, Tensor> tensors = tensors();
    double[] want = logits(Variants.write(dir.resolve("plain"), base, tensors));
    var summary = Tensors.zeros(Device.REFERENCE, DType.F32, Shape.of(1, 8));
    tensors.put("multiple_choice_head.summary.weight", summary);
    assertArrayEquals(want, logits(Variants.write(dir.resolve("double"), base, tensors)));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "F64"})
  void otherTypesAreConverted(DType dtype) throws IOException {
    Map<String, Tensor> rounded = Variants.cast(tensors(), dtype);
    Path narrow = Variants.write(dir.resolve("narrow"), base, rounded);
    Path wide = Variants.write(dir.resolve("wide"), base, Variants.cast(rounded, DType.F32));
    assertArrayEquals(logits(wide), logits(narrow));
  }

  @Test
  void savesIntoTheDirectoryItWasLoadedFrom() throws IOException {
    for (long maxShardBytes : new long[] {Long.MAX_VALUE, 2000}) {
      Path place = dir.resolve("place " + maxShardBytes);
      Variants.write(place, base, tensors(), maxShardBytes);
      double[] want = logits(place);
      Gpt2CausalLm model = load(place); // its weights lie in the very file to be replaced
      Pretrained.save(model, null, place);
      Pretrained.save(model, null, place);
      assertArrayEquals(want, Variants.lastLogits(model, expected.get("ids")));
      assertArrayEquals(want, logits(place));
      try (Stream<Path> files = Files.list(place)) {
        assertEquals(
            List.of("config.json", "model.safetensors"),
            files.map(file -> file.getFileName().toString()).sorted().toList());
      }
    }
  }

  @Test
  void trainingLeavesTheFileAlone() throws IOException {
    Path place = Variants.write(dir.resolve("place"), base, tensors());
    byte[] before = Files.readAllBytes(place.resolve("model.safetensors"));
    Gpt2CausalLm model = load(place);
    var block = ParameterBlock.of(List.copyOf(model.parameters().values()));
    block.values().backend().copy().fill(block.values().span(), 3);
    assertArrayEquals(before, Files.readAllBytes(place.resolve("model.safetensors")));
  }

  @Test
  void savesExactlyTheNamesThatTransformersSaves() throws IOException {
    Path place = Variants.write(dir.resolve("bare"), base, Variants.unprefixed(tensors()));
    Pretrained.save(load(place), null, dir.resolve("copy"));
    try (var files = TensorFiles.open(dir.resolve("copy"))) {
      assertEquals(new TreeSet<>(tensors().keySet()), new TreeSet<>(files.entries().keySet()));
      assertEquals(Map.of("format", "pt"), files.metadata());
    }
  }

  @Test
  void refusalsNameTheTensor() throws IOException {
    Map<String, Tensor> missing = tensors();
    missing.remove("transformer.h.1.mlp.c_fc.bias");
    assertRefused("missing transformer.h.1.mlp.c_fc.bias", missing);

    Map<String, Tensor> unexpected = tensors();
    unexpected.put("transformer.h.2.ln_1.bias", unexpected.get("transformer.h.1.ln_1.bias"));
    assertRefused("unexpected transformer.h.2.ln_1.bias", unexpected);

    Map<String, Tensor> shape = tensors();
    var wide = Tensors.zeros(Device.REFERENCE, DType.F32, Shape.of(8, 33));
    shape.put("transformer.h.0.mlp.c_fc.weight", wide);
    assertRefused(
        "transformer.h.0.mlp.c_fc.weight is F32[8, 33] in the file, the config wants F32[8, 32]",
        shape);

    Map<String, Tensor> type = tensors();
    type.put("transformer.ln_f.bias", Tensors.zeros(Device.REFERENCE, DType.I32, Shape.of(8)));
    assertRefused("transformer.ln_f.bias is I32[8] in the file", type);

    Map<String, Tensor> headless = tensors();
    ObjectNode untied = ((ObjectNode) base.deepCopy()).put("tie_word_embeddings", false);
    assertRefused("missing lm_head.weight", headless, untied);
  }

  private void assertRefused(String text, Map<String, Tensor> tensors) throws IOException {
    assertRefused(text, tensors, base);
  }

  private void assertRefused(String text, Map<String, Tensor> tensors, JsonNode config)
      throws IOException {
    Path place = Variants.write(dir.resolve("bad"), config, tensors);
    var error = assertThrows(IOException.class, () -> load(place));
    assertTrue(error.getMessage().contains(text), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
  }

  @Test
  void aTrunkGetsANewHead() throws IOException {
    Path place = Variants.write(dir.resolve("place"), base, tensors());
    var loaded =
        Pretrained.loadWithNewHead(
            place,
            device(),
            Gpt2Classifier.class,
            config -> config.withClasses(new ClassNames(List.of("a", "b", "c"))));
    assertEquals(List.of("score.weight"), loaded.report().missing());
    assertEquals(Shape.of(3, 8), loaded.model().parameters().get("score.weight").shape());
    assertThrows(IOException.class, () -> Pretrained.load(place, device(), Gpt2Classifier.class));
  }

  @Test
  void aTokenizerLargerThanTheEmbeddingIsRefused() throws IOException {
    Path place = Variants.write(dir.resolve("place"), base, tensors());
    BpeTrainer.builder().vocabularySize(300).build().train(Stream.of("some text")).save(place);
    var error = assertThrows(IOException.class, () -> load(place));
    assertTrue(error.getMessage().contains("only 19 rows"), error.getMessage());
  }

  @Test
  void aVocabularyOfWordsIsATokenizerAsWell() throws IOException {
    Path place = Variants.write(dir.resolve("place"), base, tensors());
    Files.writeString(place.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nheart\n");
    var loaded = Pretrained.load(place, device(), Gpt2CausalLm.class);
    var words = loaded.tokenizer().orElseThrow();
    assertArrayEquals(new int[] {5, 1}, words.encode("heart x"));
    Path saved = dir.resolve("saved");
    Pretrained.save(loaded.model(), words, loaded.directory(), saved);
    var again = Pretrained.load(saved, device(), Gpt2CausalLm.class).tokenizer().orElseThrow();
    assertArrayEquals(new int[] {5, 1}, again.encode("heart x"));
  }

  @Test
  void aConfigSaysWhatItIs() throws IOException {
    Path place = Variants.write(dir.resolve("place"), base, tensors());
    Path config = place.resolve("config.json");
    String said = Files.readString(config);
    Files.writeString(config, said.replaceAll("\"model_type\" ?: ?\"gpt2\",?", ""));
    load(place); // the first configs of GPT-2 were so
    Files.writeString(config, "{\"hidden_size\": 32, \"num_hidden_layers\": 2}");
    var error = assertThrows(IOException.class, () -> load(place));
    assertTrue(error.getMessage().contains("model_type is missing"), error.getMessage());
  }

  /** transformers appends what a file names; refused only where the embedding has no row for it. */
  @Test
  void anAppendedTokenNeedsARow() throws IOException {
    Path place = dir.resolve("place");
    BpeTrainer.builder().vocabularySize(256).build().train(Stream.of("a")).save(place);
    Path names = place.resolve("special_tokens_map.json");
    Files.delete(place.resolve("tokenizer_config.json"));
    Files.writeString(names, "{\"pad_token\": \"[P]\", \"extra_special_tokens\": [\"[X]\"]}");
    var tokenizer = TokenizerFiles.load(place);
    Pretrained.requireFit(place, tokenizer, 258);
    var error = assertThrows(IOException.class, () -> Pretrained.requireFit(place, tokenizer, 257));
    assertEquals(
        names
            + ": extra_special_tokens: \"[X]\" is not in the vocabulary and would have id 257, but"
            + " the model's embedding (vocab_size) has only 257 rows; take the name out, or give the"
            + " model a row",
        error.getMessage());
    error = assertThrows(IOException.class, () -> Pretrained.requireFit(place, tokenizer, 256));
    assertTrue(error.getMessage().startsWith(names + ": pad_token: "), error.getMessage());
    error = assertThrows(IOException.class, () -> Pretrained.requireFit(place, tokenizer, 255));
    assertEquals(
        place + ": the tokenizer has 258 ids, the model's embedding (vocab_size) only 255 rows",
        error.getMessage());
  }
}
