package dev.galen.model.engine.constraint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a token adds to a text. */
class TokenBytesTest {
  private static final String TEXT = "{\"name\": \"naïve café 日本語\", \"tags\": [1.5, true]}";

  private static String joined(Tokenizer tokenizer, TokenBytes tokens, String text) {
    var bytes = new ByteArrayOutputStream();
    for (int id : tokenizer.encode(text, SpecialTokens.TEXT)) {
      bytes.writeBytes(tokens.bytes(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tokensSideBySideAreTheText() {
    var bytes = Vocabularies.byteLevel();
    assertEquals(TEXT, joined(bytes, TokenBytes.of(bytes), TEXT));
    var pieces = Vocabularies.pieces();
    // The first piece has the space that begins a text.
    assertEquals(" " + TEXT, joined(pieces, TokenBytes.of(pieces), TEXT));
  }

  @Test
  void specialTokensAndIdsBeyondTheVocabularyAddNothing() {
    var tokenizer = Vocabularies.byteLevel();
    var tokens = TokenBytes.of(tokenizer);
    assertEquals(tokenizer.vocabularySize(), tokens.vocabularySize());
    assertArrayEquals(new byte[0], tokens.bytes(tokenizer.endOfTextId().orElseThrow()));
    assertArrayEquals(new byte[0], tokens.bytes(tokens.vocabularySize()));
  }

  @Test
  void everyTokenOfTheSameBytesIsAllowed() {
    var tokens = new TokenBytes(bytes("[", "]", "1", "[", null, "", "[]", "[1"));
    var progress = JsonConstraint.schema("{\"type\":\"array\"}", tokens, Set.of()).begin();
    assertEquals("{0, 3, 6, 7}", progress.allowed(9).toString());
    progress.accept(7);
    assertEquals("{1, 2}", progress.allowed(9).toString());
    assertEquals("{1}", progress.allowed(1).toString());
  }

  @Test
  void aCharacterThatNoTokenSpellsAloneIsReachedByALongerOne() {
    // There is no token for 7 alone: 17 is one, 71 is none.
    var tokens = new TokenBytes(bytes("1", "17", "2"));
    String schema = "{\"type\":\"integer\",\"minimum\":15,\"maximum\":20}";
    var constraint = JsonConstraint.schema(schema, tokens, Set.of());
    assertEquals(1, constraint.shortest());
    assertEquals("{1}", constraint.begin().allowed(2).toString());
  }

  private static byte[][] bytes(String... tokens) {
    return Arrays.stream(tokens)
        .map(token -> token == null ? null : token.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  @Test
  void aMaskOfALargeVocabularyIsQuick() {
    // 50,000 tokens of one to eight letters, as varied as GPT-2's.
    var spelled = new String[50_000];
    for (int i = 0; i < spelled.length; i++) {
      spelled[i] = i < 95 ? Character.toString(' ' + i) : Integer.toString(i * 7919, 36);
    }
    var tokens = new TokenBytes(bytes(spelled));
    var constraint =
        JsonConstraint.schema(
            "{\"type\":\"string\",\"minLength\":1,\"maxLength\":2000}", tokens, Set.of());
    var progress = constraint.begin();
    progress.accept('"' - ' ');
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 200; i++) {
      long from = System.nanoTime();
      var allowed = progress.allowed(100_000);
      best = Math.min(best, System.nanoTime() - from);
      assertTrue(allowed.cardinality() > 49_000);
      progress.accept('x' - ' ');
    }
    // A walk takes under a millisecond on a quiet machine; what is kept takes none.
    assertTrue(best < 20_000_000, best + " ns");
  }
}
