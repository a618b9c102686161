package dev.galen.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.bpe.MergeLearner.Merge;
import dev.galen.tokenizer.bpe.WordCounts.Word;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.ByteLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What byte-level models learn and do, against the plain way. */
class LearningTest {

  /** By the book: count all pairs, merge the most frequent everywhere, begin again. */
  private static List<Merge> plain(
      List<String> tokens, List<int[]> words, long[] counts, int size, long least, int prefix) {
    var merges = new ArrayList<Merge>();
    while (tokens.size() < size) {
      var pairs = new TreeMap<Long, Long>();
      for (int w = 0; w < counts.length; w++) {
        int[] ids = words.get(w);
        for (int i = 0; i + 1 < ids.length; i++) {
          pairs.merge((long) ids[i] << 32 | ids[i + 1], counts[w], Long::sum);
        }
      }
      long best = -1;
      for (var pair : pairs.entrySet()) {
        if (best < 0 || pair.getValue() > pairs.get(best)) {
          best = pair.getKey();
        }
      }
      if (best < 0 || pairs.get(best) < least) {
        break;
      }
      int left = (int) (best >> 32);
      int right = (int) best;
      var token = tokens.get(left) + tokens.get(right).substring(prefix);
      if (!tokens.contains(token)) {
        tokens.add(token);
      }
      int made = tokens.indexOf(token);
      merges.add(new Merge(left, right, made));
      for (int w = 0; w < counts.length; w++) {
        int[] ids = words.get(w);
        var merged = new ArrayList<Integer>();
        for (int i = 0; i < ids.length; i++) {
          boolean joins = i + 1 < ids.length && ids[i] == left && ids[i + 1] == right;
          merged.add(joins ? made : ids[i]);
          i += joins ? 1 : 0;
        }
        words.set(w, merged.stream().mapToInt(id -> id).toArray());
      }
    }
    return merges;
  }

