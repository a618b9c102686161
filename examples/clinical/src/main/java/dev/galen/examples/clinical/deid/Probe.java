package dev.galen.examples.clinical.deid;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern that is tried at single places of a text, where a word or number makes a match
 * possible: trying it at every character would take most of the time.
 */
final class Probe {
  /** No identifier is longer than this many characters. */
  private static final int LONGEST = 400;

  private final Matcher matcher;
  private final int length;
  private int behind;

  Probe(Pattern pattern, String text) {
    matcher = pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
    length = text.length();
  }

  /** The match that begins at {@code start} and behind the last one; null if there is none. */
  Matcher at(int start) {
    if (start < behind) {
      return null;
    }
    matcher.region(start, Math.min(length, start + LONGEST));
    if (!matcher.lookingAt()) {
      return null;
    }
    behind = matcher.end();
    return matcher;
  }
}
