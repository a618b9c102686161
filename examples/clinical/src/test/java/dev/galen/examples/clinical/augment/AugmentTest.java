package dev.galen.examples.clinical.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.examples.clinical.text.Words;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentTest {
  private static final ProtectedWords KEPT = ProtectedWords.standard();
  private static final String NOTE =
      "Denies chest pain. No fever, T 38.2 C, BP 140/90, given lisinopril 5 mg q.d. for pneumonia."
          + " Without cough; never smoked. An operation was not needed, and a headache is gone.";

  @TempDir private Path folder;

  private static Document document(String text, Annotation... spans) {
    return new Document("n1", text, Map.of("label", "a"), List.of(spans), Origin.MEMORY);
  }

  private static Annotation span(String text, String part) {
    int at = text.indexOf(part);
    return new Annotation(at, at + part.length(), "x");
  }

  private static SynonymAugmenter synonyms(double rate, WordNet wordNet) {
    return new SynonymAugmenter(List.of(SynonymDictionary.clinical()), wordNet, rate, KEPT);
  }

  private static Document all(String text, WordNet wordNet) {
    Augmenter.Result result =
        synonyms(1, wordNet).apply(document(text), 0, new SplittableRandom(1));
    return result.document() == null ? document(text) : result.document();
  }

  @Test
  void synonymsFireBeforePunctuationAndSpareFacts() {
    var random = new SplittableRandom(4);
    for (int i = 0; i < 50; i++) {
      Document other = synonyms(1, null).apply(document(NOTE), 0, random).document();
      String text = other.text();
      assertTrue(FactGuard.agree(NOTE, text), text);
      for (String part :
          List.of("No ", "T 38.2 C, BP 140/90, given lisinopril 5 mg q.d.", "never")) {
        assertTrue(text.contains(part), text);
      }
      assertTrue(text.contains("pulmonary infection.") || text.contains("lung infection."), text);
      assertFalse(text.contains("pneumonia"), text);
      assertTrue(text.contains("A surgical procedure was not needed"), text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Pneumonia. ; (Pulmonary|Lung) infection\\.",
        "PNEUMONIA, ; (PULMONARY|LUNG) INFECTION,",
        "a heart attack ; a myocardial infarction",
        "seen by a doctor ; seen by a physician",
        "an illness ; a sickness",
        "no fever ; no (pyrexia|raised temperature)",
        "feverish, AIDS, pus ; feverish, AIDS, pus",
      })
  void caseAndArticlesFit(String text, String expected) {
    String other = all(text, null).text();
    assertTrue(other.matches(expected), other);
  }

  @Test
  void spansMoveAlong() {
    String text = "A fever (38.2 C) and pneumonia, then chest pain.";
    var random = new SplittableRandom(9);
    Document document =
        document(
            text,
            span(text, "fever"),
            span(text, "38.2 C"),
            span(text, "pneumonia"),
            span(text, "chest pain"));
    for (int i = 0; i < 50; i++) {
      Document other = synonyms(0.5, null).apply(document, 0, random).document();
      List<Annotation> spans = other.annotations();
      assertEquals(4, spans.size());
      assertEquals("38.2 C", spans.get(1).in(other.text()));
      assertTrue(other.text().startsWith("and ", spans.get(2).start() - 4));
      assertEquals(',', other.text().charAt(spans.get(2).end()));
      assertEquals('.', other.text().charAt(spans.get(3).end()));
    }
  }

  @Test
  void wordNetKnowsWordsAsTheyStand() throws IOException {
    WordNet wordNet = WordNet.load();
    assertEquals(List.of("infirmary"), wordNet.of("hospital"));
    assertEquals(List.of(), wordNet.of("urine"));
    assertEquals(List.of(), wordNet.of("pus"));
    assertEquals(List.of(), wordNet.of("aids"));
    assertEquals(List.of(), wordNet.of("patient"));
    assertEquals(List.of(), wordNet.of("left"));
    for (String form : List.of("details", "pains", "noted", "complaining", "being", "daughter")) {
      assertEquals(List.of(), wordNet.of(form), form);
    }
    Document other = all("AIDS, pus and Fevers; No nausea. Hospital in Boston.", wordNet);
    assertTrue(
        other.text().startsWith("AIDS, pus and Fevers; No nausea. Infirmary in"), other.text());
  }

  @Test
  void aDictionaryOfTheUserComesFirst() throws IOException {
    Path file = folder.resolve("own.tsv");
    Files.writeString(file, "# own\npneumonia\tLRTI\nno fever\tafebrile\nfive\tV\n");
    var augmenter =
        new SynonymAugmenter(
            List.of(SynonymDictionary.read(file), SynonymDictionary.clinical()), null, 1, KEPT);
    String text = "five days of no fever and pneumonia.";
    assertEquals(
        "five days of no pyrexia and LRTI.",
        augmenter
            .apply(document(text), 0, new SplittableRandom(1))
            .document()
            .text()
            .replace("raised temperature", "pyrexia"));
    Files.writeString(file, "alone\n");
    assertEquals(
        file + ":1: has 1 phrase; expected two or more, parted by tabs",
        assertThrows(IOException.class, () -> SynonymDictionary.read(file)).getMessage());
  }

  @ParameterizedTest
  @EnumSource(NoiseAugmenter.Kind.class)
  void noiseChangesItsShareOfTheWordsAndSparesFacts(NoiseAugmenter.Kind kind) {
    var augmenter = new NoiseAugmenter(EnumSet.of(kind), 0.15, KEPT);
    var random = new SplittableRandom(2);
    long words = 0;
    long changed = 0;
    for (int i = 0; i < 400; i++) {
      Augmenter.Result result = augmenter.apply(document(NOTE), 0, random);
      words += result.words();
      changed += result.changed();
      if (result.document() == null) {
        continue;
      }
      String text = result.document().text();
      assertTrue(FactGuard.agree(NOTE, text), text);
      assertTrue(text.contains("BP 140/90"), text);
      int differ = 0;
      var before = Words.of(NOTE);
      var after = Words.of(text);
      assertEquals(before.size(), after.size());
      for (int k = 0; k < before.size(); k++) {
        differ += before.get(k).in(NOTE).equals(after.get(k).in(text)) ? 0 : 1;
      }
      assertEquals(result.changed(), differ);
    }
    assertEquals(0.15, (double) changed / words, 0.01);
  }

  @Test
  void badRatesAreNamed() {
    assertEquals(
        "rate is 0.0, must be in (0, 1]",
        assertThrows(
                IllegalArgumentException.class,
                () -> new NoiseAugmenter(Set.of(NoiseAugmenter.Kind.DROP), 0, KEPT))
            .getMessage());
  }

  private static List<Document> step(AugmentStep step, Document document) throws RejectedException {
    List<Document> out = new ArrayList<>();
    step.apply(document, out::add);
    return out;
  }

  @Test
  void copiesKeepLabelAndGroupAndFollowFromTheSeed() throws RejectedException {
    var step = new AugmentStep(synonyms(0.12, null), 3, 7, "split");
    Document original =
        new Document("n1", NOTE, Map.of("label", "a", "split", "train"), Origin.MEMORY);
    List<Document> out = step(step, original);
    assertEquals(4, out.size());
    assertEquals(List.of("n1", "n1+1", "n1+2", "n1+3"), out.stream().map(Document::id).toList());
    for (Document one : out) {
      assertEquals("a", one.field("label"));
      assertEquals("n1", one.field("group"));
    }
    assertNull(out.getFirst().field("augmented"));
    assertEquals("synonyms", out.get(1).field("augmented"));
    assertEquals("n1", out.get(1).field("augmented_from"));
    assertEquals(3, out.stream().skip(1).map(Document::text).distinct().count());
    assertEquals(out, step(new AugmentStep(synonyms(0.12, null), 3, 7, "split"), original));
    assertEquals(3, step.made());
    assertTrue(step.rate() > 0.05 && step.rate() < 0.25, () -> "" + step.rate());
  }

  @ParameterizedTest
  @CsvSource({"test", "validation", "Valid", "dev", "unknown"})
  void whatIsHeldOutIsRefused(String split) {
    var step = new AugmentStep(synonyms(0.2, null), 1, 0, "split");
    Document document = new Document("n1", NOTE, Map.of("split", split), new Origin("a.jsonl", 3));
    String message =
        assertThrows(IllegalArgumentException.class, () -> step(step, document)).getMessage();
    assertEquals(
        "a.jsonl:3: the field split is "
            + split
            + "; training documents alone are augmented, give those",
        message);
  }

  @Test
  void paraphrasesAreFoundByTheirKey() throws IOException, RejectedException {
    Path file = folder.resolve("p.jsonl");
    Files.writeString(
        file,
        """
        {"id":"1","text":"He has a cough now.","fields":{"note":"k1"}}
        {"id":"2","text":"Now he has a cough.","fields":{"note":"k1"}}
        {"id":"3","text":"Other.","fields":{"note":"k2"}}
        """);
    var paraphrases = new Paraphrases(new JsonLinesSource(List.of(file)), "note", "text");
    Document original =
        new Document(
            "1",
            "He has a cough now.",
            Map.of("note", "k1"),
            List.of(
                new Annotation(9, 14, "finding"),
                new Annotation(0, 19, "all"),
                new Annotation(0, 6, "lost")),
            Origin.MEMORY);
    Augmenter.Result result = paraphrases.apply(original, 0, new SplittableRandom(0));
    assertEquals("Now he has a cough.", result.document().text());
    assertEquals(
        List.of("cough", "Now he has a cough."),
        result.document().annotations().stream().map(a -> a.in("Now he has a cough.")).toList());
    assertNull(paraphrases.apply(original, 1, new SplittableRandom(0)).document());
    assertEquals(
        "--key is noet; none of the paraphrases has it and text",
        assertThrows(
                IOException.class,
                () -> new Paraphrases(new JsonLinesSource(List.of(file)), "noet", "text"))
            .getMessage());
  }

  @Test
  void aFieldMayBeSaidInOtherWords() throws IOException, RejectedException {
    Path file = folder.resolve("p.jsonl");
    Files.writeString(
        file,
        """
        {"id":"1","text":"The note.","fields":{"dialogue":"Doctor: How are you?"}}
        {"id":"9","text":"The note.","fields":{"dialogue":"Doctor: How do you feel?"}}
        """);
    var paraphrases = new Paraphrases(new JsonLinesSource(List.of(file)), "text", "dialogue");
    Document original =
        new Document(
            "1",
            "The note.",
            Map.of("dialogue", "Doctor: How are you?"),
            List.of(new Annotation(4, 8, "x")),
            Origin.MEMORY);
    Document other = paraphrases.apply(original, 0, new SplittableRandom(0)).document();
    assertEquals("Doctor: How do you feel?", other.field("dialogue"));
    assertEquals(original.text(), other.text());
    assertEquals(original.annotations(), other.annotations());
  }

  @Test
  void subsetsHoldSmallerOnesAndEachClassInItsShare() {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      items.add((i % 10 == 0 ? "rare" : i % 2 == 0 ? "some" : "many") + i);
    }
    var subsets =
        LearningCurve.subsets(items, item -> item.replaceAll("\\d", ""), 5, LearningCurve.SHARES);
    assertEquals(List.of(20, 50, 100, 200), subsets.stream().map(List::size).toList());
    for (int i = 0; i < subsets.size(); i++) {
      List<String> subset = subsets.get(i);
      long rare = subset.stream().filter(item -> item.startsWith("rare")).count();
      assertEquals(20 * LearningCurve.SHARES.get(i), rare, 1);
      assertTrue(i == 0 || subset.containsAll(subsets.get(i - 1)));
    }
    assertEquals(
        subsets,
        LearningCurve.subsets(items, item -> item.replaceAll("\\d", ""), 5, LearningCurve.SHARES));
  }

  private List<String> selected(double share, SelectedSource.Balance balance) throws IOException {
    Path file = folder.resolve("s.jsonl");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(
          "{\"id\":\"d%d\",\"text\":\"t\",\"fields\":{\"label\":\"%s\"}}"
              .formatted(i, i % 5 == 0 ? "rare" : "many"));
    }
    Files.write(file, rows);
    List<String> ids = new ArrayList<>();
    SelectedSource.of(new JsonLinesSource(List.of(file)), "label", share, balance, 1, "split")
        .read(
            new DocumentSource.Sink() {
              @Override
              public void accept(Document document) {
                ids.add(document.field("label") + document.id());
              }

              @Override
              public void reject(Origin origin, String problem) {}

              @Override
              public void end() {}
            });
    return ids;
  }

  @Test
  void classesAreBalancedAndSharesContainOneAnother() throws IOException {
    List<String> over = selected(1, SelectedSource.Balance.OVERSAMPLE);
    assertEquals(160, over.size());
    assertEquals(160, Set.copyOf(over).size());
    assertEquals(80, over.stream().filter(id -> id.startsWith("rare")).count());
    List<String> under = selected(1, SelectedSource.Balance.UNDERSAMPLE);
    assertEquals(40, under.size());
    List<String> quarter = selected(0.25, SelectedSource.Balance.NONE);
    assertEquals(25, quarter.size());
    assertEquals(5, quarter.stream().filter(id -> id.startsWith("rare")).count());
    assertTrue(selected(0.5, SelectedSource.Balance.NONE).containsAll(quarter));
  }
}
