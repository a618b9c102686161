package dev.galen.tokenizer.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tokenizer.pattern.LiteralFinder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tokens become on the way back; the strings are those of tokenizers 0.23.2. */
class DecodersTest {

  @Test
  void tokensAreJoinedWithSpacesOrWithout() {
    assertEquals(
        List.of("no acute distress"), Decoders.spaced().decode(words("no acute distress")));
    assertEquals(List.of("noacute"), Decoders.fuse().decode(words("no acute")));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  @Test
  void whatSpeechRecognisersRepeatIsSaidOnce() {
    var heard =
        List.of("h", "h", "<pad>", "e", "l", "l", "<pad>", "l", "o", "|", "|", "y", "<pad>");
    assertEquals(
        List.of("h", "e", "l", "l", "o", " ", "y"), Decoders.ctc("<pad>", "|", true).decode(heard));
    assertEquals(
        List.of("h", "e", "l", "l", "o", "|", "y"),
        Decoders.ctc("<pad>", "|", false).decode(heard));
    assertEquals(List.of(), Decoders.ctc("<pad>", "|", true).decode(List.of("<pad>", "<pad>")));
  }

  @Test
  void onlySoManyCharactersAreStrippedFromEachEnd() {
    var strip = Decoders.strip('_', 1, 2);
    assertEquals(
        List.of("_a_", "a", "b", "_", "a_b"),
        strip.decode(List.of("__a___", "_a__", "b", "____", "a_b")));
    assertEquals(List.of(""), strip.decode(List.of("__"))); // where tokenizers panics
    assertEquals(List.of("__a"), Decoders.strip('_', 0, 5).decode(List.of("__a__")));
    assertEquals(List.of("a__"), Decoders.strip('_', 5, 0).decode(List.of("__a__")));
  }

  @Test
  void bytesThatAreNoCharacterAreShownOneByOne() {
    var fallback = Decoders.byteFallback();
    assertEquals(List.of("é", "a"), fallback.decode(List.of("<0xC3>", "<0xA9>", "a")));
    assertEquals(
        List.of("\uFFFD", "\uFFFD", "a", "\uFFFD"),
        fallback.decode(List.of("<0xE2>", "<0x82>", "a", "<0xFF>")));
    assertEquals(List.of("a", "b"), fallback.decode(List.of("a", "b")));
  }

  @Test
  void everyMatchIsReplaced() {
    var replace = Decoders.replace(new LiteralFinder("\u2581"), " ");
    assertEquals(
        List.of(" a  b", "", "é c"),
        replace.decode(List.of("\u2581a\u2581\u2581b", "", "é\u2581c")));
  }
}
