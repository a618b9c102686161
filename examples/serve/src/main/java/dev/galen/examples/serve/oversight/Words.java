package dev.galen.examples.serve.oversight;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text's words, as numbers from which they cannot be read. */
final class Words {
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{M}]*");
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Words() {}

  /** The FNV-1a hash of each word in lower case, in order. */
  static List<Long> of(String text) {
    var words = new ArrayList<Long>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      words.add(hash(word.group().toLowerCase(Locale.ROOT)));
    }
    return words;
  }

  private static long hash(String word) {
    long hash = OFFSET;
    for (int i = 0; i < word.length(); i++) {
      hash = (hash ^ word.charAt(i)) * PRIME;
    }
    return hash;
  }
}
