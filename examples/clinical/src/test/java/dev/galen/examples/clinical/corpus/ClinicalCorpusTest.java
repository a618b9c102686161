package dev.galen.examples.clinical.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.QuestionExample;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClinicalCorpusTest {

  @TempDir Path folder;

  private static List<QuestionExample> all() {
    var all = new ArrayList<QuestionExample>();
    var split = ClinicalCorpus.load();
    all.addAll(split.train());
    all.addAll(split.validation());
    all.addAll(split.test());
    return all;
  }

  private static Map<String, Long> decisions(List<QuestionExample> examples) {
    return new TreeMap<>(
        examples.stream()
            .collect(Collectors.groupingBy(QuestionExample::decision, Collectors.counting())));
  }

  @Test
  void partsAreBalancedAsPubMedQaIs() {
    var split = ClinicalCorpus.load();
    assertEquals(539, split.train().size());
    assertEquals(77, split.validation().size());
    assertEquals(77, split.test().size());
    for (var part : List.of(split.train(), split.validation(), split.test())) {
      var decisions = decisions(part);
      System.out.println("clinical corpus: " + part.size() + " questions, " + decisions);
      double size = part.size();
      assertEquals(0.552, decisions.get("yes") / size, 0.04);
      assertEquals(0.338, decisions.get("no") / size, 0.04);
      assertEquals(0.110, decisions.get("maybe") / size, 0.04);
    }
  }

  @Test
  void nothingStandsTwice() {
    var ids = new HashSet<String>();
    var questions = new HashSet<String>();
    var contexts = new HashSet<String>();
    for (QuestionExample example : all()) {
      assertTrue(ids.add(example.id()), example.id());
      assertTrue(questions.add(example.question()), example.question());
      assertTrue(contexts.add(example.context()), example.context());
    }
    // Asked with another wording, a question of the test set would still be the same question.
    var asked = new HashSet<String>();
    for (Map<String, String> fact : ClinicalTables.facts()) {
      for (var aspect : ClinicalTables.aspects()) {
        String kind = aspect.sentences().get("question").getFirst();
        assertTrue(
            asked.add(kind + fact.get("name") + fact.get(aspect.column())), fact.get("name"));
      }
    }
  }

  @Test
  void sentencesAreWhole() {
    Pattern sentences = Pattern.compile("([A-Z0-9][^.?{}|]*[.?]\\s?)+");
    for (QuestionExample example : all()) {
      assertTrue(example.question().endsWith("?"), example.question());
      for (String text : List.of(example.question(), example.context(), example.answer())) {
        assertTrue(sentences.matcher(text).matches(), text);
        assertFalse(text.contains("  "), text);
        assertTrue(text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 127)), text);
      }
      assertEquals(3, example.context().lines().count());
    }
  }

  /** The wording must not give the decision away: each way of asking has at least two answers. */
  @Test
  void theQuestionAloneDoesNotDecideTreatmentsAndTests() {
    var byWording = new TreeMap<String, HashSet<String>>();
    for (var aspect : ClinicalTables.aspects()) {
      for (String question : aspect.sentences().get("question")) {
        byWording.computeIfAbsent(question, key -> new HashSet<>()).add(aspect.decision());
      }
    }
    long shared = byWording.values().stream().filter(decisions -> decisions.size() > 1).count();
    assertEquals(6, shared);
  }

  @Test
  void writtenFilesAreReadBackAsTheyWere() throws IOException {
    ClinicalCorpus.write(folder.resolve("a/b"));
    var split = ClinicalCorpus.load();
    same(split.train(), folder.resolve("a/b/train.json"));
    same(split.validation(), folder.resolve("a/b/valid.json"));
    same(split.test(), folder.resolve("a/b/test.json"));
    long size = 0;
    try (var files = Files.list(folder.resolve("a/b"))) {
      for (Path file : files.toList()) {
        size += Files.size(file);
      }
    }
    System.out.println("clinical corpus: " + size + " bytes");
    assertTrue(size > 300_000 && size < 1_000_000, size + " bytes");
  }

  private static void same(List<QuestionExample> expected, Path file) throws IOException {
    var read = DataFiles.read(file);
    assertEquals(expected.size(), read.size());
    for (int i = 0; i < read.size(); i++) {
      var example = (QuestionExample) read.get(i);
      assertEquals(expected.get(i).id(), example.id());
      assertEquals(expected.get(i).question(), example.question());
      assertEquals(expected.get(i).context(), example.context());
      assertEquals(expected.get(i).answer(), example.answer());
      assertEquals(expected.get(i).decision(), example.decision());
    }
  }

  /** Figures are reported on this corpus: it must not change by accident. */
  @Test
  void theCorpusIsTheSameEverywhere() throws Exception {
    ClinicalCorpus.write(folder);
    var digest = MessageDigest.getInstance("SHA-256");
    for (String name : List.of("train.json", "valid.json", "test.json")) {
      digest.update(Files.readAllBytes(folder.resolve(name)));
    }
    assertEquals(
        "67d88b879068b0377b8b319741d2c0a9949f79d9de3f8d5bdd18d0b7002f3540",
        HexFormat.of().formatHex(digest.digest()));
  }
}
