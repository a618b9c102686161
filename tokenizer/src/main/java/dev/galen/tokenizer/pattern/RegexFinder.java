package dev.galen.tokenizer.pattern;

import dev.galen.tokenizer.stage.IntList;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the matches of a regular expression as Oniguruma, HuggingFace's engine, reads it. */
public final class RegexFinder implements Finder {

  /** A letter of a word; Java's own has the two joiners as well. */
  private static final String WORD = "[\\w&&[^\\x{200C}\\x{200D}]]";

  private static final String NO_WORD = "[\\W\\x{200C}\\x{200D}]";

  /** Small numbers of Latin-1, which are of a word except between brackets. */
  private static final String NUMBERS = "\\x{B2}\\x{B3}\\x{B9}\\x{BC}-\\x{BE}";

  private static final String WORD_ALONE = "[" + WORD + NUMBERS + "]";
  private static final String NO_WORD_ALONE = "[" + NO_WORD + "&&[^" + NUMBERS + "]]";

  private final Pattern pattern;

  private RegexFinder(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * A finder.
   *
   * @throws IllegalArgumentException in one line if the expression is malformed or has something
   *     that would mean another thing here
   */
  public static RegexFinder of(String regex) {
    try {
      return new RegexFinder(
          Pattern.compile(translate(regex), Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription() + " at " + e.getIndex(), e);
    }
  }

  private static String translate(String regex) {
    var out = new StringBuilder();
    int brackets = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      brackets += c == '[' ? 1 : c == ']' && brackets > 0 ? -1 : 0;
      if (c == '\\' && i + 1 < regex.length()) {
        out.append(escape(regex.charAt(++i), brackets > 0));
      } else if (regex.startsWith("[[:", i) || regex.startsWith("[:", i)) {
        throw new IllegalArgumentException("a class such as [:alpha:]");
      } else if (c == '}' && i + 1 < regex.length() && regex.charAt(i + 1) == '+') {
        throw new IllegalArgumentException("+ behind }");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String escape(char c, boolean inBrackets) {
    return switch (c) {
      case 'w' -> inBrackets ? WORD : WORD_ALONE;
      case 'W' -> inBrackets ? NO_WORD : NO_WORD_ALONE;
      case 's', 'S', 'd', 'D', 'p', 'P', 'n', 'r', 't', 'f', 'x', 'u', 'b', 'B', 'A', 'z' ->
          "\\" + c;
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw new IllegalArgumentException("\\" + c);
        }
        yield "\\" + c;
      }
    };
  }

  @Override
  public IntList find(byte[] utf8, int start, int end) {
    var text = new String(utf8, start, end - start, StandardCharsets.UTF_8);
    var matcher = pattern.matcher(text);
    var found = new IntList(16);
    int index = 0;
    int at = start;
    int last = -1;
    while (matcher.find()) {
      // An empty match right behind another one is none, and neither is one within a pair.
      if (matcher.end() == matcher.start()
          && (matcher.end() == last || isWithinPair(text, matcher.start()))) {
        continue;
      }
      last = matcher.end();
      at += bytes(text, index, matcher.start());
      found.add(at);
      at += bytes(text, matcher.start(), last);
      found.add(at);
      index = last;
    }
    return found;
  }

  /** Java looks for an empty match between the halves of a character, too. */
  private static boolean isWithinPair(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
  }

  private static int bytes(String text, int start, int end) {
    int bytes = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      // Both halves of a pair have two of its four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
