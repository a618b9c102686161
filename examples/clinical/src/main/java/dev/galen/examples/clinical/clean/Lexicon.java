package dev.galen.examples.clinical.clean;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The words of a domain, in small letters, with how often each occurs.
 *
 * <p>As a file: a word a line, and behind a tab or comma its frequency, 1 where there is none;
 * lines that are blank or begin with # are passed over.
 */
public final class Lexicon {
  private final Map<String, Long> frequencies;

  /** Words by their first letter and length. */
  private final Map<Integer, List<String>> buckets = new HashMap<>();

  /** A lexicon of these words, whose frequencies are at least 1. */
  public Lexicon(Map<String, Long> frequencies) {
    this.frequencies = Map.copyOf(frequencies);
    for (String word : this.frequencies.keySet()) {
      buckets
          .computeIfAbsent(bucket(word.charAt(0), word.length()), b -> new ArrayList<>())
          .add(word);
    }
  }

  /**
   * Reads a lexicon.
   *
   * @throws IOException if the file cannot be read, has no word, or a line is malformed
   */
  public static Lexicon read(Path file) throws IOException {
    var words = new HashMap<String, Long>();
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line; (line = lines.readLine()) != null; ) {
        number++;
        String stripped = line.strip();
        if (!stripped.isEmpty() && !stripped.startsWith("#")) {
          add(stripped, words, file + ":" + number + ": ");
        }
      }
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": line " + (number + 1) + " is not valid UTF-8", e);
    }
    if (words.isEmpty()) {
      throw new IOException(file + ": holds no word; expected a word a line");
    }
    return new Lexicon(words);
  }

  private static void add(String line, Map<String, Long> words, String place) throws IOException {
    String[] fields = line.split("[\t,]", -1);
    String word = fields[0].strip().toLowerCase(Locale.ROOT);
    if (fields.length > 2 || word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)) {
      throw new IOException(
          place + "is no word; expected one word, and its frequency behind a tab");
    }
    long frequency = 1;
    if (fields.length == 2) {
      try {
        frequency = Long.parseLong(fields[1].strip());
      } catch (NumberFormatException e) {
        frequency = 0;
      }
      if (frequency < 1) {
        throw new IOException(
            place
                + "the frequency is "
                + fields[1].strip()
                + ", must be a whole number of at least 1");
      }
    }
    words.merge(word, frequency, Long::sum);
  }

  /** Whether a word in small letters is in it. */
  public boolean contains(String word) {
    return frequencies.containsKey(word);
  }

  /** How often a word occurs; 0 if it is not in it. */
  public long frequency(String word) {
    return frequencies.getOrDefault(word, 0L);
  }

  /** How many words it has. */
  public int size() {
    return frequencies.size();
  }

  /** The words with a first letter and a length. */
  List<String> words(char first, int length) {
    return buckets.getOrDefault(bucket(first, length), List.of());
  }

  private static int bucket(char first, int length) {
    return first << 8 | Math.min(length, 255);
  }
}
