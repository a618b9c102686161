package dev.galen.tokenizer.unigram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.Fixture;
import dev.galen.tokenizer.StageCases;
import dev.galen.tokenizer.hf.Json;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.ByteTrie;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The likeliest cut, all cuts, and the pieces that are learned, each against the plain way. */
class UnigramTest {

  @TempDir Path folder;

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void tokensAreThoseOfTheLibrary() throws IOException {
    int rows = 0;
    for (var set : StageCases.of("models.json")) {
      var component = set.get("model");
      if (component.get("type").textValue().equals("Unigram")) {
        var model = StageCases.stages(folder, "model", component).model();
        for (var row : set.get("texts")) {
          StageCases.assertTokens(model, row, component.get("vocab").size() + " " + row);
          rows++;
        }
      }
    }
    assertEquals(250, rows);
  }

  @Test
  void aModelTellsItsSettings() {
    var vocabulary = Vocabulary.of(List.of("a", "b"));
    var model = new Unigram(vocabulary, new double[] {-1, -2}, -1, false);
    assertEquals(-2, model.score(1));
    assertEquals(-1, model.unknownId());
    assertFalse(model.fallsBackToBytes());
    assertTrue(new Unigram(vocabulary, new double[] {-1, -2}, 0, true).fallsBackToBytes());
    assertEquals(1, new Unigram(vocabulary, new double[] {-1, -2}, 1, true).unknownId());
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> model.encode(utf8("axyb"), 0, 4, TokenList.ofIds(4)));
    assertEquals(
        "the vocabulary has no token for \"xy\", and there is no unknown token", e.getMessage());
  }

  private static final List<String> PIECES =
      List.of("a", "b", "ab", "ba", "aba", "\u00e9", "a\u00e9", "bb", "abab");

  private static Viterbi model(double... scores) {
    var trie = new ByteTrie(16);
    for (int id = 0; id < PIECES.size(); id++) {
      trie.put(utf8(PIECES.get(id)), id);
    }
    return new Viterbi(trie, scores, -1, -20, false);
  }

  /** All ways to cut a word: the ids of the pieces, -1 for a character that is none. */
  private static List<List<Integer>> cuts(String word, int without) {
    if (word.isEmpty()) {
      return List.of(List.of());
    }
    var all = new ArrayList<List<Integer>>();
    boolean single = false;
    int first = word.offsetByCodePoints(0, 1);
    for (int id = 0; id < PIECES.size(); id++) {
      if (id != without && word.startsWith(PIECES.get(id))) {
        single |= PIECES.get(id).length() == first;
        addCuts(id, word.substring(PIECES.get(id).length()), without, all);
      }
    }
    if (!single) {
      addCuts(-1, word.substring(first), without, all);
    }
    return all;
  }

  private static void addCuts(int id, String rest, int without, List<List<Integer>> all) {
    for (var behind : cuts(rest, without)) {
      var cut = new ArrayList<Integer>(List.of(id));
      cut.addAll(behind);
      all.add(cut);
    }
  }

  private static double score(List<Integer> cut, double[] scores) {
    return cut.stream().mapToDouble(id -> id < 0 ? -20 : scores[id]).sum();
  }

  private static List<Integer> path(int[] path, int length) {
    var ids = new ArrayList<Integer>();
    for (int at = length; at > 0; at = path[2 * at]) {
      ids.addFirst(path[2 * at + 1]);
    }
    return ids;
  }

  private static double[] randomScores(Random random) {
    return random.doubles(PIECES.size(), -9, -1).toArray();
  }

  private static final List<String> WORDS =
      List.of(
          "a",
          "ab",
          "aba",
          "abab",
          "ababa",
          "b\u00e9ab",
          "\u00e9",
          "a\u00e9x",
          "xabba",
          "xx",
          "bbab",
          "aab\u00e9");

  @Test
  void theLikeliestOfAllCutsIsFound() {
    var random = new Random(3);
    for (int round = 0; round < 40; round++) {
      double[] scores = randomScores(random);
      for (String word : WORDS) {
        for (int without = -2; without < 3; without++) {
          int left = without;
          double best =
              cuts(word, left).stream().mapToDouble(cut -> score(cut, scores)).max().orElseThrow();
          byte[] text = utf8(word);
          int[] path =
              left < 0
                  ? model(scores).search(text, 0, text.length)
                  : model(scores).searchWithout(left, text);
          assertEquals(best, score(path(path, text.length), scores), 1e-9, word);
        }
        byte[] within = utf8("b" + word + "a");
        assertEquals(
            path(model(scores).search(utf8(word), 0, utf8(word).length), utf8(word).length),
            path(model(scores).search(within, 1, within.length - 1), within.length - 2));
      }
    }
  }

  /** In F32 the score of the whole word is rounded up, in F64 it is the least. */
  @Test
  void sumsAreOfOnePrecision() {
    double[] scores = {-1, -1 - 0.5e-9, -2 - 1e-9, -9, -9, -9, -9, -9, -9};
    byte[] word = utf8("ab");
    assertEquals(List.of(0, 1), path(model(scores).search(word, 0, 2), 2));
    var single = new Viterbi(model(scores).pieces(), scores, -1, -20, true);
    assertEquals(List.of(2), path(single.search(word, 0, 2), 2));
    scores[1] = -1;
    scores[2] = -2;
    assertEquals(List.of(2), path(model(scores).search(word, 0, 2), 2), "the first that is found");
  }

  @Test
  void aPieceIsExpectedAsOftenAsItsCutsAreLikely() {
    var random = new Random(4);
    for (String word : WORDS) {
      double[] scores = randomScores(random);
      var expected = new double[PIECES.size()];
      new Lattice(model(scores)).addExpected(utf8(word), 3, expected);
      var plain = new double[PIECES.size()];
      double sum = cuts(word, -2).stream().mapToDouble(cut -> Math.exp(score(cut, scores))).sum();
      for (var cut : cuts(word, -2)) {
        for (int id : cut) {
          if (id >= 0) {
            plain[id] += 3 * Math.exp(score(cut, scores)) / sum;
          }
        }
      }
      assertArrayEquals(plain, expected, 1e-9, word);
    }
  }

  /** Abramowitz and Stegun, table 6.1 and formula 6.3.2. */
  @Test
  void digammaHasItsKnownValues() {
    assertEquals(-0.57721566490153286, Lattice.digamma(1), 1e-9);
    assertEquals(-1.96351002602142348, Lattice.digamma(0.5), 1e-9);
    assertEquals(0.42278433509846714, Lattice.digamma(2), 1e-9);
    assertEquals(1.87278433509846714, Lattice.digamma(7), 1e-8);
    assertEquals(2.25175258906672111, Lattice.digamma(10), 1e-10);
    for (double x : new double[] {0.5, 3.25, 6.9, 7, 7.1, 100}) {
      assertEquals(1 / x, Lattice.digamma(x + 1) - Lattice.digamma(x), 1e-7, "x " + x);
    }
  }

  /** Every substring by the definition, one by one. */
  private static Map<String, Double> plainSeeds(Map<String, Long> words) {
    var counts = new TreeMap<String, Long>();
    for (var word : words.entrySet()) {
      int[] c = word.getKey().codePoints().toArray();
      for (int from = 0; from < c.length; from++) {
        for (int to = from + 1; to <= Math.min(c.length, from + 16); to++) {
          counts.merge(new String(c, from, to - from), word.getValue(), Long::sum);
        }
      }
    }
    var weights = new LinkedHashMap<String, Double>();
    counts.forEach(
        (piece, count) -> {
          int length = piece.codePointCount(0, piece.length());
          boolean stoodFor =
              length < 16
                  && counts.entrySet().stream()
                      .anyMatch(
                          e ->
                              e.getKey().startsWith(piece)
                                  && e.getKey().codePointCount(0, e.getKey().length()) == length + 1
                                  && e.getValue().equals(count));
          if (length == 1 || (count > 1 && !stoodFor)) {
            weights.put(piece, (double) count * length);
          }
        });
    double sum = weights.values().stream().mapToDouble(w -> w).sum();
    weights.replaceAll((piece, weight) -> Math.log(weight / sum));
    return weights;
  }

  private static final Map<String, Long> CORPUS =
      Map.of(
          "\u2581the",
          7L,
          "\u2581then",
          3L,
          "\u2581there",
          2L,
          "\u2581other",
          2L,
          "\u2581a",
          5L,
          "\u2581caf\u00e9",
          2L,
          "\u2581" + "na".repeat(12),
          2L,
          "\u2581x",
          1L,
          "\u2581\ud83d\ude42\ud83d\ude42",
          2L,
          "\u2581banana",
          4L);

  @Test
  void seedsAreTheSubstringsThatNoLongerOneStandsFor() {
    var pieces = new Seeds(new TreeMap<>(CORPUS)).pieces();
    var found = new TreeMap<String, Double>();
    pieces.forEach(piece -> assertEquals(null, found.put(piece.text(), piece.score())));
    var plain = plainSeeds(CORPUS);
    assertEquals(new TreeSet<>(plain.keySet()), found.keySet());
    plain.forEach((piece, score) -> assertEquals(score, found.get(piece), 1e-12, piece));
    // Characters first, then the heaviest.
    int characters = 0;
    while (pieces.get(characters).text().codePointCount(0, pieces.get(characters).text().length())
        == 1) {
      characters++;
    }
    for (int i = 1; i < pieces.size(); i++) {
      if (i != characters) {
        assertTrue(pieces.get(i).score() <= pieces.get(i - 1).score(), pieces.get(i).text());
      } else {
        assertTrue(pieces.get(i).text().length() > 1);
      }
    }
    assertEquals(List.of(), new Seeds(Map.of()).pieces());
  }

  @Test
  void asManyPiecesAreLearnedAsAskedFor() {
    for (int size : new int[] {14, 18, 20, 24}) {
      var pieces = new UnigramLearner(CORPUS, size).learn();
      assertEquals(size, pieces.size());
      assertEquals(size, pieces.stream().map(UnigramLearner.Piece::text).distinct().count());
      var texts = pieces.stream().map(UnigramLearner.Piece::text).toList();
      for (String word : CORPUS.keySet()) {
        word.codePoints().forEach(c -> assertTrue(texts.contains(Character.toString(c)), word));
      }
      for (int i = 1; i < size; i++) {
        assertTrue(pieces.get(i).score() <= pieces.get(i - 1).score());
      }
    }
  }

  /** By the book, as unigram/make.py writes it; in some of these no piece can go at the end. */
  @Test
  void thePiecesAreThoseOfThePlainWay() throws IOException {
    int learned = 0;
    for (var set : Json.MAPPER.readTree(Fixture.read("unigram/", "learned.json"))) {
      var words = new TreeMap<String, Long>();
      set.get("words").properties().forEach(e -> words.put(e.getKey(), e.getValue().longValue()));
      int size = set.get("size").intValue();
      var pieces = new UnigramLearner(words, size).learn();
      var scores = new TreeMap<String, Double>();
      pieces.forEach(piece -> scores.put(piece.text(), piece.score()));
      var expected = new TreeMap<String, Double>();
      set.get("pieces").forEach(p -> expected.put(p.get(0).textValue(), p.get(1).doubleValue()));
      assertEquals(expected.keySet(), scores.keySet(), "size " + size);
      expected.forEach((piece, score) -> assertEquals(score, scores.get(piece), 1e-9, piece));
      for (int i = 1; i < pieces.size(); i++) {
        assertTrue(pieces.get(i).score() <= pieces.get(i - 1).score(), "sorted");
      }
      learned++;
    }
    assertEquals(5, learned);
  }

  @Test
  void moreCharactersThanPiecesAreRefused() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new UnigramLearner(Map.of("ab", 1L, "c", 1L), 2).learn());
    assertEquals(
        "the texts have 3 different characters, more than the 2 tokens that there is room for",
        e.getMessage());
    assertEquals(3, new UnigramLearner(Map.of("ab", 1L, "c", 1L), 3).learn().size());
  }

  @Test
  void theOrderOfWordsDoesNotMatter() {
    var words = new ArrayList<>(CORPUS.keySet());
    var first = new UnigramLearner(CORPUS, 24).learn();
    for (int seed = 0; seed < 3; seed++) {
      Collections.shuffle(words, new Random(seed));
      var other = new LinkedHashMap<String, Long>();
      words.forEach(word -> other.put(word, CORPUS.get(word)));
      assertEquals(first, new UnigramLearner(other, 24).learn());
    }
  }

  @Test
  void frequentWordsAreWhole() {
    var texts = new UnigramLearner(CORPUS, 24).learn().stream().map(p -> p.text()).toList();
    assertEquals("\u2581the", texts.getFirst());
    assertTrue(texts.containsAll(List.of("\u2581banana", "\u2581caf\u00e9")), texts.toString());
  }
}
