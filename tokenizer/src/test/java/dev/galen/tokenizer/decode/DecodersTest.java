package dev.galen.tokenizer.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tokenizer.pattern.LiteralFinder;
import dev.galen.tokenizer.stage.Decoder;
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
    assertEquals(List.of(""), Decoders.strip('_', 5, 0).decode(List.of("__")));
  }

  @Test
  void bytesThatAreNoCharacterAreShownOneByOne() {
    var fallback = Decoders.byteFallback();
    assertEquals(List.of("é", "a"), fallback.decode(List.of("<0xC3>", "<0xA9>", "a")));
    assertEquals(
        List.of("\uFFFD", "\uFFFD", "a", "\uFFFD"),
        fallback.decode(List.of("<0xE2>", "<0x82>", "a", "<0xFF>")));
    assertEquals(List.of("a", "b"), fallback.decode(List.of("a", "b")));
    assertEquals(List.of("\u0000", "a"), fallback.decode(List.of("<0x00>", "a")));
  }

  private static String decoded(Decoder decoder, String... tokens) {
    return String.join("", decoder.decode(List.of(tokens)));
  }

  @Test
  void whatEndsAWordBecomesASpaceButAtTheEnd() {
    var bpe = Decoders.bpe("</w>");
    assertEquals("the pain", decoded(bpe, "the</w>", "pa", "in</w>"));
    assertEquals("the", decoded(bpe, "the</w>"));
    assertEquals("the pa", decoded(bpe, "the</w>", "pa"));
  }

  @Test
  void wordsAreJoinedToTheirParts() {
    var cleaned = Decoders.wordPiece("##", true);
    assertEquals(
        "##the painful. do not it's a ' b",
        decoded(cleaned, "##the", "pain", "##ful", ".", "do", "not", "it", "'s", "a", "'", "b"));
    assertEquals(
        "the painful . do not",
        decoded(Decoders.wordPiece("##", false), "the", "pain", "##ful", ".", "do", "not"));
  }

  @Test
  void theSpaceThatWasPutInFrontGoes() {
    String[] tokens = {"\u2581the", "\u2581pain", "ful", "\u2581\u2581x"};
    assertEquals("the painful  x", decoded(Decoders.metaspace(0x2581, true), tokens));
    assertEquals(" the painful  x", decoded(Decoders.metaspace(0x2581, false), tokens));
    var chain =
        new DecoderChain(
            List.of(
                Decoders.replace(new LiteralFinder("\u2581"), " "),
                Decoders.fuse(),
                Decoders.strip(' ', 1, 0)));
    assertEquals(List.of("a b"), chain.decode(List.of("\u2581a", "\u2581b")));
  }

  @Test
  void everyMatchIsReplaced() {
    var replace = Decoders.replace(new LiteralFinder("\u2581"), " ");
    assertEquals(
        List.of(" a  b", "", "é c"),
        replace.decode(List.of("\u2581a\u2581\u2581b", "", "é\u2581c")));
  }
}
