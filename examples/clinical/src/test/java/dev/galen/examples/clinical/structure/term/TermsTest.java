package dev.galen.examples.clinical.structure.term;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermsTest {
  @TempDir private Path folder;
  private Ontology ontology;
  private Abbreviations abbreviations;

  @BeforeEach
  void tables() throws IOException {
    Path terms = folder.resolve("terms.tsv");
    Files.writeString(
        terms,
        "doid\tpreferred_name\tscope\tterm\tflag\ticd\n"
            + "D:1\tgorm fever\tNAME\tgorm fever\t\t\n"
            + "D:1\tgorm fever\tEXACT\tmarsh ague\t\t\n"
            + "D:1\tgorm fever\tEXACT\tGF\tabbr\t\n"
            + "D:1\tgorm fever\tRELATED\tbog chill\t\t\n"
            + "D:2\tchronic gorm fever\tEXACT\tchronic marsh ague\t\t\n"
            + "D:3\tzim disease\tEXACT\tZD\tabbr\t\n"
            + "D:4\tzam disease\tRELATED\tZD\tabbr\t\n"
            + "D:5\tcold lung\tEXACT\tCOLD\tabbr\t\n"
            + "D:6\ttwin rash\tEXACT\tdouble rash\t\t\n"
            + "D:7\tpair rash\tEXACT\tdouble rash\t\t\n");
    ontology = Ontology.read(terms);
    Path table = folder.resolve("short.csv");
    Files.writeString(
        table, "Short,Meaning,Info\nQX,quick xray,\nPZ,\"first, meaning\",\nPZ,second meaning,\n");
    abbreviations = Abbreviations.read(table);
  }

  private List<String> preferred(String text) {
    List<String> names = new ArrayList<>();
    for (Annotation finding : new Findings(ontology).of(text)) {
      if (finding.attributes().containsKey("doid")) {
        names.add(finding.in(text) + "=" + finding.attributes().get("doid"));
      }
    }
    return names;
  }

  @Test
  void theLongestExactTermCountsAndRelatedOnesDoNot() {
    assertEquals(
        List.of("Marsh ague=D:1", "chronic marsh  ague=D:2"),
        preferred("Marsh ague, chronic marsh  ague, bog chill."));
  }

  @Test
  void termsEndAtWords() {
    assertEquals(List.of(), preferred("marsh agues, non-marsh ague, marsh ague-like"));
  }

  @Test
  void abbreviationsCountInTheirCaseAndIfClear() {
    assertEquals(List.of("GF=D:1"), preferred("GF, gf, ZD and a COLD"));
  }

  @Test
  void aTermOfTwoDiseasesIsToldAndNotReplaced() {
    Annotation finding = new Findings(ontology).of("A double rash.").getFirst();
    assertEquals("true", finding.attributes().get("ambiguous"));
    assertEquals("D:6|D:7", finding.attributes().get("doid"));
    assertEquals(null, finding.attributes().get("preferred"));
  }

  @Test
  void ambiguousAbbreviationsHaveAllMeanings() {
    List<Annotation> found = abbreviations.of("QX and PZ, not qx or QXY.");
    assertEquals(2, found.size());
    assertEquals(Map.of("meaning", "quick xray"), found.get(0).attributes());
    assertEquals(
        Map.of("ambiguous", "true", "meanings", "first, meaning | second meaning"),
        found.get(1).attributes());
  }

  private Document normalised(String text) {
    List<Annotation> found = new ArrayList<>(new Findings(ontology).of(text));
    found.addAll(abbreviations.of(text));
    return Normaliser.normalise(new Document("1", text, Map.of(), found, new Origin("notes", 1)));
  }

  @Test
  void preferredTermsComeInWithALog() {
    Document document = normalised("\uD83D\uDE00 Marsh ague; QX, PZ.");
    assertEquals("\uD83D\uDE00 Gorm fever; quick xray, PZ.", document.text());
    Annotation log =
        document.annotations().stream()
            .filter(a -> a.category().equals(Normaliser.CATEGORY))
            .findFirst()
            .orElseThrow();
    assertEquals("Gorm fever", log.in(document.text()));
    assertEquals(
        Map.of(
            "original",
            "Marsh ague",
            "preferred",
            "Gorm fever",
            "doid",
            "D:1",
            "from",
            "2",
            "to",
            "12"),
        log.attributes());
  }

  @Test
  void everyNormalisedTextComesBack() throws RejectedException {
    String[] pieces = {
      "marsh ague",
      "Chronic marsh ague",
      "GF",
      "QX",
      "PZ",
      " ",
      ". ",
      "-",
      "\n",
      "cough",
      "\uD83D\uDE00",
      "gorm fever",
      "MARSH AGUE",
      "marsh",
      ","
    };
    var random = new Random(3);
    int changed = 0;
    for (int i = 0; i < 3000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(14); j >= 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]).append(random.nextInt(3) > 0 ? " " : "");
      }
      Document document = normalised(text.toString());
      changed += document.text().contentEquals(text) ? 0 : 1;
      assertEquals(text.toString(), Normaliser.restore(document).text());
    }
    assertTrue(changed > 1000);
  }

  @Test
  void aTextThatWasChangedSinceIsRefused() {
    Document document = normalised("Marsh ague.");
    Document other = document.withText("Some fever.", document.annotations());
    assertThrows(RejectedException.class, () -> Normaliser.restore(other));
  }

  @Test
  void aTableWithoutItsColumnsIsNamed() throws IOException {
    Path file = folder.resolve("wrong.tsv");
    Files.writeString(file, "a\tb\n");
    var fault = assertThrows(IOException.class, () -> Ontology.read(file));
    assertTrue(fault.getMessage().contains("wrong.tsv:1: no column doid"), fault.getMessage());
  }
}
