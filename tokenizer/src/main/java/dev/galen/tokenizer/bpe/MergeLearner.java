package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.bpe.WordCounts.Word;
import dev.galen.tokenizer.stage.IntList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The loop of BPE training. Candidates wait in a heap with the count they had when they were
 * pushed; one whose count has fallen since goes back with the new count when it comes to the top. A
 * merge visits only the words in which its pair may occur.
 */
public final class MergeLearner {

  /** A learned merge. */
  public record Merge(int left, int right, int made) {}

  /** Pairs of ids, packed as left over right, so that they compare like the pair. */
  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /** A pair, how often it was counted, and the words that made it a candidate. */
  private record Candidate(long pair, long count, IntList words) {

    static final Comparator<Candidate> ORDER =
        Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair);

    int left() {
      return (int) (pair >>> 32);
    }

    int right() {
      return (int) pair;
    }
  }

  private final List<String> tokens;

  /** What tokens are spelled with that do not begin a word. */
  private final String prefix;

  private final Map<String, Integer> ids = new HashMap<>();
  private final List<Word> words;
  private final Map<Long, Long> counts = new HashMap<>();
  private final PriorityQueue<Candidate> candidates = new PriorityQueue<>(Candidate.ORDER);
  private final List<Merge> merges = new ArrayList<>();

  /** The words in which the merge at hand has made pairs, by pair. */
  private final Map<Long, IntList> grown = new LinkedHashMap<>();

  /**
   * @param tokens the tokens so far; new ones are appended
   * @param words the corpus
   */
  public MergeLearner(List<String> tokens, List<Word> words) {
    this(tokens, words, "");
  }

  /**
   * @param tokens the tokens so far; new ones are appended
   * @param words the corpus
   * @param prefix what tokens are spelled with that do not begin a word; it is no part of a join
   */
  public MergeLearner(List<String> tokens, List<Word> words, String prefix) {
    this.tokens = tokens;
    this.prefix = prefix;
    this.words = words;
    for (var token : tokens) {
      ids.put(token, ids.size());
    }
    for (int w = 0; w < words.size(); w++) {
      var word = words.get(w);
      for (int i = 0; i + 1 < word.size; i++) {
        grow(pair(word.ids[i], word.ids[i + 1]), w);
      }
    }
    pushGrown();
  }

  public List<Merge> merges() {
    return merges;
  }

  /** Merges until there are {@code vocabularySize} tokens, or no pair is frequent enough. */
  public void learn(int vocabularySize, long minFrequency) {
    while (tokens.size() < vocabularySize && !candidates.isEmpty()) {
      var best = candidates.poll();
      long count = counts.get(best.pair);
      if (count != best.count) {
        if (count > 0) {
          candidates.add(new Candidate(best.pair, count, best.words));
        }
        continue;
      }
      if (count < minFrequency) {
        return;
      }
      merge(best);
    }
  }

  private void merge(Candidate best) {
    var token = tokens.get(best.left()) + tokens.get(best.right()).substring(prefix.length());
    // Two pairs can spell the same token; it keeps its first id.
    var known = ids.putIfAbsent(token, tokens.size());
    int made = known == null ? tokens.size() : known;
    if (known == null) {
      tokens.add(token);
    }
    merges.add(new Merge(best.left(), best.right(), made));
    for (int i = 0; i < best.words.size(); i++) {
      mergeIn(best.words.get(i), best.left(), best.right(), made);
    }
    pushGrown();
  }

  /** Joins every occurrence of a pair in a word, from the left, and corrects the counts. */
  private void mergeIn(int w, int left, int right, int made) {
    var word = words.get(w);
    var ids = word.ids;
    int kept = 0;
    int i = 0;
    while (i < word.size) {
      if (i + 1 == word.size || ids[i] != left || ids[i + 1] != right) {
        ids[kept++] = ids[i++];
        continue;
      }
      if (kept > 0) {
        shrink(pair(ids[kept - 1], left), word);
        grow(pair(ids[kept - 1], made), w);
      }
      if (i + 2 < word.size) {
        shrink(pair(right, ids[i + 2]), word);
        grow(pair(made, ids[i + 2]), w);
      }
      ids[kept++] = made;
      i += 2;
    }
    word.size = kept;
  }

  private void shrink(long pair, Word word) {
    counts.merge(pair, -word.count, Long::sum);
  }

  private void grow(long pair, int w) {
    counts.merge(pair, words.get(w).count, Long::sum);
    var where = grown.computeIfAbsent(pair, p -> new IntList(1));
    if (where.size() == 0 || where.get(where.size() - 1) != w) {
      where.add(w);
    }
  }

  private void pushGrown() {
    grown.forEach(
        (pair, where) -> {
          long count = counts.get(pair);
          if (count > 0) {
            candidates.add(new Candidate(pair, count, where));
          }
        });
    grown.clear();
  }
}
