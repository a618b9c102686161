package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.text.TextFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Words and phrases that mean the same. As a file: those of a line do, parted by tabs; lines that
 * are blank or begin with # are passed over.
 */
public final class SynonymDictionary {
  private final Map<String, List<String>> synonyms = new HashMap<>();
  private int longest = 1;

  private SynonymDictionary() {}

  /** A small one of common clinical words, Galen's own. */
  public static SynonymDictionary clinical() {
    var dictionary = new SynonymDictionary();
    try (var in = SynonymDictionary.class.getResourceAsStream("synonyms.tsv");
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      dictionary.add(lines, "synonyms.tsv");
    } catch (IOException e) {
      throw new UncheckedIOException("synonyms.tsv of the jar cannot be read", e);
    }
    return dictionary;
  }

  /**
   * One that is a file.
   *
   * @throws IOException if it cannot be read, or a line has fewer than two phrases
   */
  public static SynonymDictionary read(Path file) throws IOException {
    var dictionary = new SynonymDictionary();
    try (BufferedReader lines = TextFiles.reader(file)) {
      dictionary.add(lines, file.toString());
    }
    if (dictionary.synonyms.isEmpty()) {
      throw new IOException(file + ": holds no synonyms; expected two phrases on a line");
    }
    return dictionary;
  }

  private void add(BufferedReader lines, String file) throws IOException {
    int number = 0;
    for (String line; (line = lines.readLine()) != null; ) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> phrases =
          Arrays.stream(line.split("\t")).map(String::strip).filter(p -> !p.isEmpty()).toList();
      if (phrases.size() < 2) {
        throw new IOException(
            file
                + ":"
                + number
                + ": has "
                + phrases.size()
                + " phrase; expected two or more, parted by tabs");
      }
      for (String phrase : phrases) {
        String key = key(phrase);
        longest = Math.max(longest, key.split(" ").length);
        List<String> others = synonyms.computeIfAbsent(key, k -> new ArrayList<>());
        for (String other : phrases) {
          if (!key(other).equals(key) && !others.contains(other)) {
            others.add(other);
          }
        }
      }
    }
  }

  private static String key(String phrase) {
    return phrase.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  /** Synonyms of a phrase in small letters with single spaces; none if it is unknown. */
  public List<String> of(String phrase) {
    return synonyms.getOrDefault(phrase, List.of());
  }

  /** The most words that a phrase has. */
  public int longest() {
    return longest;
  }
}
