package dev.galen.tokenizer;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens and their ids, both ways. Ids may have holes, within reason. Immutable. */
final class Vocabulary {

  /** The token of each id, null in a hole. */
  private final String[] tokens;

  private final Map<String, Integer> ids;

  private Vocabulary(String[] tokens, Map<String, Integer> ids) {
    this.tokens = tokens;
    this.ids = ids;
  }

  /** The vocabulary that numbers these tokens, all different, from 0 on. */
  static Vocabulary of(List<String> tokens) {
    var ids = new HashMap<String, Integer>(2 * tokens.size());
    for (var token : tokens) {
      ids.put(token, ids.size());
    }
    return new Vocabulary(tokens.toArray(String[]::new), ids);
  }

  /**
   * The vocabulary of a file.
   *
   * @param source what to call it in messages
   * @throws IOException if ids are negative, given twice, or so far apart that they leave more
   *     holes than there are tokens
   */
  static Vocabulary of(Map<String, Integer> ids, String source) throws IOException {
    if (ids.isEmpty()) {
      throw new IOException(source + ": the vocabulary is empty");
    }
    int size = 0;
    for (var entry : ids.entrySet()) {
      int id = entry.getValue();
      if (id < 0) {
        throw new IOException(
            "%s: token \"%s\" has the negative id %d".formatted(source, entry.getKey(), id));
      }
      if (id >= 2L * ids.size()) {
        throw new IOException(
            "%s: token \"%s\" has id %d, but there are only %d tokens; ids must be dense"
                .formatted(source, entry.getKey(), id, ids.size()));
      }
      size = Math.max(size, id + 1);
    }
    var tokens = new String[size];
    for (var entry : ids.entrySet()) {
      int id = entry.getValue();
      if (tokens[id] != null) {
        throw new IOException(
            "%s: tokens \"%s\" and \"%s\" have the same id %d"
                .formatted(source, tokens[id], entry.getKey(), id));
      }
      tokens[id] = entry.getKey();
    }
    return new Vocabulary(tokens, new HashMap<>(ids));
  }

  /**
   * This vocabulary and the added tokens beyond it.
   *
   * @throws IOException if one of them claims the id of another token, or is a token of this
   *     vocabulary under another id
   */
  Vocabulary with(Collection<AddedToken> added, String source) throws IOException {
    if (added.stream().allMatch(token -> id(token.content()) == token.id())) {
      return this;
    }
    var all = new HashMap<>(ids);
    for (var token : added) {
      var known = all.put(token.content(), token.id());
      if (known != null && known != token.id()) {
        throw new IOException(
            "%s: added token \"%s\" has id %d, but the vocabulary gives it id %d"
                .formatted(source, token.content(), token.id(), known));
      }
    }
    return of(all, source);
  }

  /** The largest id plus one. */
  int size() {
    return tokens.length;
  }

  /** The id of a token, or -1. */
  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  /** The token of an id, or null. */
  String tokenOrNull(int id) {
    return id >= 0 && id < tokens.length ? tokens[id] : null;
  }
}
