package dev.galen.tokenizer.unigram;

import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.text.Utf8;

/**
 * The likeliest way to cut a text into pieces (Kudo 2018, "Subword Regularization", section 3.2):
 * the sum of the pieces' scores is the greatest; of equals the one that is found first stays.
 *
 * @param pieces the pieces with their ids
 * @param scores the score of each id, a logarithm
 * @param unknown the id of a character that is no piece
 * @param unknownScore the score of such a character
 * @param singlePrecision whether sums are kept in F32, as in SentencePiece; else in F64, as in
 *     HuggingFace's library
 */
public record Viterbi(
    ByteTrie pieces, double[] scores, int unknown, double unknownScore, boolean singlePrecision) {

  /** How much less likely than the worst piece a character is that is none. */
  public static final double UNKNOWN_PENALTY = 10;

  /**
   * Cuts {@code utf8[start, end)}, which is not empty.
   *
   * @return for every byte position from {@code start} to {@code end}, at twice its distance from
   *     {@code start}: where the last piece of the best way there starts, as such a distance, and
   *     behind it the piece's id
   */
  public int[] search(byte[] utf8, int start, int end) {
    return search(utf8, start, end, -2);
  }

  /** The same for a whole text, without one of the pieces. */
  int[] searchWithout(int piece, byte[] utf8) {
    return search(utf8, 0, utf8.length, piece);
  }

  private int[] search(byte[] utf8, int start, int end, int without) {
    int size = end - start;
    var best = new double[size + 1];
    var path = new int[2 * size + 2];
    for (int i = 0; i <= size; i++) {
      path[2 * i] = -1;
    }
    for (int at = 0; at < size; ) {
      int character = Utf8.length(utf8[start + at]);
      boolean single = false;
      int node = ByteTrie.ROOT;
      for (int i = at; i < size; ) {
        node = pieces.step(node, utf8[start + i++]);
        if (node == ByteTrie.NONE) {
          break;
        }
        int id = pieces.value(node);
        if (id >= 0 && id != without) {
          offer(best, path, at, i, scores[id] + best[at], id);
          single |= i == at + character;
        }
      }
      if (!single) {
        double score = unknownScore + best[at];
        offer(best, path, at, at + character, singlePrecision ? (float) score : score, unknown);
      }
      at += character;
    }
    return path;
  }

  /** In single precision a sum is compared before it is rounded: so does SentencePiece 0.1. */
  private void offer(double[] best, int[] path, int from, int to, double score, int id) {
    if (path[2 * to] < 0 || score > best[to]) {
      best[to] = singlePrecision ? (float) score : score;
      path[2 * to] = from;
      path[2 * to + 1] = id;
    }
  }
}
