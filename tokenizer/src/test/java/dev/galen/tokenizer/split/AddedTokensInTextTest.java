package dev.galen.tokenizer.split;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tokenizer.normalize.Lowercase;
import dev.galen.tokenizer.stage.AddedToken;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where added tokens are found in a text, and what they take along. */
class AddedTokensInTextTest {

  private static AddedToken token(int id, String content, String flags) {
    return new AddedToken(
        id,
        content,
        flags.contains("special"),
        flags.contains("left"),
        flags.contains("right"),
        flags.contains("word"),
        flags.contains("normalized"));
  }

  /** What is found in the stretch between the bars: id, and the text with what is swallowed. */
  private static String found(AddedTokens tokens, String text, boolean specialIsText) {
    int bar = text.indexOf('|');
    String before = bar < 0 ? "" : text.substring(0, bar);
    String stretch = bar < 0 ? text : text.substring(bar + 1, text.lastIndexOf('|'));
    String behind = bar < 0 ? "" : text.substring(text.lastIndexOf('|') + 1);
    byte[] utf8 = (before + stretch + behind).getBytes(StandardCharsets.UTF_8);
    int start = before.getBytes(StandardCharsets.UTF_8).length;
    int end = utf8.length - behind.getBytes(StandardCharsets.UTF_8).length;
    return tokens.find(utf8, start, end, specialIsText).stream()
        .map(
            m ->
                m.token().id()
                    + "["
                    + new String(utf8, m.start(), m.end() - m.start(), StandardCharsets.UTF_8)
                    + "]@"
                    + (m.at() - start))
        .collect(Collectors.joining(" "));
  }

  private static String found(String text, AddedToken... tokens) {
    return found(new AddedTokens(List.of(tokens)), text, false);
  }

  @Test
  void theLeftmostAndTheLongestIsFound() {
    var tokens = new AddedToken[] {token(1, "<a>", ""), token(2, "<a><b>", ""), token(3, "b>", "")};
    assertEquals("1[<a>]@1", found("x<a>y", tokens));
    assertEquals("2[<a><b>]@0 1[<a>]@6", found("<a><b><a>", tokens));
    assertEquals("1[<a>]@0 3[b>]@4", found("<a><b>", token(1, "<a>", ""), token(3, "b>", "")));
    assertEquals("1[<a>]@0", found("<a><b", tokens));
    assertEquals("", found("<b", tokens));
    assertEquals("", found("", tokens));
    assertEquals("5[\u00e9]@0 5[\u00e9]@2", found("\u00e9\u00e9", token(5, "\u00e9", "")));
    assertEquals("", found("a"));
    assertEquals("1[a]@0", found("a", token(1, "a", ""), token(2, "", "")));
  }

  @Test
  void onlyTheStretchIsLookedAt() {
    var a = token(1, "<a>", "");
    assertEquals("1[<a>]@0", found("<a>|<a>|<a>", a));
    assertEquals("", found("<|a>|", a));
    assertEquals("", found("|<a|>", a));
    assertEquals("1[ <a> ]@1", found(" | <a> | ", token(1, "<a>", "left right")));
    assertEquals("1[a]@0", found("x|a|x", token(1, "a", "word")));
  }

  @Test
  void specialTokensMayBeText() {
    var tokens = new AddedTokens(List.of(token(1, "<s>", "special"), token(2, "s>", "")));
    assertEquals("1[<s>]@0 2[s>]@4", found(tokens, "<s>.s>", false));
    // It is stepped over as a whole: nothing is found within.
    assertEquals("2[s>]@4", found(tokens, "<s>.s>", true));
  }

  @Test
  void whitespaceIsSwallowedOnce() {
    var both = token(1, "<m>", "left right");
    assertEquals("1[ \t<m>\n ]@3", found("a \t<m>\n b", both));
    assertEquals("1[<m>]@0", found("<m>", both));
    assertEquals("1[ <m>]@2", found("a <m> b", token(1, "<m>", "left")));
    assertEquals("1[<m> ]@2", found("a <m> b", token(1, "<m>", "right")));
    assertEquals("1[<m> ]@0 1[<m>]@4", found("<m> <m>", both));
    assertEquals("1[\u3000<m>\u00a0]@3", found("\u3000<m>\u00a0", both));
    // A token of white space that was swallowed lies behind the other, and one that is left of it.
    assertEquals("1[<m> ]@0 2[ ]@3", found("<m> ", both, token(2, " ", "")));
  }

  @Test
  void aWordOfItsOwnTouchesNoOther() {
    var word = token(1, "mg", "word");
    assertEquals("1[mg]@2", found("5 mg.", word));
    assertEquals("1[mg]@0", found("mg", word));
    for (String none : List.of("5mg", "mgs", "_mg", "mg_", "\u00e9mg", "mg\u0301", "mg1")) {
      assertEquals("", found(none, word), none);
    }
    assertEquals("2[mg]@1", found("5mg", token(2, "mg", "")));
  }

  @Test
  void normalizedTokensAreLookedForInNormalizedText() {
    var tokens = new AddedTokens(List.of(token(1, "MmHg", "normalized")), new Lowercase());
    assertEquals("1[mmhg]@4", found(tokens, "120 mmhg", false));
    assertEquals("", found(tokens, "120 MmHg", false));
  }
}
