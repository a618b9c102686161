package dev.galen.tokenizer.stage;

import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Tokens and their ids, both ways. Ids may have holes, within reason. Immutable. */
public final class Vocabulary {

  /** The token of each id, null in a hole. */
  private final String[] tokens;

  private final Map<String, Integer> ids;

  private Vocabulary(String[] tokens, Map<String, Integer> ids) {
    this.tokens = tokens;
    this.ids = ids;
  }

  /** The vocabulary that numbers these tokens, all different, from 0 on. */
  public static Vocabulary of(List<String> tokens) {
    Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
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
  public static Vocabulary of(Map<String, Integer> ids, String source) throws IOException {
    if (ids.isEmpty()) {
      throw new IOException(source + ": the vocabulary is empty");
    }
    int size = 0;
    for (var entry : ids.entrySet()) {
      requireDense(entry.getKey(), entry.getValue(), ids.size(), source);
      size = Math.max(size, entry.getValue() + 1);
    }
    var tokens = new String[size];
    for (var entry : ids.entrySet()) {
      put(tokens, entry.getKey(), entry.getValue(), source);
    }
    return new Vocabulary(tokens, new HashMap<>(ids));
  }

  /**
   * This vocabulary and the added tokens beyond it.
   *
   * @param places which file names an added token, for messages
   * @throws IOException if one of them claims the id of another token, is a token of this
   *     vocabulary under another id, or lies so far behind it that more holes than tokens are left
   */
  public Vocabulary with(Collection<AddedToken> added, UnaryOperator<String> places)
      throws IOException {
    int size = tokens.length;
    int count = ids.size() + (int) added.stream().filter(token -> id(token.content()) < 0).count();
    for (var token : added) {
      var place = places.apply(token.content());
      int known = id(token.content());
      if (known >= 0 && known != token.id()) {
        throw new IOException(
            "%s: added token \"%s\" has id %d, but the vocabulary gives it id %d"
                .formatted(place, Quote.of(token.content()), token.id(), known));
      }
      requireDense(token.content(), token.id(), count, place);
      size = Math.max(size, token.id() + 1);
    }
    var all = Arrays.copyOf(tokens, size);
    var allIds = new HashMap<>(ids);
    for (var token : added) {
      put(all, token.content(), token.id(), places.apply(token.content()));
      allIds.put(token.content(), token.id());
    }
    return new Vocabulary(all, allIds);
  }

  private static void requireDense(String token, int id, int count, String source)
      throws IOException {
    if (id < 0) {
      throw new IOException(
          "%s: token \"%s\" has the negative id %d".formatted(source, Quote.of(token), id));
    }
    if (id >= 2L * count) {
      throw new IOException(
          "%s: token \"%s\" has id %d, but there are only %d tokens; ids must be dense"
              .formatted(source, Quote.of(token), id, count));
    }
  }

  private static void put(String[] tokens, String token, int id, String source) throws IOException {
    if (tokens[id] != null && !tokens[id].equals(token)) {
      throw new IOException(
          "%s: tokens \"%s\" and \"%s\" have the same id %d"
              .formatted(source, Quote.of(tokens[id]), Quote.of(token), id));
    }
    tokens[id] = token;
  }

  /** The largest id plus one. */
  public int size() {
    return tokens.length;
  }

  /** How many tokens there are; less than {@link #size} if there are holes. */
  public int count() {
    return ids.size();
  }

  /** The id of a token, or -1. */
  public int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  /** The token of an id, or null. */
  public String tokenOrNull(int id) {
    return id >= 0 && id < tokens.length ? tokens[id] : null;
  }
}
