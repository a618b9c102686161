package dev.galen.tokenizer.unigram;

import dev.galen.tokenizer.text.ByteTrie;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Learns the pieces of a unigram language model (Kudo 2018, "Subword Regularization", section 3.2):
 * from many substrings, expectation maximization finds their probabilities, and those whose loss
 * costs least go, until few enough are left. The same words give the same pieces on every run.
 */
public final class UnigramLearner {

  /** A piece and the logarithm of its probability. */
  public record Piece(String text, double score) {}

  /** How many pieces a round leaves. */
  private static final double SHRINKING = 0.75;

  /** How often expectation and maximization follow each other before pieces go. */
  private static final int ROUNDS = 2;

  /** A piece that is expected less often goes. */
  private static final double LEAST_EXPECTED = 0.5;

  private final int size;
  private final byte[][] words;
  private final long[] counts;
  private final Map<String, Long> all;
  private List<Piece> pieces;
  private Viterbi viterbi;

  /**
   * A corpus.
   *
   * @param words how often each word occurs
   * @param size how many pieces there are to be, with every character
   */
  public UnigramLearner(Map<String, Long> words, int size) {
    this.size = size;
    this.all = new TreeMap<>(words);
    this.words = new byte[all.size()][];
    this.counts = new long[all.size()];
    int i = 0;
    for (var word : all.entrySet()) {
      this.words[i] = word.getKey().getBytes(StandardCharsets.UTF_8);
      counts[i++] = word.getValue();
    }
  }

  /**
   * Learns.
   *
   * @return the pieces, likeliest first
   * @throws IllegalArgumentException if there are more characters than pieces
   */
  public List<Piece> learn() {
    var characters = new TreeSet<String>();
    for (var word : all.keySet()) {
      word.codePoints().forEach(c -> characters.add(Character.toString(c)));
    }
    if (characters.size() > size) {
      throw new IllegalArgumentException(
          "the texts have %d different characters, more than the %d tokens that there is room for"
              .formatted(characters.size(), size));
    }
    use(new Seeds(all).pieces());
    int enough = size / 10 * 11 + size % 10;
    int before = -1;
    while (true) {
      for (int round = 0; round < ROUNDS; round++) {
        use(maximize(expect()));
      }
      // None can go if each has a character that is no piece itself.
      if (pieces.size() <= enough || pieces.size() == before) {
        return finish(characters);
      }
      before = pieces.size();
      use(new Pruning().prune(Math.max(enough, (int) (pieces.size() * SHRINKING))));
    }
  }

  private void use(List<Piece> pieces) {
    this.pieces = pieces;
    var trie = new ByteTrie(8 * pieces.size());
    var scores = new double[pieces.size()];
    double worst = 0;
    for (int id = 0; id < scores.length; id++) {
      trie.put(pieces.get(id).text().getBytes(StandardCharsets.UTF_8), id);
      scores[id] = pieces.get(id).score();
      worst = Math.min(worst, scores[id]);
    }
    viterbi = new Viterbi(trie, scores, -1, worst - Viterbi.UNKNOWN_PENALTY, false);
  }

  /** How often each piece is expected, over all ways to cut the words. */
  private double[] expect() {
    var expected = new double[pieces.size()];
    var lattice = new Lattice(viterbi);
    for (int i = 0; i < words.length; i++) {
      lattice.addExpected(words[i], counts[i], expected);
    }
    return expected;
  }

  /** The probabilities that fit what is expected best, but for a prior that likes few pieces. */
  private List<Piece> maximize(double[] expected) {
    double sum = 0;
    for (double count : expected) {
      sum += count < LEAST_EXPECTED ? 0 : count;
    }
    double logSum = Lattice.digamma(sum);
    var kept = new ArrayList<Piece>();
    for (int id = 0; id < expected.length; id++) {
      if (expected[id] >= LEAST_EXPECTED) {
        kept.add(new Piece(pieces.get(id).text(), Lattice.digamma(expected[id]) - logSum));
      }
    }
    return kept;
  }

  private List<Piece> finish(TreeSet<String> characters) {
    var known = new HashSet<String>();
    double worst = 0;
    for (var piece : pieces) {
      known.add(piece.text());
      worst = Math.min(worst, piece.score());
    }
    var finished = new ArrayList<Piece>();
    for (var character : characters) {
      if (!known.contains(character)) {
        finished.add(new Piece(character, worst));
        worst += 0.0001; // no two alike, as in SentencePiece
      }
    }
    var byScore = Comparator.comparingDouble(Piece::score).reversed().thenComparing(Piece::text);
    var rest = new ArrayList<Piece>();
    for (var piece : pieces) {
      (characters.contains(piece.text()) ? finished : rest).add(piece);
    }
    rest.sort(byScore);
    finished.addAll(rest.subList(0, Math.min(rest.size(), Math.max(0, size - finished.size()))));
    finished.sort(byScore);
    return finished;
  }

  /** Finds the pieces that can go. */
  private final class Pruning {

    private final double[] frequency = new double[pieces.size()];
    private double sum;
    private double texts;

    List<Piece> prune(int wanted) {
      for (int i = 0; i < words.length; i++) {
        int[] path = viterbi.search(words[i], 0, words[i].length);
        for (int at = words[i].length; at > 0; at = path[2 * at]) {
          if (path[2 * at + 1] >= 0) {
            frequency[path[2 * at + 1]] += counts[i];
          }
        }
        texts += counts[i];
      }
      for (double count : frequency) {
        sum += count;
      }
      var kept = new ArrayList<Piece>();
      record Candidate(int id, double loss) {}
      var candidates = new ArrayList<Candidate>();
      for (int id = 0; id < frequency.length; id++) {
        var other = otherWay(id);
        if (other == null) {
          kept.add(pieces.get(id)); // a character: nothing stands for it
        } else if (frequency[id] > 0) {
          candidates.add(new Candidate(id, loss(id, other)));
        }
      }
      candidates.sort(
          Comparator.comparingDouble(Candidate::loss).reversed().thenComparingInt(Candidate::id));
      for (var candidate : candidates) {
        if (kept.size() >= wanted) {
          break;
        }
        kept.add(pieces.get(candidate.id));
      }
      return kept;
    }

    /** The ids of the best way to spell a piece without it, or null if there is none. */
    private List<Integer> otherWay(int id) {
      byte[] text = pieces.get(id).text().getBytes(StandardCharsets.UTF_8);
      int[] path = viterbi.searchWithout(id, text);
      var ids = new ArrayList<Integer>();
      for (int at = text.length; at > 0; at = path[2 * at]) {
        if (path[2 * at + 1] < 0) {
          return null;
        }
        ids.add(path[2 * at + 1]);
      }
      return ids;
    }

    /** How much less likely the texts are without a piece. */
    private double loss(int id, List<Integer> other) {
      double withPiece = Math.log(frequency[id]) - Math.log(sum);
      double logSum = Math.log(sum + frequency[id] * (other.size() - 1));
      double without = 0;
      for (int part : other) {
        without += Math.log(frequency[part] + frequency[id]) - logSum;
      }
      return frequency[id] / texts * (withPiece - without);
    }
  }
}
