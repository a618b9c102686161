package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Phrases;
import java.util.ArrayList;
import java.util.List;

/** Reads what follows the amount of a dose: its form, way and frequency. */
final class OrderTail {
  private static final PhraseTrie TRIE = new PhraseTrie();
  private static final List<String> TYPES = new ArrayList<>();
  private static final List<String> NAMES = new ArrayList<>();

  static {
    for (Phrases line : Phrases.of(OrderTail.class, "orders.txt")) {
      TYPES.add(line.head().getFirst());
      NAMES.add(line.head().get(1));
      for (String phrase : line.phrases()) {
        TRIE.add(phrase, TYPES.size() - 1);
      }
    }
  }

  private OrderTail() {}

  /** Reads on behind the draft's end; a route or frequency that it has already stays. */
  static void read(String text, Draft dose) {
    int at = dose.end;
    for (int pieces = 0; pieces < 7; pieces++) {
      int from = skip(text, at);
      if (from == text.length()) {
        return;
      }
      long match = TRIE.match(text, from);
      if (match == PhraseTrie.NONE) {
        return;
      }
      int end = PhraseTrie.end(match);
      String words = text.substring(from, end);
      switch (TYPES.get(PhraseTrie.value(match))) {
        case "route" -> dose.route = dose.route == null ? words : dose.route;
        case "frequency" -> dose.frequency = joined(dose.frequency, words);
        case "prn" -> dose.frequency = joined(dose.frequency, words);
        default -> {
          at = end;
          continue;
        }
      }
      at = end;
      dose.end = end;
    }
  }

  private static String joined(String frequency, String words) {
    return frequency == null ? words : frequency + " " + words;
  }

  static String canonical(String words) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (at < words.length()) {
      long match = TRIE.match(words, at);
      if (match == PhraseTrie.NONE) {
        return words;
      }
      names.add(NAMES.get(PhraseTrie.value(match)));
      at = skip(words, PhraseTrie.end(match));
    }
    names.sort(null);
    return String.join(" ", names);
  }

  private static int skip(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
        return text.length();
      }
      if (c != ' ' && c != ',' && c != '\t' && c != '|' && c != '(' && c != ')') {
        return at;
      }
      at++;
    }
    return at;
  }
}
