package dev.galen.examples.clinical.structure.term;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.text.TextFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Abbreviations of a table, marked where they stand in the case that the table has.
 *
 * <p>The file has comma-separated values with a line of names first; the first column is the
 * abbreviation, the second its meaning, and one with several rows has several meanings. Each place
 * is an annotation {@code abbreviation} with {@code meaning}, or, where there are several, {@code
 * ambiguous} and {@code meanings} with bars between. An ambiguous one is never expanded.
 */
public final class Abbreviations {
  /** The category of the annotations. */
  public static final String CATEGORY = "abbreviation";

  /** Small words that some tables have as abbreviations. */
  private static final Set<String> WORDS =
      Set.of(
          "a", "as", "at", "an", "am", "and", "are", "be", "by", "do", "for", "go", "he", "her",
          "his", "i", "if", "in", "is", "it", "me", "my", "no", "not", "of", "on", "or", "so",
          "the", "to", "up", "us", "was", "we", "with", "has", "had", "all", "can", "may", "she",
          "who", "ms", "mr", "dr", "mrs", "st", "this", "that", "both", "well", "age", "old", "per",
          "out");

  private record Entry(String abbreviation, Set<String> meanings) {}

  private final PhraseTrie trie = new PhraseTrie();
  private final List<List<Entry>> entries = new ArrayList<>();

  private Abbreviations() {}

  /**
   * Reads a table.
   *
   * @throws IOException if the file cannot be read or a row lacks a meaning; the message names it
   */
  public static Abbreviations read(Path file) throws IOException {
    Map<String, Set<String>> meanings = new LinkedHashMap<>();
    try (BufferedReader reader = TextFiles.reader(file)) {
      reader.readLine();
      int number = 1;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        List<String> row = row(line);
        if (row.size() < 2) {
          throw new IOException(file + ":" + number + ": one column; expected at least two");
        }
        String abbreviation = row.get(0).strip();
        String meaning = row.get(1).strip();
        if (!abbreviation.isEmpty() && !meaning.isEmpty()) {
          meanings.computeIfAbsent(abbreviation, key -> new LinkedHashSet<>()).add(meaning);
        }
      }
    }
    var table = new Abbreviations();
    meanings.forEach((abbreviation, all) -> table.add(new Entry(abbreviation, all)));
    return table;
  }

  private static List<String> row(String line) {
    List<String> fields = new ArrayList<>();
    var field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private void add(Entry entry) {
    String abbreviation = entry.abbreviation();
    if (abbreviation.length() < 2
        || WORDS.contains(abbreviation.toLowerCase(Locale.ROOT))
        || !Character.isLetterOrDigit(abbreviation.charAt(0))) {
      return;
    }
    int index = trie.add(abbreviation, entries.size());
    if (index == entries.size()) {
      entries.add(new ArrayList<>());
    }
    entries.get(index).add(entry);
  }

  /** All abbreviations of {@code text} in their order, the longest at each place. */
  public List<Annotation> of(String text) {
    List<Annotation> found = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (!Character.isLetterOrDigit(text.charAt(at))) {
        at++;
        continue;
      }
      long match = trie.match(text, at);
      int end = match == PhraseTrie.NONE ? at : PhraseTrie.end(match);
      Entry entry = end == at ? null : entry(match, text.substring(at, end));
      if (entry == null) {
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
          at++;
        }
        continue;
      }
      Map<String, String> attributes = new LinkedHashMap<>();
      if (entry.meanings().size() == 1) {
        attributes.put("meaning", entry.meanings().iterator().next());
      } else {
        attributes.put("ambiguous", "true");
        attributes.put("meanings", String.join(" | ", entry.meanings()));
      }
      found.add(new Annotation(at, end, CATEGORY, attributes));
      at = end;
    }
    return found;
  }

  private Entry entry(long match, String written) {
    for (Entry entry : entries.get(PhraseTrie.value(match))) {
      if (entry.abbreviation().equals(written)) {
        return entry;
      }
    }
    return null;
  }

  /** The meanings of an abbreviation in this case; empty if the table does not have it. */
  Set<String> meanings(String abbreviation) {
    long match = trie.match(abbreviation, 0);
    Entry entry =
        match == PhraseTrie.NONE || PhraseTrie.end(match) != abbreviation.length()
            ? null
            : entry(match, abbreviation);
    return entry == null ? Set.of() : entry.meanings();
  }
}