  @Test
  void theMostFrequentPairIsMergedEachTime() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new Random(seed);
      boolean prefixed = seed % 3 == 2;
      var tokens =
          new ArrayList<>(
              prefixed ? List.of("a", "b", "##a", "##b") : List.of("a", "b", "c", "aa"));
      var words = new ArrayList<int[]>();
      var learned = new ArrayList<Word>();
      var counts = new long[12];
      for (int w = 0; w < counts.length; w++) {
        int[] ids = new int[1 + random.nextInt(9)];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = prefixed ? (i == 0 ? 0 : 2) + random.nextInt(2) : random.nextInt(3);
        }
        counts[w] = 1 + random.nextInt(5);
        words.add(ids);
        learned.add(Word.of(ids.clone(), counts[w]));
      }
      int size = 4 + random.nextInt(20);
      long least = 1 + random.nextInt(4);
      var plainTokens = new ArrayList<>(tokens);
      var expected = plain(plainTokens, words, counts, size, least, prefixed ? 2 : 0);
      var learner =
          prefixed ? new MergeLearner(tokens, learned, "##") : new MergeLearner(tokens, learned);
      learner.learn(size, least);
      assertEquals(expected, learner.merges(), "seed " + seed);
      assertEquals(plainTokens, tokens, "seed " + seed);
    }
  }

  @Test
  void wordsAreCountedWithTheSpaceBeforeThem() {
    var counts = new WordCounts(1 << 20);
    counts.addText("the cat the cat");
    counts.addText(" the");
    counts.addText("\u00e9");
    counts.addText("");
    var found = new TreeMap<String, Long>();
    var alphabet = ByteLevel.alphabet();
    for (var word : counts.words(100)) {
      var text = new StringBuilder();
      for (int id : word.ids) {
        text.append(alphabet[id - 100]);
      }
      found.put(text.toString(), word.count);
    }
    var expected = new TreeMap<String, Long>();
    expected.put("the", 1L);
    expected.put("\u0120the", 2L);
    expected.put("\u0120cat", 2L);
    expected.put("\u00c3\u00a9", 1L);
    assertEquals(expected, found);
  }

  @Test
  void wordsThatDoNotFitTheHeapAreRefusedByTheirNumber() {
    // Room for 3 words of 10 bytes, each of which takes 280 bytes, of two thirds of 1,400.
    var counts = new WordCounts(1400);
    counts.addText("aaaaaaaaaa\n".strip());
    counts.addText("bbbbbbbbbb");
    counts.addText("aaaaaaaaaa");
    counts.addText("cccccccccc");
    var e = assertThrows(IllegalArgumentException.class, () -> counts.addText("dddddddddd"));
    assertEquals(
        "up to here the texts have 3 different words, the longest of 10 bytes, and the heap of 0"
            + " MiB has no room for more; give more, for example GALEN_JAVA_OPTS=-Xmx2g, or fewer"
            + " texts",
        e.getMessage());
    var large = new WordCounts(3L << 30);
    large.addText("a");
  }

  private static Vocabulary bytes(String... more) {
    var tokens = new ArrayList<String>();
    for (char c : ByteLevel.alphabet()) {
      tokens.add(String.valueOf(c));
    }
    tokens.addAll(List.of(more));
    return Vocabulary.of(tokens);
  }

  private static String encoded(ByteLevelBpe model, String text) {
    var tokens = TokenList.withPlaces(2);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    tokens.add(0, 0, 1);
    model.encode(utf8, 1, utf8.length - 1, tokens);
    var shown = new ArrayList<String>();
    for (int i = 1; i < tokens.ids().size(); i++) {
      shown.add(
          model.vocabulary().tokenOrNull(tokens.ids().get(i))
              + "@"
              + tokens.start(i)
              + "-"
              + tokens.end(i));
    }
    var ids = TokenList.ofIds(2);
    model.encode(utf8, 1, utf8.length - 1, ids);
    assertArrayEquals(
        Arrays.copyOfRange(tokens.ids().toArray(), 1, tokens.ids().size()), ids.ids().toArray());
    return String.join(" ", shown);
  }

  @Test
  void bytesMergeByRank() throws IOException {
    var vocabulary = bytes("ab", "abc", "bc", "\u00c3\u00a9", "abcd");
    var merges = new Merges(vocabulary);
    merges.addLine("b c", () -> "merges.txt:1");
    merges.addLine("a b", () -> "merges.txt:2");
    merges.addLine("ab c", () -> "merges.txt:3");
    merges.addLine("\u00c3 \u00a9", () -> "merges.txt:4");
    var model = new ByteLevelBpe(vocabulary, merges, false);
    assertFalse(model.ignoresMerges());
    assertEquals(merges, model.merges());
    for (int round = 0; round < 2; round++) {
      assertEquals("a@1-2 bc@2-4", encoded(model, "<abc>"));
      assertEquals("ab@1-3 a@3-4", encoded(model, "<aba>"));
      assertEquals("\u00c3\u00a9@1-3 bc@3-5", encoded(model, "<\u00e9bc>"));
    }
    var whole = new ByteLevelBpe(vocabulary, merges, true);
    assertTrue(whole.ignoresMerges());
    assertEquals("abcd@1-5", encoded(whole, "<abcd>"));
    assertEquals("abc@1-4", encoded(whole, "<abc>"));
    assertEquals("a@1-2 bc@2-4 a@4-5", encoded(whole, "<abca>"));
    assertEquals(4, merges.size());
    assertEquals("ab", merges.left(2));
    assertEquals("c", merges.right(2));
    assertEquals("ab c", merges.line(2));
    assertTrue(merges.isLine(2));
    assertArrayEquals(new byte[] {'a', ' '}, new ByteLevelDecoder().bytes("a\u0120"));
  }

  private static String refusal(Merges merges, String line) {
    return assertThrows(IOException.class, () -> merges.addLine(line, () -> "merges.txt:7"), line)
        .getMessage();
  }

  @Test
  void aMergeThatNamesNoTokensIsRefusedByItsPlace() throws IOException {
    var merges = new Merges(bytes("ab", "b c"));
    for (String line : List.of("ab", " ab", "a ", "a b c", "")) {
      assertEquals(
          "merges.txt:7: expected two tokens separated by one space, got \"" + line + "\"",
          refusal(merges, line));
    }
    assertEquals("merges.txt:7: \"ac\" is not in the vocabulary", refusal(merges, "a c"));
    assertEquals("merges.txt:7: \"xy\" is not in the vocabulary", refusal(merges, "xy a"));
    var e = assertThrows(IOException.class, () -> merges.add("b c", "a", () -> "vocab"));
    assertEquals("vocab: \"b c\" is not a byte-level token", e.getMessage());
    var characters =
        Merges.ofCharacters(Vocabulary.of(List.of("a", "##b", "ab", " c", "a c")), "##");
    characters.add("a", "##b", () -> "x");
    assertEquals("a ##b", characters.line(0));
    assertTrue(characters.isLine(0));
    characters.add(0, 3, 4);
    assertFalse(characters.isLine(1));
    characters.add(3, 0, 4);
    assertFalse(characters.isLine(2));
  }

  @Test
  void longWordsMergeAsShortOnesDo() throws IOException {
    var vocabulary = bytes("aa", "aaaa", "ab");
    var merges = new Merges(vocabulary);
    for (String line : List.of("a a", "aa aa", "a b")) {
      merges.addLine(line, () -> "merges");
    }
    var model = new ByteLevelBpe(vocabulary, merges, false);
    for (int length = 120; length < 140; length++) {
      String text = "<" + "a".repeat(length) + "b>";
      var tokens = new ArrayList<>(List.of(encoded(model, text).split(" ")));
      assertEquals(
          length / 4 + length % 4 / 2 + length % 2 + (length % 2 == 1 ? 0 : 1),
          tokens.size(),
          text);
      assertEquals(
          (length % 2 == 1 ? "ab@" + length + "-" : "b@" + (length + 1) + "-") + (length + 2),
          tokens.getLast());
    }
  }
}
