package dev.galen.tokenizer.unigram;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.unigram.UnigramLearner.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The substrings of words with which learning begins: those that occur more than once and are not
 * always followed by the same character, and every character.
 */
final class Seeds {

  /** The longest substring, in characters. */
  private static final int LONGEST = 16;

  /** How many substrings at most. */
  private static final int MOST = 1_000_000;

  /** The characters of all words, with -1 behind each word. */
  private final IntList text = new IntList(1 << 12);

  /** How often the word occurs in which a character stands. */
  private final List<Long> weights = new ArrayList<>();

  private record Candidate(int start, int length, long count) {
    double weight() {
      return (double) count * length;
    }
  }

  Seeds(Map<String, Long> words) {
    for (var word : words.entrySet()) {
      word.getKey()
          .codePoints()
          .forEach(
              c -> {
                text.add(c);
                weights.add(word.getValue());
              });
      text.add(-1);
      weights.add(0L);
    }
  }

  List<Piece> pieces() {
    var candidates = new ArrayList<Candidate>();
    // Which substring of the length at hand starts at each place, and how often it occurs.
    var groups = new int[text.size()];
    var starts = new IntList(1024);
    for (int at = 0; at < groups.length; at++) {
      if (text.get(at) >= 0) {
        starts.add(at);
      }
    }
    List<Candidate> shorter = List.of();
    for (int length = 1; length <= LONGEST && starts.size() > 0; length++) {
      var longer = new ArrayList<Candidate>();
      var ids = new HashMap<Long, Integer>();
      var counts = new ArrayList<long[]>();
      var parents = new IntList(64);
      for (int i = 0; i < starts.size(); i++) {
        int at = starts.get(i);
        long key = (long) groups[at] << 21 | text.get(at + length - 1);
        Integer id = ids.get(key);
        if (id == null) {
          id = ids.size();
          ids.put(key, id);
          counts.add(new long[] {0, at, 0});
          parents.add(groups[at]);
        }
        counts.get(id)[0] += weights.get(at);
        counts.get(id)[2]++;
        groups[at] = id;
      }
      addBranching(shorter, counts, parents, candidates);
      for (var count : counts) {
        longer.add(new Candidate((int) count[1], length, count[0]));
      }
      shorter = longer;
      var next = new IntList(starts.size());
      for (int i = 0; i < starts.size(); i++) {
        int at = starts.get(i);
        if (counts.get(groups[at])[0] > 1 && text.get(at + length) >= 0) {
          next.add(at);
        }
      }
      starts = next;
    }
    candidates.addAll(shorter);
    return likeliest(candidates);
  }

  /** Keeps the substrings that no single longer one can stand for. */
  private static void addBranching(
      List<Candidate> shorter, List<long[]> counts, IntList parents, List<Candidate> to) {
    var covered = new boolean[shorter.size()];
    for (int id = 0; id < counts.size() && !shorter.isEmpty(); id++) {
      int parent = parents.get(id);
      covered[parent] |= counts.get(id)[0] == shorter.get(parent).count();
    }
    for (int id = 0; id < covered.length; id++) {
      if (!covered[id] || shorter.get(id).length() == 1) {
        to.add(shorter.get(id));
      }
    }
  }

  private List<Piece> likeliest(List<Candidate> candidates) {
    candidates.removeIf(candidate -> candidate.length() > 1 && candidate.count() < 2);
    candidates.sort(
        Comparator.comparing((Candidate candidate) -> candidate.length() > 1)
            .thenComparing(Comparator.comparingDouble(Candidate::weight).reversed())
            .thenComparingInt(Candidate::start)
            .thenComparingInt(Candidate::length));
    var kept = candidates.subList(0, Math.min(MOST, candidates.size()));
    double sum = 0;
    for (var candidate : kept) {
      sum += candidate.weight();
    }
    var pieces = new ArrayList<Piece>(kept.size());
    for (var candidate : kept) {
      var piece = new StringBuilder();
      for (int i = 0; i < candidate.length(); i++) {
        piece.appendCodePoint(text.get(candidate.start() + i));
      }
      pieces.add(new Piece(piece.toString(), Math.log(candidate.weight() / sum)));
    }
    return pieces;
  }
}
