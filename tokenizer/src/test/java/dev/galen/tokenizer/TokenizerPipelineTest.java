package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerPipelineTest {

  @TempDir Path directory;
  private Tokenizer tokenizer;

  @BeforeEach
  void load() throws IOException {
    tokenizer = TokenizerFiles.load(Fixture.write(directory, root -> {}));
  }

  @Test
  void refusesSpecialTokensByDefault() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> tokenizer.encode("é🙂 then <|endoftext|>!"));
    assertEquals(
        "the text contains the special token \"<|endoftext|>\" at index 9, which is refused unless"
            + " allowed: PARSE means the token (id 0), TEXT its characters",
        e.getMessage());
  }

  @Test
  void parsesSpecialTokensOrTakesThemAsText() {
    var text = "a<|endoftext|>b";
    int[] parsed = tokenizer.encode(text, SpecialTokens.PARSE);
    assertArrayEquals(new int[] {tokenizer.encode("a")[0], 0, tokenizer.encode("b")[0]}, parsed);
    int[] asText = tokenizer.encode(text, SpecialTokens.TEXT);
    for (int id : asText) {
      assertTrue(id > 1, "id " + id + " is special");
    }
    assertEquals(text, tokenizer.decode(parsed));
    assertEquals(text, tokenizer.decode(asText));
  }

  @Test
  void refusesALoneSurrogateByIndex() {
    var e = assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("ok \uDC00"));
    assertEquals(
        "the text has a lone surrogate U+DC00 at index 3, which is no character; remove or replace"
            + " it",
        e.getMessage());
  }

  @Test
  void decodesIdsWithoutATokenToNothing() {
    int size = tokenizer.vocabularySize();
    int the = tokenizer.encode("the")[0];
    for (int id : new int[] {size, size + 1000, Integer.MAX_VALUE}) {
      assertEquals("thethe", tokenizer.decode(the, id, the));
      assertEquals(0, tokenizer.decodeBytes(id).length);
      assertEquals("", tokenizer.streamingDecoder().push(id));
      assertThrows(IllegalArgumentException.class, () -> tokenizer.token(id));
    }
    var e = assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(the, -1));
    assertEquals("id -1 is negative", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.streamingDecoder().push(-1));
  }

  @Test
  void looksTokensUp() {
    assertEquals(506, tokenizer.vocabularySize());
    assertEquals(OptionalInt.of(0), tokenizer.endOfTextId());
    assertEquals(OptionalInt.empty(), tokenizer.paddingId());
    assertEquals(OptionalInt.of(1), tokenizer.id("<pad>"));
    assertEquals(OptionalInt.empty(), tokenizer.id("nonesuch"));
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      assertEquals(OptionalInt.of(id), tokenizer.id(tokenizer.token(id)));
    }
  }

  @Test
  void roundTripsRandomTexts() {
    var random = new RandomText(7);
    for (int i = 0; i < 20_000; i++) {
      var text = random.next();
      int[] ids = tokenizer.encode(text);
      assertEquals(text, tokenizer.decode(ids));
      assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), tokenizer.decodeBytes(ids));
    }
  }

  @Test
  void streamsWhatDecodeGives() {
    var random = new RandomText(8);
    for (int i = 0; i < 2_000; i++) {
      int[] ids = tokenizer.encode(random.next());
      var decoder = tokenizer.streamingDecoder();
      var text = new StringBuilder();
      for (int id : ids) {
        text.append(decoder.push(id));
        assertEquals(-1, text.indexOf("\uFFFD"), "an incomplete character was shown");
      }
      assertEquals("", decoder.finish());
      assertEquals(tokenizer.decode(ids), text.toString());
    }
  }

  @Test
  void streamsACutOffCharacterAtTheEnd() {
    int[] ids = tokenizer.encode("x\uD83D\uDE80");
    var decoder = tokenizer.streamingDecoder();
    assertEquals("x", decoder.push(ids[0]));
    assertEquals("", decoder.push(ids[1]));
    assertEquals("\uFFFD", decoder.finish());
    assertEquals("x", decoder.push(ids[0]), "the decoder is ready for another sequence");
  }

  @Test
  void encodesTheSameInManyThreads() throws Exception {
    var texts = new ArrayList<String>(Fixture.corpus());
    var random = new RandomText(9);
    for (int i = 0; i < 500; i++) {
      texts.add(random.next());
    }
    var expected = texts.stream().map(tokenizer::encode).toList();
    var fresh = TokenizerFiles.load(directory);
    Callable<Void> work =
        () -> {
          for (int round = 0; round < 20; round++) {
            for (int i = 0; i < texts.size(); i++) {
              assertArrayEquals(expected.get(i), fresh.encode(texts.get(i)), texts.get(i));
            }
          }
          return null;
        };
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (Future<Void> done : pool.invokeAll(Collections.nCopies(4, work))) {
        done.get();
      }
    }
  }

  /** More different words than the cache has slots, twice, so that slots change hands. */
  @Test
  void survivesAFullCache() throws IOException {
    var text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append(' ').append(Integer.toString(i * 7919, 26).replaceAll("[0-9]", "z"));
    }
    int[] first = tokenizer.encode(text.toString());
    assertArrayEquals(first, tokenizer.encode(text.toString()));
    assertEquals(text.toString(), tokenizer.decode(first));
  }

  @Test
  void saysWhichByteAVocabularyLacks() throws IOException {
    var small =
        TokenizerFiles.load(
            Fixture.write(
                directory,
                root -> {
                  var model = root.withObject("/model");
                  model.putObject("vocab").put("a", 0).put("b", 1).put("ab", 2);
                  model.putArray("merges").add("a b");
                  root.putArray("added_tokens");
                }));
    assertArrayEquals(new int[] {2, 0}, small.encode("aba"));
    var e = assertThrows(IllegalArgumentException.class, () -> small.encode("ab c"));
    assertEquals(
        "the vocabulary has no token for byte 0x20 (spelled \"Ġ\"), so it cannot encode this text;"
            + " byte-level vocabularies hold all 256",
        e.getMessage());
  }
}
