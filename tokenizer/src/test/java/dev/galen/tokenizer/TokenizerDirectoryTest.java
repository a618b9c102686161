package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerDirectoryTest {

  private static final Set<String> FILES =
      Set.of(
          "vocab.json",
          "merges.txt",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json");

  @TempDir Path directory;
  private Tokenizer fixture;

  @BeforeEach
  void load() throws IOException {
    fixture = TokenizerFiles.load(Fixture.write(directory.resolve("fixture"), root -> {}));
  }

  private static void assertSameIds(Tokenizer expected, Tokenizer actual) throws IOException {
    for (var node : Fixture.cases().get("cases")) {
      var text = node.get("text").textValue();
      for (var policy : List.of(SpecialTokens.PARSE, SpecialTokens.TEXT)) {
        assertArrayEquals(expected.encode(text, policy), actual.encode(text, policy), text);
      }
    }
  }

  @Test
  void savesWhatItLoads() throws IOException {
    var saved = directory.resolve("new/saved");
    fixture.save(saved);
    try (var files = Files.list(saved)) {
      var names = new TreeSet<String>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      assertEquals(new TreeSet<>(FILES), names);
    }
    assertSameIds(fixture, TokenizerFiles.load(saved));

    var again = directory.resolve("again");
    TokenizerFiles.load(saved).save(again);
    for (var name : FILES) {
      assertEquals(-1, Files.mismatch(saved.resolve(name), again.resolve(name)), name);
    }
  }

  /** Beside the roles a template knows a model's own tokens, as those of transformers do. */
  @Test
  void namesAModelsOwnTokens() throws IOException {
    fixture.save(directory);
    var file = directory.resolve("tokenizer_config.json");
    var config = (ObjectNode) Json.MAPPER.readTree(file.toFile());
    config.put("image_token", "<|endoftext|>");
    config.putObject("extra_special_tokens").put("answer", "<|endoftext|>");
    Files.writeString(file, config.toString());
    var names = TokenizerFiles.load(directory).specialTokens();
    assertEquals("<|endoftext|>", names.get("image_token"));
    assertEquals("<|endoftext|>", names.get("answer"));
    assertEquals(null, names.get("add_bos_token"));
  }

  /** Whatever could be read as a tokenizer gives way to the one that is saved. */
  @Test
  void replacesEveryFileThatATokenizerIsReadFrom() throws IOException {
    Files.createDirectories(directory);
    for (var name : TokenizerFiles.VOCABULARIES) {
      Files.writeString(directory.resolve(name), "of another tokenizer");
      assertTrue(TokenizerFiles.ALL.contains(name), name);
    }
    fixture.save(directory);
    for (var name : TokenizerFiles.ALL) {
      assertEquals(FILES.contains(name), Files.exists(directory.resolve(name)), name);
    }
    assertSameIds(fixture, TokenizerFiles.load(directory));
  }

  @Test
  void loadsTheOlderLayoutOfWhatItSaves() throws IOException {
    fixture.save(directory);
    Files.delete(directory.resolve("tokenizer.json"));
    var older = TokenizerFiles.load(directory);
    assertSameIds(fixture, older);
    assertEquals(OptionalInt.of(0), older.endOfTextId());
    Files.move(directory.resolve("vocab.json"), directory.resolve("encoder.json"));
    Files.move(directory.resolve("merges.txt"), directory.resolve("vocab.bpe"));
    assertSameIds(fixture, TokenizerFiles.load(directory));
  }

  @Test
  void takesEndOfTextOfABareVocabularyAsSpecial() throws IOException {
    fixture.save(directory);
    for (var name : FILES) {
      if (!name.equals("vocab.json") && !name.equals("merges.txt")) {
        Files.delete(directory.resolve(name));
      }
    }
    var bare = TokenizerFiles.load(directory);
    assertEquals(500, bare.vocabularySize());
    assertEquals(OptionalInt.of(0), bare.endOfTextId());
    assertThrows(IllegalArgumentException.class, () -> bare.encode("<|endoftext|>"));
    assertArrayEquals(new int[] {0}, bare.encode("<|endoftext|>", SpecialTokens.PARSE));
    assertTrue(bare.encode("<pad>").length > 1, "nothing says that <pad> is special");
  }

  @Test
  void readsSpecialTokensFromTheFilesBeside() throws IOException {
    fixture.save(directory);
    Files.delete(directory.resolve("tokenizer.json"));
    write("tokenizer_config.json", "{\"eos_token\": {\"content\": \"<|eot|>\", \"lstrip\": true}}");
    write(
        "special_tokens_map.json", "{\"eos_token\": \"<|endoftext|>\", \"pad_token\": \"<pad>\"}");
    write("added_tokens.json", "{\"<|eot|>\": 500, \"BP\": 501}");
    var tokenizer = TokenizerFiles.load(directory);
    assertEquals(502, tokenizer.vocabularySize());
    assertEquals(OptionalInt.of(0), tokenizer.endOfTextId(), "the map, as in transformers");
    assertEquals(OptionalInt.of(1), tokenizer.paddingId());
    assertArrayEquals(new int[] {501}, tokenizer.encode("BP"));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("<pad>"));
    tokenizer.save(directory.resolve("saved"));
    var saved = TokenizerFiles.load(directory.resolve("saved"));
    assertEquals(OptionalInt.of(1), saved.paddingId());
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  private void assertRefused(String message) {
    var e = assertThrows(IOException.class, () -> TokenizerFiles.load(directory));
    assertEquals(directory + message, e.getMessage());
  }

  private void assertRefused(Consumer<ObjectNode> change, String message) throws IOException {
    Fixture.write(directory, change);
    assertRefused("/tokenizer.json: " + message);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    assertRefused(": has neither tokenizer.json nor vocab.json or encoder.json");
    write("vocab.json", "{\"a\": 0}");
    assertRefused(": has neither tokenizer.json nor merges.txt or vocab.bpe");
    var nowhere = directory.resolve("nowhere");
    var e = assertThrows(IOException.class, () -> TokenizerFiles.load(nowhere));
    assertEquals(nowhere + ": no such directory", e.getMessage());
  }

  @Test
  void saysWhatIsWrongWithAVocabulary() throws IOException {
    write("merges.txt", "");
    write("vocab.json", "{\"a\": 0,\n \"b\": 1");
    assertRefused(
        "/vocab.json: not valid JSON at line 2, column 8: Unexpected end-of-input: expected close"
            + " marker for Object");
    write("vocab.json", "[1]");
    assertRefused("/vocab.json: expected a JSON object, got array");
    write("vocab.json", "{}");
    assertRefused("/vocab.json: the vocabulary is empty");
    write("vocab.json", "{\"a\": 0, \"a\": 1}");
    assertRefused("/vocab.json: not valid JSON at line 1, column 13: Duplicate field 'a'");
    write("vocab.json", "{\"a\": 0, \"b\": 0}");
    assertRefused("/vocab.json: tokens \"a\" and \"b\" have the same id 0");
    write("vocab.json", "{\"a\": -1}");
    assertRefused("/vocab.json: token \"a\" has the negative id -1");
    write("vocab.json", "{\"a\": 0, \"b\": 1000000000}");
    assertRefused(
        "/vocab.json: token \"b\" has id 1000000000, but there are only 2 tokens; ids must be"
            + " dense");
    write("vocab.json", "{\"a\": \"0\"}");
    assertRefused("/vocab.json: the id of token \"a\" is \"0\", not an int");
  }

  @Test
  void toleratesAFewHoles() throws IOException {
    write("merges.txt", "");
    write("vocab.json", "{\"a\": 0, \"b\": 1, \"c\": 3}");
    var tokenizer = TokenizerFiles.load(directory);
    assertEquals(4, tokenizer.vocabularySize());
    assertEquals("ac", tokenizer.decode(0, 2, 3));
  }

  @Test
  void saysWhatIsWrongWithMerges() throws IOException {
    write("vocab.json", "{\"a\": 0, \"b\": 1, \"ab\": 2, \"中\": 3, \"a中\": 4}");
    write("merges.txt", "#version: 0.2\na b\na b c\n");
    assertRefused("/merges.txt: line 3: expected two tokens separated by one space, got \"a b c\"");
    write("merges.txt", "a b\nab");
    assertRefused("/merges.txt: line 2: expected two tokens separated by one space, got \"ab\"");
    write("merges.txt", "a b\n\na x\n");
    assertRefused("/merges.txt: line 3: \"x\" is not in the vocabulary");
    write("merges.txt", "b a\n");
    assertRefused("/merges.txt: line 1: \"ba\" is not in the vocabulary");
    write("merges.txt", "a 中\n");
    assertRefused("/merges.txt: line 1: \"中\" is not a byte-level token");
    Files.write(directory.resolve("merges.txt"), new byte[] {'a', ' ', 'b', '\n', (byte) 0xFF});
    assertRefused("/merges.txt: not valid UTF-8; save it as UTF-8");
    write("merges.txt", "a b\r\n");
    assertArrayEquals(new int[] {2}, TokenizerFiles.load(directory).encode("ab"));
  }

  @Test
  void refusesWhatItCannotReproduce() throws IOException {
    assertRefused(
        root -> root.withObject("/model").put("type", "Wonder"),
        "model Wonder is not supported (only BPE, WordPiece, Unigram and WordLevel are)");
    assertRefused(
        root -> root.withObject("/model").put("dropout", 0.1),
        "BPE dropout 0.1 is not supported (only null is)");
    assertRefused(
        root ->
            root.withObject("/model").put("end_of_word_suffix", "</w>").put("byte_fallback", true),
        "BPE byte_fallback with end_of_word_suffix is not supported (only one of them is)");
    assertRefused(
        root -> root.putObject("pre_tokenizer").put("type", "FixedLength").put("length", 0),
        "pre_tokenizer: FixedLength with length 0");
    assertRefused(
        root ->
            root.putObject("pre_tokenizer")
                .put("type", "Metaspace")
                .put("prepend_scheme", "sometimes"),
        "pre_tokenizer Metaspace with prepend_scheme sometimes is not supported (only first, never"
            + " and always are)");
    assertRefused(
        root ->
            root.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "Isolated")
                .putObject("pattern")
                .put("Regex", "a\\K"),
        "pre_tokenizer: the regular expression \"a\\K\" is not supported: \\K");
    assertRefused(
        root ->
            root.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "Isolated")
                .putObject("pattern")
                .put("String", ""),
        "pre_tokenizer Split with pattern {\"String\":\"\"} is not supported (only a String that is"
            + " not empty and a Regex are)");
    assertRefused(
        root -> root.putObject("pre_tokenizer").put("type", "Punctuation").put("behavior", "Odd"),
        "pre_tokenizer Punctuation with behavior \"Odd\" is not supported (only Removed, Isolated,"
            + " MergedWithPrevious, MergedWithNext and Contiguous are)");
    assertRefused(
        root ->
            root.putObject("normalizer")
                .put("type", "Precompiled")
                .put("precompiled_charsmap", "AAAA"),
        "normalizer: precompiled_charsmap: the precompiled charsmap is cut off");
    assertRefused(
        root -> root.putObject("decoder").put("type", "Strip").put("content", "ab"),
        "decoder: content is \"ab\", expected one character");
  }

  @Test
  void saysWhatIsWrongWithATokenizerJson() throws IOException {
    assertRefused(
        root -> root.remove("model"),
        "model none is not supported (only BPE, WordPiece, Unigram and WordLevel are)");
    assertRefused(
        root -> root.withObject("/model").remove("vocab"),
        "model.vocab: expected an object of ids by token, got nothing");
    assertRefused(
        root -> root.withObject("/model").remove("merges"),
        "model.merges is missing or not an array");
    assertRefused(
        root -> root.withObject("/model").withArray("merges").insert(1, 5),
        "model.merges[1]: expected \"a b\" or [\"a\", \"b\"], got 5");
    assertRefused(
        root -> root.withObject("/model").withArray("merges").insert(2, "x nonesuch"),
        "model.merges[2]: \"nonesuch\" is not in the vocabulary");
    assertRefused(
        root -> ((ObjectNode) root.at("/added_tokens/0")).put("id", 7),
        "added token \"<|endoftext|>\" has id 7, but the vocabulary gives it id 0");
    assertRefused(
        root -> ((ObjectNode) root.at("/added_tokens/2")).put("id", 7),
        "tokens \"&\" and \"<mask>\" have the same id 7");
    assertRefused(
        root -> ((ObjectNode) root.at("/added_tokens/1")).put("content", "<|endoftext|>"),
        "added_tokens[1]: \"<|endoftext|>\" is listed twice");
    assertRefused(
        root -> ((ObjectNode) root.at("/added_tokens/1")).put("content", ""),
        "added_tokens[1]: an added token is empty; take it out");
    assertRefused(
        root -> ((ObjectNode) root.at("/added_tokens/1")).put("content", "x\uD800"),
        "added_tokens[1]: added token: the text has a lone surrogate U+D800 at index 1, which is no"
            + " character; remove or replace it");
  }
}
