package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real vocabularies give what the reference implementations give; needs {@code shared/data}. */
class SharedVectorsTest {

  @TempDir Path folder;

  private Tokenizer bert(boolean cased) throws IOException {
    var name = cased ? "bert-base-cased-vocab.txt" : "bert-base-uncased-vocab.txt";
    var vocabulary = SharedData.require("bert-tokenizer").resolve(name);
    var directory = Files.createDirectories(folder.resolve(name));
    Files.copy(vocabulary, directory.resolve("vocab.txt"));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": %s}".formatted(!cased));
    return TokenizerFiles.load(directory);
  }

  private static void compare(JsonNode expected, Tokenizer tokenizer, String text) {
    var ids = tokenizer.encode(text, SpecialTokens.TEXT);
    assertArrayEquals(Fixture.ids(expected.get("ids")), ids, text);
    var names = expected.has("tokens") ? expected.get("tokens") : expected.path("pieces");
    for (int i = 0; i < names.size() && expected.has("tokens"); i++) {
      assertEquals(names.get(i).textValue(), tokenizer.token(ids[i]), text);
    }
    if (expected.has("decoded")) {
      assertEquals(expected.get("decoded").textValue(), tokenizer.decode(ids), text);
    }
  }

  @Test
  void clinicalTextsHaveTheReferenceTokens() throws IOException {
    var vectors = SharedData.require("tokenizer-vectors").resolve("clinical-vectors.json");
    var models = SharedData.require("sentencepiece-test");
    var uncased = bert(false);
    var cased = bert(true);
    var google = TokenizerFiles.load(models.resolve("google-test_model.model"));
    var bpe = TokenizerFiles.load(models.resolve("clin-bpe-bytefallback-2k.model"));
    var unigram = TokenizerFiles.load(models.resolve("clin-unigram-2k.model"));
    var cases = Json.readObject(vectors).get("cases");
    for (var node : cases) {
      var text = node.get("text").textValue();
      compare(node.get("bert_uncased"), uncased, text);
      compare(node.get("bert_cased"), cased, text);
      compare(node.get("spm_unigram"), google, text);
      compare(node.get("spm_bpe_bytefallback"), bpe, text);
      compare(node.get("spm_unigram_clin"), unigram, text);
    }
    assertTrue(cases.size() >= 17, cases.size() + " cases");
  }

  @Test
  void aSentencePieceModelSurvivesASave() throws IOException {
    var file = SharedData.require("sentencepiece-test").resolve("clin-unigram-2k.model");
    var tokenizer = TokenizerFiles.load(file);
    tokenizer.save(folder);
    var again = TokenizerFiles.load(folder);
    var text = "Troponin  was negative twice.";
    assertArrayEquals(tokenizer.encode(text), again.encode(text));
    assertEquals(tokenizer.endOfTextId(), again.endOfTextId());
    assertEquals("Troponin was negative twice.", again.decode(again.encode(text)));
    assertEquals(-1, Files.mismatch(file, folder.resolve("tokenizer.model")));
  }

  private Tokenizer gpt2() throws IOException {
    var files = SharedData.require("gpt2-tokenizer");
    var directory = Files.createDirectories(folder.resolve("gpt2"));
    for (var name : List.of("vocab.json", "merges.txt")) {
      Files.copy(files.resolve(name), directory.resolve(name));
    }
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"GPT2Tokenizer\", \"pad_token\": \"<|endoftext|>\"}");
    return TokenizerFiles.load(directory);
  }

  /** Pairs, windows, sides, token types, masks and places, as transformers has them. */
  @Test
  void pairsAndWindowsAreThoseOfTheLibrary() throws IOException {
    var bert = bert(true);
    var gpt2 = gpt2();
    var file = SharedData.require("recipe-cases").resolve("encode-pairs.json");
    int windows = 0;
    for (var node : Json.readObject(file).get("cases")) {
      var tokenizer = node.get("tokenizer").textValue().equals("gpt2") ? gpt2 : bert;
      var texts =
          node.get("pair").isNull()
              ? new String[] {node.get("text").textValue()}
              : new String[] {node.get("text").textValue(), node.get("pair").textValue()};
      var name = node.get("settings") + " " + List.of(texts);
      if (node.has("raises")) {
        var e =
            assertThrows(
                IllegalArgumentException.class, () -> encode(tokenizer, node, texts), name);
        assertEquals(1, e.getMessage().lines().count(), name);
        continue;
      }
      var encodings = encode(tokenizer, node, texts);
      boolean all = node.at("/settings/return_overflowing_tokens").booleanValue();
      var expected = node.get("windows");
      assertEquals(expected.size(), all ? encodings.size() : 1, name);
      for (int i = 0; i < expected.size(); i++) {
        compare(expected.get(i), encodings.get(i), texts, name + " window " + i);
        windows++;
      }
    }
    assertTrue(windows > 300, windows + " windows");
  }

  private static List<Encoding> encode(Tokenizer tokenizer, JsonNode node, String... texts) {
    var settings = (ObjectNode) node.get("settings");
    boolean added = settings.path("add_special_tokens").asBoolean(true);
    var second = texts.length == 1 ? null : texts[1];
    var cut = settings.path("truncation");
    var strategy =
        cut.isTextual()
            ? Truncation.Strategy.valueOf(cut.textValue().toUpperCase(Locale.ROOT))
            : Truncation.Strategy.LONGEST_FIRST;
    int maxLength = settings.path("max_length").asInt();
    var truncation =
        new Truncation(
            cut.isMissingNode() ? 1_000_000 : maxLength,
            strategy,
            settings.path("stride").asInt(0),
            side(node, "truncation_side"));
    var encodings =
        tokenizer.encodeWindows(texts[0], second, SpecialTokens.PARSE, added, truncation);
    if (!settings.has("padding")) {
      return encodings;
    }
    return Padding.to(maxLength, tokenizer)
        .on(side(node, "padding_side"))
        .toMultipleOf(settings.path("pad_to_multiple_of").asInt(0))
        .pad(encodings);
  }

  private static Side side(JsonNode node, String name) {
    return node.get(name).textValue().equals("left") ? Side.LEFT : Side.RIGHT;
  }

  private static void compare(JsonNode expected, Encoding window, String[] texts, String name) {
    assertArrayEquals(Fixture.ids(expected.get("ids")), window.ids(), name);
    assertArrayEquals(Fixture.ids(expected.get("token_type_ids")), window.typeIds(), name);
    assertArrayEquals(Fixture.ids(expected.get("attention_mask")), window.attentionMask(), name);
    var special = expected.get("special_tokens_mask");
    for (int i = 0; i < window.size(); i++) {
      assertEquals(special.get(i).intValue() == 1, window.special()[i], name);
      int sequence = expected.get("sequence_ids").get(i).asInt(-1);
      assertEquals(sequence, window.texts()[i], name);
    }
    assertEquals(places(expected.get("offsets_utf16")), places(window), name);
    assertEquals(places(expected.get("offsets")), places(window.inCodePoints(texts)), name);
  }

  private static String places(JsonNode offsets) {
    return offsets.toString();
  }

  private static String places(Encoding window) {
    return IntStream.range(0, window.size())
        .mapToObj(i -> "[" + window.starts()[i] + "," + window.ends()[i] + "]")
        .collect(Collectors.joining(",", "[", "]"));
  }
}
