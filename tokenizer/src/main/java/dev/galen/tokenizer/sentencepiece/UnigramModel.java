package dev.galen.tokenizer.sentencepiece;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.unigram.Viterbi;
import java.nio.charset.StandardCharsets;

/** The unigram language model of SentencePiece: sums in F32, user-defined pieces always win. */
final class UnigramModel implements Segmenter {

  private final Viterbi viterbi;

  UnigramModel(ModelFile model) {
    var pieces = model.pieces();
    float worst = Float.MAX_VALUE;
    float best = Float.MIN_VALUE;
    for (var piece : pieces) {
      if (piece.type() == PieceType.NORMAL) {
        worst = Math.min(worst, piece.score());
        best = Math.max(best, piece.score());
      }
    }
    var trie = new ByteTrie(4 * pieces.size());
    var scores = new double[pieces.size()];
    for (int id = 0; id < scores.length; id++) {
      var piece = pieces.get(id);
      byte[] utf8 = piece.text().getBytes(StandardCharsets.UTF_8);
      scores[id] = piece.score();
      if (piece.type() == PieceType.USER_DEFINED) {
        scores[id] = utf8.length * best - 0.1; // the product in F32, as there
      }
      if (piece.type() == PieceType.NORMAL || piece.type() == PieceType.USER_DEFINED) {
        trie.put(utf8, id);
      }
    }
    double unknown = worst - (float) Viterbi.UNKNOWN_PENALTY;
    viterbi = new Viterbi(trie, scores, model.training().unknown(), unknown, true);
  }

  @Override
  public void segment(byte[] utf8, int start, int end, TokenList tokens) {
    int[] path = viterbi.search(utf8, start, end);
    var ends = new IntList(16);
    for (int at = end - start; at > 0; at = path[2 * at]) {
      ends.add(at);
    }
    int from = start;
    for (int i = ends.size() - 1; i >= 0; i--) {
      int at = ends.get(i);
      tokens.add(path[2 * at + 1], from, start + at);
      from = start + at;
    }
  }
}
