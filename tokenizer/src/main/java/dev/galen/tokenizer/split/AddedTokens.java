package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds added tokens in a text: the leftmost, and the longest of those that start there. Immutable.
 *
 * <p>All places are found first, one behind the other, and only then a token gets the whitespace
 * that it swallows; so a token that begins with a space is found behind one that swallows this
 * space. A place whose token is not wanted, because it is special and the text's special tokens are
 * text, or because it is no word of its own, is stepped over as a whole: nothing is looked for
 * inside. All this is how HuggingFace's library does it.
 */
public final class AddedTokens {

  /**
   * A token with the whitespace that it swallows.
   *
   * @param token the token
   * @param at the byte where its content starts
   * @param start the byte where it starts with what it swallows
   * @param end the byte behind
   */
  public record Match(AddedToken token, int at, int start, int end) {}

  private static final class Candidate {
    final AddedToken token;
    final byte[] utf8;

    Candidate(AddedToken token, Normalizer normalizer) {
      this.token = token;
      this.utf8 =
          normalizer == Normalizer.NONE
              ? token.content().getBytes(StandardCharsets.UTF_8)
              : normalizer.normalize(Text.of(token.content())).utf8();
    }
  }

  /** The tokens by their first byte, longest first; null if there are none. */
  private final Candidate[][] byFirstByte;

  /** A set of tokens, perhaps empty. */
  public AddedTokens(List<AddedToken> tokens) {
    this(tokens, Normalizer.NONE);
  }

  /**
   * A set of tokens, perhaps empty, that are looked for in normalized text.
   *
   * @param normalizer what the text went through, and so the tokens do
   */
  public AddedTokens(List<AddedToken> tokens, Normalizer normalizer) {
    byFirstByte = tokens.isEmpty() ? null : new Candidate[256][];
    tokens.stream()
        .map(token -> new Candidate(token, normalizer))
        .filter(candidate -> candidate.utf8.length > 0)
        .sorted(Comparator.comparingInt(candidate -> -candidate.utf8.length))
        .collect(Collectors.groupingBy(candidate -> candidate.utf8[0] & 0xFF))
        .forEach((first, group) -> byFirstByte[first] = group.toArray(Candidate[]::new));
  }

  /**
   * The tokens in {@code utf8[start, end)}, in the order of their places. Where a token consists of
   * whitespace that the one before swallows, its place overlaps with that one's.
   *
   * @param specialIsText whether special tokens are text
   */
  public List<Match> find(byte[] utf8, int start, int end, boolean specialIsText) {
    if (byFirstByte == null) {
      return List.of();
    }
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
      if (isWanted(candidate.token, utf8, start, i, behind, end, specialIsText)) {
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
      AddedToken token,
      byte[] utf8,
      int start,
      int at,
      int behind,
      int end,
      boolean specialIsText) {
    if (token.special() && specialIsText) {
      return false;
    }
    return !token.singleWord()
        || !(WordBoundaries.endsWithWord(utf8, start, at)
            || WordBoundaries.startsWithWord(utf8, behind, end));
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
      from = Math.max(WordBoundaries.trailingWhitespaceStart(utf8, start, at), swallowed);
    }
    if (token.stripsRight()) {
      to = WordBoundaries.leadingWhitespaceEnd(utf8, to, end);
    }
    return new Match(token, at, from, to);
  }
}
