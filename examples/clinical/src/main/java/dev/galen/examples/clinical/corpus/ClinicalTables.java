package dev.galen.examples.clinical.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two resource tables behind {@link ClinicalCorpus}; each file opens with its own legend. */
final class ClinicalTables {

  private static final List<String> COLUMNS =
      List.of(
          "name",
          "system",
          "nature",
          "sign",
          "test",
          "treatment",
          "avoid",
          "complication",
          "risk",
          "unproven",
          "useless",
          "idle");

  private ClinicalTables() {}

  /** A figure that is drawn anew for each record, both ends included. */
  record Range(int from, int to) {}

  /**
   * One kind of question.
   *
   * @param name what it is called
   * @param column the column of the fact table that it is asked of
   * @param decision yes, no or maybe
   * @param numbers the figures its sentences name
   * @param sentences the choices of each kind of sentence
   */
  record Aspect(
      String name,
      String column,
      String decision,
      Map<String, Range> numbers,
      Map<String, List<String>> sentences) {}

  /** The fact table: for each condition its phrases by the name of their column. */
  static List<Map<String, String>> facts() {
    var facts = new ArrayList<Map<String, String>>();
    for (String line : lines("clinical-facts.txt")) {
      String[] cells = line.split(" \\| ", -1);
      if (cells.length != COLUMNS.size()) {
        throw new IllegalStateException(
            "clinical-facts.txt: " + cells.length + " columns instead of 12 in: " + line);
      }
      var fact = new HashMap<String, String>();
      for (int i = 0; i < cells.length; i++) {
        fact.put(COLUMNS.get(i), cells[i].strip());
      }
      facts.add(fact);
    }
    return facts;
  }

  /** The aspects in the order of their file. */
  static List<Aspect> aspects() {
    var aspects = new ArrayList<Aspect>();
    for (String line : lines("clinical-templates.txt")) {
      String[] words = line.split(" ", -1);
      String kind = words[0];
      switch (kind) {
        case "aspect" ->
            aspects.add(
                new Aspect(
                    words[1], words[2], words[3], new LinkedHashMap<>(), new LinkedHashMap<>()));
        case "number" ->
            aspects
                .getLast()
                .numbers()
                .put(words[1], new Range(Integer.parseInt(words[2]), Integer.parseInt(words[3])));
        default ->
            aspects
                .getLast()
                .sentences()
                .computeIfAbsent(kind, key -> new ArrayList<>())
                .add(line.substring(kind.length()).strip());
      }
    }
    return aspects;
  }

  private static List<String> lines(String resource) {
    try (InputStream in = ClinicalTables.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + resource + " is missing from the jar");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + resource, e);
    }
  }
}
