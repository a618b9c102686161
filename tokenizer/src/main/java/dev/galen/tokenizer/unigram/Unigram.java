package dev.galen.tokenizer.unigram;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.stage.WordCache;
import dev.galen.tokenizer.text.ByteFallback;
import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.text.Quote;
import java.nio.charset.StandardCharsets;

/**
 * A unigram language model: a word is cut the way that is likeliest (Kudo 2018, "Subword
 * Regularization"). Neighbouring characters without a piece are one unknown token, or the bytes
 * that they are made of. As HuggingFace's library computes it.
 */
public final class Unigram implements TokenModel {

  private final Vocabulary vocabulary;
  private final double[] scores;
  private final int unknown;
  private final ByteFallback bytes;
  private final Viterbi viterbi;
  private final WordCache cache = new WordCache();

  /**
   * A model.
   *
   * @param vocabulary the pieces
   * @param scores the logarithm of each piece's probability, by id
   * @param unknown the id of the unknown token, or -1 if there is none
   * @param fallsBackToBytes whether unknown characters become tokens such as {@code <0x0A>} where
   *     the vocabulary has all of them
   */
  public Unigram(Vocabulary vocabulary, double[] scores, int unknown, boolean fallsBackToBytes) {
    this.vocabulary = vocabulary;
    this.scores = scores;
    this.unknown = unknown;
    this.bytes = fallsBackToBytes ? ByteFallback.of(vocabulary::id) : null;
    var trie = new ByteTrie(4 * vocabulary.count());
    double worst = Double.POSITIVE_INFINITY;
    for (int id = 0; id < vocabulary.size(); id++) {
      worst = Math.min(worst, scores[id]);
      if (!vocabulary.tokenOrNull(id).isEmpty()) {
        trie.put(vocabulary.tokenOrNull(id).getBytes(StandardCharsets.UTF_8), id);
      }
    }
    this.viterbi = new Viterbi(trie, scores, unknown, worst - Viterbi.UNKNOWN_PENALTY, false);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The logarithm of a piece's probability. */
  public double score(int id) {
    return scores[id];
  }

  /** The id of the unknown token, or -1. */
  public int unknownId() {
    return unknown;
  }

  /** Whether unknown characters become bytes. */
  public boolean fallsBackToBytes() {
    return bytes != null;
  }

  @Override
  public void encode(byte[] utf8, int start, int end, TokenList tokens) {
    if (start == end || cache.append(utf8, start, end, tokens)) {
      return;
    }
    int first = tokens.ids().size();
    int[] path = viterbi.search(utf8, start, end);
    // From the end on: the end of each piece, and its id; unknown neighbours are one.
    var found = new IntList(16);
    for (int at = end - start; at > 0; at = path[2 * at]) {
      int id = path[2 * at + 1];
      int last = found.size() - 1;
      if (id != unknown || last < 0 || found.get(last) != unknown) {
        found.add(at);
        found.add(id);
      }
    }
    int from = start;
    for (int i = found.size() - 2; i >= 0; i -= 2) {
      int to = start + found.get(i);
      if (found.get(i + 1) == unknown) {
        addUnknown(utf8, from, to, tokens);
      } else {
        tokens.add(found.get(i + 1), from, to);
      }
      from = to;
    }
    cache.put(utf8, start, end, tokens, first);
  }

  private void addUnknown(byte[] utf8, int start, int end, TokenList tokens) {
    // Unknown neighbours together may be a piece: the library looks them up as one.
    var text = new String(utf8, start, end - start, StandardCharsets.UTF_8);
    int known = vocabulary.id(text);
    if (known < 0 && bytes != null && bytes.hasAll(utf8, start, end)) {
      for (int i = start; i < end; i++) {
        tokens.add(bytes.id(utf8[i]), start, end);
      }
      return;
    }
    if (known < 0 && unknown < 0) {
      throw new IllegalArgumentException(
          "the vocabulary has no token for \"%s\", and there is no unknown token"
              .formatted(Quote.of(text)));
    }
    tokens.add(known < 0 ? unknown : known, start, end);
  }
}
