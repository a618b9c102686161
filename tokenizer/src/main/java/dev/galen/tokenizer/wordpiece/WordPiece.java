package dev.galen.tokenizer.wordpiece;

import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.stage.WordCache;
import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.text.Quote;
import dev.galen.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * WordPiece: takes the longest token that a word begins with, then the longest of the rest that is
 * spelled with a prefix, and so on (Wu et al. 2016, "Google's Neural Machine Translation System";
 * the greedy search is BERT's). A word that comes out in no such way, or that is too long, is one
 * unknown token as a whole.
 */
public final class WordPiece implements TokenModel {

  private final Vocabulary vocabulary;
  private final String unknown;
  private final String prefix;
  private final int longestWord;
  private final ByteTrie tokens;
  private final int prefixNode;
  private final WordCache cache = new WordCache();

  /**
   * A model.
   *
   * @param unknown the token of a word that has no others; may be missing from the vocabulary as
   *     long as no text needs it
   * @param prefix what tokens that do not begin a word are spelled with, such as {@code ##}
   * @param longestWord a word of more characters is unknown
   */
  public WordPiece(Vocabulary vocabulary, String unknown, String prefix, int longestWord) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.prefix = prefix;
    this.longestWord = longestWord;
    this.tokens = new ByteTrie(4 * vocabulary.count());
    for (int id = 0; id < vocabulary.size(); id++) {
      var token = vocabulary.tokenOrNull(id);
      if (token != null && !token.isEmpty()) {
        tokens.put(token.getBytes(StandardCharsets.UTF_8), id);
      }
    }
    int node = ByteTrie.ROOT;
    for (byte b : prefix.getBytes(StandardCharsets.UTF_8)) {
      node = node == ByteTrie.NONE ? node : tokens.step(node, b);
    }
    this.prefixNode = node;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The token of a word that has no others. */
  public String unknown() {
    return unknown;
  }

  /** What tokens that do not begin a word are spelled with. */
  public String prefix() {
    return prefix;
  }

  /** How many characters a word may have. */
  public int longestWord() {
    return longestWord;
  }

  @Override
  public void encode(byte[] utf8, int start, int end, TokenList list) {
    if (start == end || cache.append(utf8, start, end, list)) {
      return;
    }
    int first = list.ids().size();
    if (isTooLong(utf8, start, end) || !encodeKnown(utf8, start, end, list)) {
      list.add(unknownId(utf8, start, end), start, end);
    }
    cache.put(utf8, start, end, list, first);
  }

  private boolean isTooLong(byte[] utf8, int start, int end) {
    int characters = 0;
    for (int i = start; i < end; i += Utf8.length(utf8[i])) {
      characters++;
    }
    return characters > longestWord;
  }

  /** Appends the tokens of a word, or nothing if a part of it has none. */
  private boolean encodeKnown(byte[] utf8, int start, int end, TokenList list) {
    var found = new int[2 * (end - start)];
    int count = 0;
    for (int at = start; at < end; ) {
      int node = at == start ? ByteTrie.ROOT : prefixNode;
      int behind = -1;
      for (int i = at; i < end && node != ByteTrie.NONE; ) {
        node = tokens.step(node, utf8[i++]);
        if (node != ByteTrie.NONE && tokens.value(node) >= 0) {
          behind = i;
          found[count] = tokens.value(node);
        }
      }
      if (behind < 0) {
        return false;
      }
      found[count + 1] = behind;
      count += 2;
      at = behind;
    }
    int at = start;
    for (int i = 0; i < count; i += 2) {
      list.add(found[i], at, found[i + 1]);
      at = found[i + 1];
    }
    return true;
  }

  private int unknownId(byte[] utf8, int start, int end) {
    int id = vocabulary.id(unknown);
    if (id < 0) {
      throw new IllegalArgumentException(
          "the vocabulary has no token for \"%s\", and lacks the unknown token \"%s\" as well"
              .formatted(
                  Quote.of(new String(utf8, start, end - start, StandardCharsets.UTF_8)),
                  Quote.of(unknown)));
    }
    return id;
  }
}
