package dev.galen.examples.clinical.duplicate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.train.data.Origin;
import dev.galen.train.data.Splits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicatesTest {
  private static final String NOTE =
      "The patient came in with cough and fever for three days and was given fluids. Lungs clear to"
          + " listen, heart regular, abdomen soft. Will return in a week for another look at it.";

  @TempDir private Path folder;

  /** Notes of many random words, each of the same number. */
  private static String note(SplittableRandom random, int words) {
    var note = new StringBuilder();
    for (int i = 0; i < words; i++) {
      note.append("w").append(random.nextInt(5_000)).append(' ');
    }
    return note.toString();
  }

  private static DuplicateFinder.Groups groups(DuplicateFinder finder, List<String> texts)
      throws IOException {
    texts.forEach(finder::add);
    return finder.groups(texts::get);
  }

  @Test
  void equalAndNearlyEqualTextsAreGrouped() throws IOException {
    List<String> texts =
        List.of(
            NOTE,
            "Something else is written here about a knee.",
            NOTE.replace("at it", "at her"),
            NOTE.replace(" ", "\n "),
            "---",
            "***",
            "",
            " ",
            "something else is written here about a KNEE");
    DuplicateFinder.Groups groups = groups(new DuplicateFinder(0.8, 3), texts);
    assertArrayEquals(new int[] {0, 1, 0, 0, 4, 5, 6, 6, 1}, groups.firsts());
    assertEquals(
        List.of("NONE", "NONE", "NEAR", "EXACT", "NONE", "NONE", "NONE", "EXACT", "NEAR"),
        List.of(groups.kinds()).stream().map(Enum::name).toList());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.7, 0.8, 0.9, 1})
  void pairsAboveTheThresholdAreFoundAndNoneBelow(double threshold) throws IOException {
    var random = new SplittableRandom(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String[] words = note(random, 60).split(" ");
      texts.add(String.join(" ", words));
      for (int changed = random.nextInt(8); changed > 0; changed--) {
        words[random.nextInt(60)] = "changed" + random.nextInt(100);
      }
      texts.add(String.join(" ", words));
    }
    DuplicateFinder.Groups groups = groups(new DuplicateFinder(threshold, 3), texts);
    for (int i = 0; i < texts.size(); i += 2) {
      double index =
          Shingles.jaccard(Shingles.of(texts.get(i), 3), Shingles.of(texts.get(i + 1), 3));
      assertEquals(index >= threshold ? i : i + 1, groups.firsts()[i + 1], "index " + index);
    }
  }

  @Test
  void jaccardIsWhatIsSharedOfAll() {
    assertEquals(
        0.6, Shingles.jaccard(Shingles.of("a b c d", 1), Shingles.of("b c d e", 1)), 1e-12);
    assertEquals(1, Shingles.of("one two", 3).length);
    assertEquals(
        0.5, Shingles.jaccard(Shingles.of("p q r s", 2), Shingles.of("q r s t", 2)), 1e-12);
  }

  @Test
  void manyAlikeInOneBucketStayFast() throws IOException {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      texts.add(i % 2 == 0 ? NOTE : NOTE + " Seen at bed " + i);
    }
    DuplicateFinder.Groups groups = groups(new DuplicateFinder(0.8, 3), texts);
    for (int first : groups.firsts()) {
      assertEquals(0, first);
    }
  }

  @Test
  void badNumbersAreNamed() {
    assertEquals(
        "threshold is 1.5, must be in (0, 1]",
        assertThrows(IllegalArgumentException.class, () -> new DuplicateFinder(1.5, 3))
            .getMessage());
    assertEquals(
        "shingle is 0, must be at least 1",
        assertThrows(IllegalArgumentException.class, () -> new DuplicateFinder(0.8, 0))
            .getMessage());
  }

  private Path file(String name, String... rows) throws IOException {
    return Files.write(folder.resolve(name), List.of(rows));
  }

  private static String row(String text, String field, String value) {
    return "{\"text\":\"%s\",\"fields\":{\"%s\":\"%s\"}}".formatted(text, field, value);
  }

  private static List<Document> documents(DuplicateFiles found, DuplicateFiles.Keep keep)
      throws IOException {
    List<Document> documents = new ArrayList<>();
    found
        .source(keep)
        .read(
            new DocumentSource.Sink() {
              @Override
              public void accept(Document document) {
                documents.add(document);
              }

              @Override
              public void reject(Origin origin, String problem) {}

              @Override
              public void end() {}
            });
    return documents;
  }

  @Test
  void groupsKeepDuplicatesAndPatientsTogether() throws IOException {
    Path file =
        file(
            "a.jsonl",
            row(NOTE, "patient", "p1"),
            "{broken",
            row("Other words of another day", "patient", "p2"),
            row(NOTE + " Again.", "patient", "p2"),
            row("Alone is this one here", "patient", "p3"));
    DuplicateFiles found =
        DuplicateFiles.find(
            List.of(file),
            List.of(),
            new DuplicateFinder(0.8, 3),
            null,
            "patient",
            RunProgress.NONE);
    assertEquals(new DuplicateFiles.Counts(4, 0, 1, 0), found.counts());
    List<Document> all = documents(found, DuplicateFiles.Keep.ALL);
    List<String> groups = all.stream().map(d -> d.field("group")).toList();
    assertEquals(groups.get(0), groups.get(1));
    assertEquals(groups.get(0), groups.get(2));
    assertEquals(2, groups.stream().distinct().count());
    assertEquals("near", all.get(2).field("duplicate"));
    assertEquals(3, documents(found, DuplicateFiles.Keep.FIRST).size());
    for (var part : Splits.grouped(all, d -> d.field("group"), 1, 0.5, 0.5)) {
      assertTrue(part.size() == 3 || part.size() == 1);
    }
  }

  @Test
  void whatIsHeldOutIsLeftOutOfTraining() throws IOException {
    Path train =
        file("train.jsonl", row(NOTE, "a", "1"), row("Nothing of this is there", "a", "1"));
    Path test = file("test.jsonl", row(NOTE.replace("three", "four"), "a", "1"));
    DuplicateFiles found =
        DuplicateFiles.find(
            List.of(train),
            List.of(test),
            new DuplicateFinder(0.7, 3),
            null,
            null,
            RunProgress.NONE);
    assertEquals(1, found.counts().across());
    List<Document> apart = documents(found, DuplicateFiles.Keep.APART);
    assertEquals(List.of("Nothing of this is there"), apart.stream().map(Document::text).toList());
  }

  @Test
  void textsLongerThanAReadAreVerified() throws IOException {
    String text = note(new SplittableRandom(8), 3_000).strip();
    Path first = file("first.jsonl", row("x", "a", "1"), row(text, "a", "1"));
    Path second = file("second.jsonl", row(text + " end", "a", "1"));
    DuplicateFiles found =
        DuplicateFiles.find(
            List.of(first, second),
            List.of(),
            new DuplicateFinder(0.8, 3),
            null,
            null,
            RunProgress.NONE);
    assertEquals(new DuplicateFiles.Counts(3, 0, 1, 0), found.counts());
  }

  @Test
  void splitsOfAFieldCountByWeight() throws IOException {
    Path file =
        file(
            "a.jsonl",
            row(NOTE, "split", "train"),
            row(NOTE, "split", "train"),
            row(NOTE, "split", "validation"),
            row(NOTE, "split", "test"),
            row("Nothing of this is there", "split", "train"));
    DuplicateFiles found =
        DuplicateFiles.find(
            List.of(file), List.of(), new DuplicateFinder(0.8, 3), "split", null, RunProgress.NONE);
    assertEquals(3, found.counts().across());
    var kept = new HashMap<String, Integer>();
    documents(found, DuplicateFiles.Keep.APART)
        .forEach(d -> kept.merge(d.field("split"), 1, Integer::sum));
    assertEquals(Map.of("test", 1, "train", 1), kept);
    Path bad = file("b.jsonl", row(NOTE, "split", "holdout"));
    String message =
        assertThrows(
                IOException.class,
                () ->
                    DuplicateFiles.find(
                        List.of(bad),
                        List.of(),
                        new DuplicateFinder(0.8, 3),
                        "split",
                        null,
                        RunProgress.NONE))
            .getMessage();
    assertEquals(
        bad + ":1: the field split is holdout; expected train, validation or test", message);
  }

  @Test
  void linesThatAreNoDocumentsAreCounted() throws IOException {
    Path file = file("a.jsonl", row(NOTE, "a", "1"), "{broken", "", "{\"note\": \"b\"}");
    DuplicateFiles found =
        DuplicateFiles.find(
            List.of(file),
            List.of(file),
            new DuplicateFinder(0.8, 3),
            null,
            null,
            RunProgress.NONE);
    assertEquals(4, found.rejected());
    Path folder = file.getParent();
    var wrong =
        assertThrows(
            IOException.class,
            () ->
                DuplicateFiles.find(
                    List.of(folder),
                    List.of(),
                    new DuplicateFinder(0.8, 3),
                    null,
                    null,
                    RunProgress.NONE));
    assertEquals(folder + ": is a folder; a file is needed there", wrong.getMessage());
  }

  @Test
  void aLongValueOfASplitIsNotShown() throws IOException {
    Path file = file("a.jsonl", row(NOTE, "split", "Mr. Grant came home late"));
    var wrong =
        assertThrows(
            IOException.class,
            () ->
                DuplicateFiles.find(
                    List.of(file),
                    List.of(),
                    new DuplicateFinder(0.8, 3),
                    "split",
                    null,
                    RunProgress.NONE));
    assertTrue(wrong.getMessage().contains("is a text of 24 characters"), wrong.getMessage());
  }
}
