package dev.galen.examples.clinical.structure.term;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.text.TextFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Diseases with their exact synonyms, from a table such as one of the Disease Ontology.
 *
 * <p>The file has values between tabs and a line of names first: {@code doid}, {@code
 * preferred_name}, {@code scope}, {@code term} and {@code flag}. Rows of the scopes NAME and EXACT
 * are terms; RELATED, NARROW and BROAD are no synonyms and only make abbreviations ambiguous. A row
 * flagged {@code abbr}, or a short term all in capitals, is an abbreviation: it counts in its own
 * case alone, only if it names one disease in all scopes, and not if it is an English word.
 */
public final class Ontology {
  /**
   * What a term stands for.
   *
   * @param preferred the preferred name of the disease; null if the term has several
   * @param doid its id, or all of them with a bar between
   * @param term the term as the table writes it
   * @param abbreviation whether it counts in its own case alone
   */
  record Term(String preferred, String doid, String term, boolean abbreviation) {
    boolean ambiguous() {
      return preferred == null;
    }
  }

  /** Abbreviations that are words, which capitals alone do not tell apart. */
  private static final Set<String> WORDS =
      Set.of(
          "ALL",
          "COLD",
          "CON",
          "WED",
          "SOD",
          "DISH",
          "MEN",
          "ARM",
          "CAT",
          "FLU",
          "EPI",
          "MEC",
          "MUL",
          "ISM",
          "PAN",
          "SAD",
          "PAIN",
          "AID",
          "MAN",
          "HAS",
          "ADD",
          "CAN",
          "FAD",
          "PAD",
          "PIN",
          "SPA",
          "THE",
          "FOR",
          "AND",
          "NOT",
          "WAS",
          "HER",
          "HIS",
          "SHE",
          "ONE",
          "TWO",
          "OUT",
          "MASS",
          "DIC TATED",
          "NO",
          "OR",
          "AS",
          "AT",
          "BE",
          "BY",
          "DO",
          "GO",
          "HE",
          "IF",
          "IN",
          "IS",
          "IT",
          "ME",
          "MY",
          "OF",
          "ON",
          "SO",
          "TO",
          "UP",
          "US",
          "WE",
          "PM",
          "AM",
          "CM",
          "MM",
          "RA",
          "US1",
          "HP1",
          "HP2",
          "HP3");

  private final PhraseTrie trie = new PhraseTrie();
  private final List<Term> terms = new ArrayList<>();

  private Ontology() {}

  /**
   * Reads a table.
   *
   * @throws IOException if the file cannot be read or lacks a column; the message names it
   */
  public static Ontology read(Path file) throws IOException {
    var ontology = new Ontology();
    Map<String, Set<String>> anyScope = new HashMap<>();
    Map<String, List<String[]>> exact = new HashMap<>();
    List<String> order = new ArrayList<>();
    try (BufferedReader reader = TextFiles.reader(file)) {
      String first = reader.readLine();
      List<String> columns = first == null ? List.of() : List.of(first.split("\t", -1));
      for (String needed : List.of("doid", "preferred_name", "scope", "term")) {
        if (!columns.contains(needed)) {
          throw new IOException(
              file
                  + ":1: no column "
                  + needed
                  + "; expected doid, preferred_name, scope, term, flag");
        }
      }
      int flag = columns.indexOf("flag");
      int number = 1;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        String[] row = line.split("\t", -1);
        if (row.length < columns.size()) {
          throw new IOException(
              file + ":" + number + ": " + row.length + " columns; expected " + columns.size());
        }
        String doid = row[columns.indexOf("doid")];
        String scope = row[columns.indexOf("scope")];
        String term = row[columns.indexOf("term")].strip();
        String abbreviation = flag < 0 ? "" : row[flag];
        if (term.length() < 2) {
          continue;
        }
        String key = term.toLowerCase(Locale.ROOT);
        anyScope.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(doid);
        if (scope.equals("NAME") || scope.equals("EXACT")) {
          if (!exact.containsKey(key)) {
            order.add(key);
          }
          exact
              .computeIfAbsent(key, k -> new ArrayList<>())
              .add(new String[] {doid, row[columns.indexOf("preferred_name")], term, abbreviation});
        }
      }
    }
    for (String key : order) {
      ontology.add(exact.get(key), anyScope.get(key));
    }
    return ontology;
  }

  private void add(List<String[]> rows, Set<String> allIds) {
    Set<String> ids = new LinkedHashSet<>();
    boolean abbreviation = false;
    for (String[] row : rows) {
      ids.add(row[0]);
      abbreviation |= row[3].equals("abbr") || capitals(row[2]);
    }
    String[] row = rows.getFirst();
    if (abbreviation && (allIds.size() > 1 || WORDS.contains(row[2]))) {
      return;
    }
    terms.add(
        ids.size() > 1
            ? new Term(null, String.join("|", ids), row[2], abbreviation)
            : new Term(row[1], row[0], row[2], abbreviation));
    trie.add(row[2], terms.size() - 1);
  }

  private static boolean capitals(String term) {
    boolean any = false;
    for (int i = 0; i < term.length(); i++) {
      char c = term.charAt(i);
      if (Character.isLowerCase(c) || c == ' ') {
        return false;
      }
      any |= Character.isUpperCase(c);
    }
    return any && term.length() <= 8;
  }

  /** How many terms it has. */
  public int size() {
    return terms.size();
  }

  /** The longest term that begins at {@code from}, as {@link PhraseTrie#match}. */
  long match(String text, int from) {
    long match = trie.match(text, from);
    if (match == PhraseTrie.NONE) {
      return match;
    }
    Term term = terms.get(PhraseTrie.value(match));
    int length = PhraseTrie.end(match) - from;
    boolean same = length == term.term().length() && text.startsWith(term.term(), from);
    return term.abbreviation() && !same ? PhraseTrie.NONE : match;
  }

  Term term(long match) {
    return terms.get(PhraseTrie.value(match));
  }
}
