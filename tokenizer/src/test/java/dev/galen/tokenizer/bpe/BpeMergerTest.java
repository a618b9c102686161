package dev.galen.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BpeMergerTest {

  /** Tokens 0 to 3 are the bytes a to d; merges are random pairs of the tokens before them. */
  private record RandomModel(List<int[]> merges, BpeMerger merger) {

    static RandomModel of(Random random) {
      var merges = new ArrayList<int[]>();
      for (int id = 4; id < 40; id++) {
        merges.add(new int[] {random.nextInt(id), random.nextInt(id), id});
      }
      // A file may list merges in any order, so that a merge can come before its parts'.
      Collections.shuffle(merges.subList(20, 36), random);
      var byteIds = new int[256];
      Arrays.fill(byteIds, -1);
      for (int b = 0; b < 4; b++) {
        byteIds['a' + b] = b;
      }
      var columns = new int[3][];
      for (int c = 0; c < 3; c++) {
        int column = c;
        columns[c] = merges.stream().mapToInt(merge -> merge[column]).toArray();
      }
      var table = new MergeTable(columns[0], columns[1], columns[2]);
      return new RandomModel(merges, new BpeMerger(byteIds, table));
    }

    /** By the book: the first merge of the list that fits anywhere, leftmost place first. */
    int[] naive(String word) {
      var ids = new ArrayList<Integer>(word.chars().map(c -> c - 'a').boxed().toList());
      boolean merged = true;
      while (merged) {
        merged = false;
        search:
        for (int rank = 0; rank < merges.size(); rank++) {
          for (int i = 0; i + 1 < ids.size(); i++) {
            var pair = merges.get(rank);
            if (ids.get(i) == pair[0] && ids.get(i + 1) == pair[1] && isLast(rank)) {
              ids.set(i, pair[2]);
              ids.subList(i + 1, i + 2).clear();
              merged = true;
              break search;
            }
          }
        }
      }
      return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether no later line lists the same pair, which would override this one. */
    private boolean isLast(int rank) {
      var pair = merges.get(rank);
      return merges.subList(rank + 1, merges.size()).stream()
          .noneMatch(later -> later[0] == pair[0] && later[1] == pair[1]);
    }
  }

  private static String randomWord(Random random, int length) {
    var word = new StringBuilder();
    while (word.length() < length) {
      var run = String.valueOf((char) ('a' + random.nextInt(4))).repeat(1 + random.nextInt(5));
      word.append(run, 0, Math.min(run.length(), length - word.length()));
    }
    return word.toString();
  }

  @Test
  void mergesShortAndLongWordsByTheBook() {
    var random = new Random(5);
    for (int round = 0; round < 100; round++) {
      var model = RandomModel.of(random);
      // Scanning up to 128 bytes, the heap beyond.
      for (int length : new int[] {1, 2, 3, 17, 127, 128, 129, 200}) {
        var word = randomWord(random, length);
        var utf8 = word.getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(model.naive(word), model.merger.merge(utf8, 0, utf8.length), word);
      }
    }
  }

  /** For eight times the length a quadratic merge would take 64 times as long. */
  @Test
  void longWordsTakeLinearTime() {
    var random = new Random(6);
    var model = RandomModel.of(random);
    for (var unit : List.of("a", "ab", "abcd", randomWord(random, 1000))) {
      var small = unit.repeat(100_000 / unit.length()).getBytes(StandardCharsets.UTF_8);
      var large = unit.repeat(800_000 / unit.length()).getBytes(StandardCharsets.UTF_8);
      long smallNanos = fastest(model, small);
      long largeNanos = fastest(model, large);
      // The constant forgives a busy machine; a quadratic merge takes a minute here.
      assertTrue(
          largeNanos < 24 * smallNanos + 200_000_000,
          () -> "%s...: %d ns, then %d ns".formatted(unit.charAt(0), smallNanos, largeNanos));
    }
  }

  private static long fastest(RandomModel model, byte[] word) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      model.merger.merge(word, 0, word.length);
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest;
  }

  @Test
  void aByteWithoutATokenIsNamed() {
    var byteIds = new int[256];
    byteIds[0xC3] = -1;
    var merger = new BpeMerger(byteIds, new MergeTable(new int[0], new int[0], new int[0]));
    byte[] text = "ab\u00e9".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(new int[1], merger.merge(text, 1, 2));
    var e = assertThrows(IllegalArgumentException.class, () -> merger.merge(text, 1, 4));
    assertEquals(
        "the vocabulary has no token for byte 0xC3 (spelled \"\u00c3\"), so it cannot encode this"
            + " text; byte-level vocabularies hold all 256",
        e.getMessage());
  }
}
