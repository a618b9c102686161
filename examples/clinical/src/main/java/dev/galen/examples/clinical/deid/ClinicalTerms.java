package dev.galen.examples.clinical.deid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Terms of several words that hold the name of a person or a place and tell nobody: Rocky Mountain
 * spotted fever, Mallory-Weiss tear, Boston Naming Test. Names of one word are eponyms of the
 * {@link Lexicon}.
 */
final class ClinicalTerms {
  /** By their first word, the longest first. */
  private static final Map<String, List<String[]>> TERMS = new HashMap<>();

  static {
    Lexicon.lines(
        "terms.txt",
        line -> {
          for (String term : line.split(",")) {
            if (!term.isBlank()) {
              String[] words = term.strip().toLowerCase(Locale.ROOT).split("[ -]+");
              TERMS.computeIfAbsent(words[0], first -> new ArrayList<>()).add(words);
            }
          }
        });
    TERMS.values().forEach(list -> list.sort((a, b) -> b.length - a.length));
  }

  private ClinicalTerms() {}

  /** Takes back what was found of names and places within a term. */
  static void keep(Tokens tokens, Found found) {
    var kept = new TreeMap<Integer, Integer>();
    for (int i = 0; i < tokens.count; i++) {
      List<String[]> terms = TERMS.get(tokens.lower(i));
      if (terms == null || titled(tokens, i) || !found.covers(tokens.starts[i], tokens.ends[i])) {
        continue;
      }
      for (String[] term : terms) {
        int last = end(tokens, i, term);
        if (last >= 0) {
          kept.put(tokens.starts[i], tokens.ends[last]);
          i = last;
          break;
        }
      }
    }
    if (!kept.isEmpty()) {
      found.takeBack(kept);
    }
  }

  /** Whether a title stands before the word: Mr. Smith is no fracture. */
  private static boolean titled(Tokens tokens, int i) {
    int before = tokens.sign(i - 1, '.') ? i - 2 : i - 1;
    return Words.title(tokens.lower(before)) || Words.briefTitle(tokens.lower(before));
  }

  /** The last token of a term that begins with a token, or -1. */
  private static int end(Tokens tokens, int first, String[] term) {
    int at = first;
    for (int k = 1; k < term.length; k++) {
      at++;
      while (tokens.sign(at, '.') || tokens.sign(at, '-') || tokens.sign(at, '\u2013')) {
        at++;
      }
      if (!tokens.lower(at).equals(term[k])) {
        return -1;
      }
    }
    return at;
  }
}
