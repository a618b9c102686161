package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.split.WordBoundaries;
import dev.galen.tokenizer.text.ByteLevel;
import dev.galen.tokenizer.text.Quote;
import dev.galen.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each word of a corpus occurs. */
public final class WordCounts {

  /** A word's ids, of which merges leave fewer and fewer, and how often it occurs. */
  public static final class Word {
    final int[] ids;
    final long count;
    int size;

    Word(int[] ids, long count) {
      this.ids = ids;
      this.count = count;
      this.size = ids.length;
    }

    /**
     * A word.
     *
     * @param ids the ids of its characters, which learning changes
     * @param count how often it occurs
     */
    public static Word of(int[] ids, long count) {
      return new Word(ids, count);
    }
  }

  /**
   * A count that is changed in place, so that a word seen again costs no allocation but its key.
   */
  private static final class Count {
    long value;
  }

  /** A longer word, in bytes, is no word, and a merge that visits it takes a second. */
  public static final int LONGEST = 1 << 24;

  /**
   * What a different word takes while it is learned from, in bytes of heap: for each of its bytes
   * the byte, an id of four, and its place in the list of a pair; and its entries in tables.
   */
  private static final int HEAP_PER_BYTE = 12;

  private static final int HEAP_PER_WORD = 160;

  private final Map<String, Count> counts = new HashMap<>();
  private final long heap;
  private long held;
  private int longest;

  /**
   * No words yet.
   *
   * @param heap how many bytes of heap there are; words may take two thirds
   */
  public WordCounts(long heap) {
    this.heap = heap;
  }

  public void addText(String text) {
    var utf8 = Utf8.encode(text);
    int start = 0;
    while (start < utf8.length) {
      int end = WordBoundaries.wordEnd(utf8, start, utf8.length);
      if (end - start > LONGEST) {
        throw new IllegalArgumentException(
            ("a word of %,d bytes begins with \"%s\"; the longest that a tokenizer learns from has"
                    + " %,d: break it up by spaces or line ends, or leave it out")
                .formatted(end - start, shown(utf8, start), LONGEST));
      }
      // Latin-1 keeps bytes as they are, one to a character and one byte of memory each.
      var word = new String(utf8, start, end - start, StandardCharsets.ISO_8859_1);
      var count = counts.get(word);
      if (count == null) {
        requireRoom(end - start);
        count = new Count();
        counts.put(word, count);
      }
      count.value++;
      start = end;
    }
  }

  private void requireRoom(int length) {
    held += (long) HEAP_PER_BYTE * length + HEAP_PER_WORD;
    longest = Math.max(longest, length);
    if (held > heap / 3 * 2) {
      throw new IllegalArgumentException(
          ("up to here the texts have %,d different words, the longest of %,d bytes, and the heap"
                  + " of %,d MiB has no room for more; give more, for example"
                  + " GALEN_JAVA_OPTS=-Xmx%dg, or fewer texts")
              .formatted(counts.size(), longest, heap >> 20, Math.max(2, (heap >> 29) + 1)));
    }
  }

  private static String shown(byte[] utf8, int start) {
    var text = Quote.of(new String(utf8, start, 200, StandardCharsets.UTF_8));
    return text.substring(0, text.offsetByCodePoints(0, 20)) + "...";
  }

  /**
   * The words as ids.
   *
   * @param firstByte the id of the first byte in the order of spelling
   */
  public List<Word> words(int firstByte) {
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
