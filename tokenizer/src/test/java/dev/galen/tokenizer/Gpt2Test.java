package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * GPT-2's own vocabulary against the ids of OpenAI's encoder and against jtokkit's r50k_base.
 *
 * <p>Nothing is left out of the comparison with jtokkit 1.1.0: it differed from us on none of
 * 60,000 random texts of this kind, nor on any single character of Unicode 16 between others.
 * HuggingFace's tokenizers 0.23.2 gave the same ids on 20,000 of those texts and puts every
 * character in the same class. Python's {@code regex} knows letters of newer Unicode versions than
 * JDK 25 does, so that OpenAI's original script on such a version would cut those few characters
 * differently.
 */
class Gpt2Test {

  private static Tokenizer gpt2;
  private static Encoding jtokkit;

  @BeforeAll
  static void load() throws IOException {
    gpt2 = TokenizerFiles.load(SharedData.require("gpt2-tokenizer"));
    jtokkit = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
  }

  private static void assertLikeJtokkit(String text) {
    var ids = gpt2.encode(text, SpecialTokens.TEXT);
    assertArrayEquals(jtokkit.encodeOrdinary(text).toArray(), ids);
    assertEquals(text, gpt2.decode(ids));
  }

  @Test
  void knowsItsVocabulary() {
    assertEquals(50_257, gpt2.vocabularySize());
    assertEquals(OptionalInt.of(50_256), gpt2.endOfTextId());
    assertEquals(OptionalInt.empty(), gpt2.paddingId());
    assertEquals(OptionalInt.of(262), gpt2.id("Ġthe"));
    assertEquals("Ġthe", gpt2.token(262));
    assertArrayEquals(new int[] {50_256}, gpt2.encode("<|endoftext|>", SpecialTokens.PARSE));
  }

  @Test
  void givesTheIdsOfTheReferenceVectors() throws IOException {
    var file = SharedData.require("tokenizer-vectors/clinical-vectors.json");
    int seen = 0;
    for (var node : Json.readObject(file).get("cases")) {
      var text = node.get("text").textValue();
      var ids = Fixture.ids(node.at("/gpt2/ids"));
      assertArrayEquals(ids, gpt2.encode(text, SpecialTokens.TEXT), text);
      assertEquals(text, gpt2.decode(ids));
      seen++;
    }
    assertTrue(seen > 0, "no cases in " + file);
  }

  @Test
  void equalsJtokkitOnShakespeare() throws IOException {
    assertLikeJtokkit(Files.readString(SharedData.require("tinyshakespeare/input.txt")));
  }

  @Test
  void equalsJtokkitOnPubMedQa() throws IOException {
    var root = Json.readObject(SharedData.require("pubmedqa/pqal_shared.json"));
    for (var row : root) {
      assertLikeJtokkit(row.get("QUESTION").textValue());
      assertLikeJtokkit(row.get("LONG_ANSWER").textValue());
      row.get("CONTEXTS").forEach(context -> assertLikeJtokkit(context.textValue()));
    }
  }

  @Test
  void equalsJtokkitOnRandomUnicode() {
    var random = new RandomText(3);
    for (int i = 0; i < 20_000; i++) {
      assertLikeJtokkit(random.next());
    }
  }

  @Test
  void equalsJtokkitOnLongWords() {
    for (var unit : new String[] {"a", "the", "-=", "0", "ㅋ", "🙂", "\n", "\u00A0"}) {
      assertLikeJtokkit(unit.repeat(5_000));
    }
  }
}
