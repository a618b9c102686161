package dev.galen.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds added tokens in a text: the leftmost, and the longest of those that start there. Tokens
 * that are not {@linkplain AddedToken#normalized normalized} are cut out in a first pass, the
 * others in a second one. Immutable.
 */
final class AddedTokens {

  /** A token at {@code [start, end)}, with the whitespace that it swallows. */
  record Match(int id, int start, int end) {}

  private static final class Candidate {
    final AddedToken token;
    final byte[] utf8;

    Candidate(AddedToken token) {
      this.token = token;
      this.utf8 = token.content().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** For each pass, the tokens by their first byte, longest first; no pass is without tokens. */
  private final List<Candidate[][]> passes = new ArrayList<>();

  AddedTokens(List<AddedToken> tokens) {
    addPass(tokens.stream().filter(token -> !token.normalized()).toList());
    addPass(tokens.stream().filter(AddedToken::normalized).toList());
  }

  private void addPass(List<AddedToken> tokens) {
    if (tokens.isEmpty()) {
      return;
    }
    var byFirstByte = new Candidate[256][];
    tokens.stream()
        .map(Candidate::new)
        .sorted(Comparator.comparingInt(candidate -> -candidate.utf8.length))
        .collect(Collectors.groupingBy(candidate -> candidate.utf8[0] & 0xFF))
        .forEach((first, group) -> byFirstByte[first] = group.toArray(Candidate[]::new));
    passes.add(byFirstByte);
  }

  /** How many passes there are: none to two. */
  int passes() {
    return passes.size();
  }

  /**
   * The next token of a pass in {@code utf8[start, end)}, or null.
   *
   * @throws IllegalArgumentException if it is special and the policy refuses that
   */
  Match find(int pass, byte[] utf8, int start, int end, SpecialTokens policy) {
    var byFirstByte = passes.get(pass);
    for (int i = start; i < end; i++) {
      var candidates = byFirstByte[utf8[i] & 0xFF];
      if (candidates == null) {
        continue;
      }
      for (var candidate : candidates) {
        boolean wanted = policy != SpecialTokens.TEXT || !candidate.token.special();
        if (wanted && startsWith(utf8, i, end, candidate.utf8)) {
          if (policy == SpecialTokens.REFUSE && candidate.token.special()) {
            throw refusal(candidate.token, utf8, i);
          }
          return match(candidate, utf8, start, i, end);
        }
      }
    }
    return null;
  }

  private static boolean startsWith(byte[] utf8, int at, int end, byte[] prefix) {
    return prefix.length <= end - at
        && Arrays.equals(utf8, at, at + prefix.length, prefix, 0, prefix.length);
  }

  private static Match match(Candidate candidate, byte[] utf8, int start, int at, int end) {
    int from = at;
    int to = at + candidate.utf8.length;
    if (candidate.token.stripsLeft()) {
      from = PreTokenizer.trailingWhitespaceStart(utf8, start, at);
    }
    if (candidate.token.stripsRight()) {
      to = PreTokenizer.leadingWhitespaceEnd(utf8, to, end);
    }
    return new Match(candidate.token.id(), from, to);
  }

  private static IllegalArgumentException refusal(AddedToken token, byte[] utf8, int at) {
    int index = new String(utf8, 0, at, StandardCharsets.UTF_8).length();
    return new IllegalArgumentException(
        ("the text contains the special token \"%s\" at index %d, which is refused unless allowed:"
                + " PARSE means the token (id %d), TEXT its characters")
            .formatted(token.content(), index, token.id()));
  }
}
