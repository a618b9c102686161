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
 *
 * <p>A pass finds all places first, one behind the other, and only then gives a token the
 * whitespace that it swallows; so a token that begins with a space is found behind one that
 * swallows this space. A place whose token is not wanted, because it is special and the text's
 * special tokens are text, or because it is no word of its own, is stepped over as a whole: nothing
 * is looked for inside. All this is how HuggingFace's library does it.
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
   * The tokens of a pass in {@code utf8[start, end)}, in the order of their places. Where a token
   * consists of whitespace that the one before swallows, its place overlaps with that one's.
   *
   * @throws IllegalArgumentException if one is special and the policy refuses that
   */
  List<Match> find(int pass, byte[] utf8, int start, int end, SpecialTokens policy) {
    var byFirstByte = passes.get(pass);
    List<Match> matches = List.of();
    int swallowed = start;
    int i = start;
    while (i < end) {
      var candidate = longestAt(byFirstByte[utf8[i] & 0xFF], utf8, i, end);
      if (candidate == null) {
        i++;
        continue;
      }
      int behind = i + candidate.utf8.length;
      if (isWanted(candidate.token, utf8, start, i, behind, end, policy)) {
        var match = match(candidate.token, utf8, start, swallowed, i, behind, end);
        // What another one has swallowed whole is gone.
        if (match.start() < match.end()) {
          if (matches.isEmpty()) {
            matches = new ArrayList<>();
          }
          matches.add(match);
          swallowed = match.end();
        }
      }
      i = behind;
    }
    return matches;
  }

  private static Candidate longestAt(Candidate[] candidates, byte[] utf8, int at, int end) {
    if (candidates != null) {
      for (var candidate : candidates) {
        var token = candidate.utf8;
        if (token.length <= end - at
            && Arrays.equals(utf8, at, at + token.length, token, 0, token.length)) {
          return candidate;
        }
      }
    }
    return null;
  }

  private static boolean isWanted(
      AddedToken token, byte[] utf8, int start, int at, int behind, int end, SpecialTokens policy) {
    if (token.special() && policy == SpecialTokens.TEXT) {
      return false;
    }
    if (token.singleWord()
        && (PreTokenizer.endsWithWord(utf8, start, at)
            || PreTokenizer.startsWithWord(utf8, behind, end))) {
      return false;
    }
    if (token.special() && policy == SpecialTokens.REFUSE) {
      throw refusal(token, utf8, at);
    }
    return true;
  }

  /**
   * A token with what it swallows.
   *
   * @param swallowed where the stretch begins that no token before this one has swallowed
   */
  private static Match match(
      AddedToken token, byte[] utf8, int start, int swallowed, int at, int behind, int end) {
    int from = at;
    int to = behind;
    if (token.stripsLeft()) {
      from = Math.max(PreTokenizer.trailingWhitespaceStart(utf8, start, at), swallowed);
    }
    if (token.stripsRight()) {
      to = PreTokenizer.leadingWhitespaceEnd(utf8, to, end);
    }
    return new Match(token.id(), from, to);
  }

  private static IllegalArgumentException refusal(AddedToken token, byte[] utf8, int at) {
    int index = new String(utf8, 0, at, StandardCharsets.UTF_8).length();
    return new IllegalArgumentException(
        ("the text contains the special token \"%s\" at index %d, which is refused unless allowed:"
                + " PARSE means the token (id %d), TEXT its characters")
            .formatted(token.content(), index, token.id()));
  }
}
