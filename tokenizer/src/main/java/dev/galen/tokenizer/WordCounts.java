package dev.galen.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each word of a corpus occurs. */
final class WordCounts {

  /** A word's ids, of which merges leave fewer and fewer, and how often it occurs. */
  static final class Word {
    final int[] ids;
    final long count;
    int size;

    Word(int[] ids, long count) {
      this.ids = ids;
      this.count = count;
      this.size = ids.length;
    }
  }

  /**
   * A count that is changed in place, so that a word seen again costs no allocation but its key.
   */
  private static final class Count {
    long value;
  }

  private final Map<String, Count> counts = new HashMap<>();

  void addText(String text) {
    var utf8 = Utf8.encode(text);
    int start = 0;
    while (start < utf8.length) {
      int end = PreTokenizer.wordEnd(utf8, start, utf8.length);
      // Latin-1 keeps bytes as they are, one to a character and one byte of memory each.
      var word = new String(utf8, start, end - start, StandardCharsets.ISO_8859_1);
      counts.computeIfAbsent(word, w -> new Count()).value++;
      start = end;
    }
  }

  /**
   * The words as ids.
   *
   * @param firstByte the id of the first byte in the order of spelling
   */
  List<Word> words(int firstByte) {
    var idOfByte = new int[256];
    var alphabet = ByteLevel.alphabet();
    for (int b = 0; b < 256; b++) {
      idOfByte[b] = firstByte + Arrays.binarySearch(alphabet, ByteLevel.character(b));
    }
    var words = new ArrayList<Word>(counts.size());
    counts.forEach(
        (word, count) ->
            words.add(new Word(word.chars().map(b -> idOfByte[b]).toArray(), count.value)));
    return words;
  }
}
