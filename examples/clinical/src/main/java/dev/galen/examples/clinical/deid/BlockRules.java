package dev.galen.examples.clinical.deid;

import java.util.ArrayList;
import java.util.List;

/** The lines right above an address, as on a letter: whose it is, and of which organisation. */
final class BlockRules {
  /** Most lines of such a block, and most words of a line. */
  private static final int LINES = 4;

  private static final int WORDS = 6;

  /** Characters of a line, at most. */
  private static final int LONGEST = 100;

  /** Signs before an address on its line, as of a quoted letter, at most. */
  private static final int MARKS = 12;

  private BlockRules() {}

  static void find(Tokens tokens, Found found) {
    String text = tokens.text;
    if (text.indexOf('\n') < 0) {
      return;
    }
    List<Identifier> addresses = new ArrayList<>();
    for (Identifier one : found.all()) {
      if (one.category() == Category.LOCATION && one.confidence() >= 0.8) {
        addresses.add(one);
      }
    }
    var context = new Context(tokens);
    for (Identifier address : addresses) {
      int begin = address.start() - 1;
      while (begin >= 0 && text.charAt(begin) != '\n' && address.start() - begin < MARKS) {
        begin--;
      }
      if (begin < 0 || text.charAt(begin) != '\n' || letters(text, begin + 1, address.start())) {
        continue;
      }
      int end = begin;
      for (int k = 0; k < LINES && end > 0; k++) {
        int start = end;
        while (start > 0 && text.charAt(start - 1) != '\n' && end - start <= LONGEST) {
          start--;
        }
        if (end - start > LONGEST || !line(tokens, context, found, start, end)) {
          break;
        }
        end = start - 1;
      }
    }
  }

  private static boolean letters(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isLetterOrDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Takes a line for a name or an organisation; false if it is neither. */
  private static boolean line(Tokens tokens, Context context, Found found, int start, int end) {
    int first = tokens.at(start);
    int last = first;
    int words = 0;
    int names = 0;
    for (; last < tokens.count && tokens.starts[last] < end; last++) {
      if (tokens.sign(last, ':') || tokens.sign(last, ';') || tokens.sign(last, '!')) {
        return false;
      }
      if (tokens.word(last)) {
        words++;
        names += tokens.is(last, Lexicon.NAME) && !context.plain(last) ? 1 : 0;
      }
    }
    while (first < last && !tokens.word(first) && !tokens.hasDigit(first)) {
      first++;
    }
    last--;
    if (words == 0
        || words > WORDS
        || !tokens.word(first)
        || !tokens.capital(first) && !tokens.lowerCase) {
      return false;
    }
    if (!found.covers(tokens.starts[first], tokens.ends[last])) {
      boolean person = names > 0 && words > 1;
      found.add(
          tokens.starts[first],
          tokens.ends[last],
          person ? Category.NAME : Category.ORGANIZATION,
          "above-address",
          0.45);
    }
    return true;
  }
}
