package dev.galen.examples.clinical.pubmedqa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.baseline.CurveSection;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.ReportWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PubMedQaRunTest {
  private static final String[] THINGS = {
    "zinc", "rest", "tea", "milk", "honey", "salt", "walking"
  };
  private static final String[] AILMENTS = {"colds", "pain", "asthma", "fever", "gout", "cough"};

  @TempDir private Path folder;

  /** Invented records, whose long answers say the decision in words. */
  private Path data() throws IOException {
    var rows = new ArrayList<String>();
    int id = 0;
    for (String thing : THINGS) {
      for (String ailment : AILMENTS) {
        for (String decision : PubMedQa.DECISIONS) {
          String verb =
              switch (decision) {
                case "yes" -> "is a cure of";
                case "no" -> "is not a cure of";
                default -> "may be a cure of";
              };
          rows.add(
              """
              "%d": {"QUESTION": "Is %s a cure of %s?", "CONTEXTS": ["We gave %s to adults."],
              "final_decision": "%s", "LONG_ANSWER": "In our ward %s %s %s at last."}"""
                  .formatted(id++, thing, ailment, thing, decision, thing, verb, ailment));
        }
      }
    }
    Path file = folder.resolve("records.json");
    Files.writeString(file, "{" + String.join(",\n", rows) + "}");
    return file;
  }

  private PubMedQaRun run(Path file, String out) {
    var shape = new EncoderShape(200, 64, 16, 1, 2, 0.0, 0.05);
    var training = new FoldTraining(2, 3e-3, 16, 0, 0.5, 0.05, 0.01, 0, true);
    return PubMedQaRun.standard(
            file, Setting.REASONING_FREE, List.of(), 1, folder.resolve(out), "galen test")
        .with(new Pretraining(shape, 5_000, 200, new int[] {99, 99, 99}, 1), training, training)
        .with(PubMedQaRun.Ways.PRETRAINED);
  }

  @Test
  void goesFromAFileToAReportAndOnAfterAKill() throws IOException {
    Path file = data();
    var lines = new ArrayList<String>();
    PubMedQaRun.Figures figures = run(file, "out").run(lines::add);
    assertTrue(lines.getFirst().startsWith("data: PubMedQA, 126 records"), lines.getFirst());
    assertEquals(
        63, figures.models().getFirst().predicted().length, "each test record is answered");
    assertEquals(3, figures.baselines().size());
    Path out = folder.resolve("out");
    String html = Files.readString(out.resolve(ReportWriter.HTML));
    assertTrue(html.contains("not the official split"), "the report names its split");
    assertTrue(html.contains("McNemar"), "the report compares in words");
    assertTrue(html.contains("Fold 0, pretrained: the loss while training."), "it has curves");
    assertTrue(html.contains("each on its own fold"), "it tells the folds' figures");
    // A run that was killed before its last fold: that one alone is trained again.
    Path last = out.resolve("pretrained/fold-9/probabilities.json");
    byte[] before = Files.readAllBytes(last);
    Files.delete(last);
    lines.clear();
    PubMedQaRun.Figures again = run(file, "out").run(lines::add);
    assertArrayEquals(before, Files.readAllBytes(last));
    assertArrayEquals(
        figures.models().getFirst().predicted(), again.models().getFirst().predicted());
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("pretraining: done before")));
    assertTrue(
        lines.stream().noneMatch(line -> line.startsWith("fold 9 of 10")), "whole folds stay");
    // The models answer the same records as they did.
    PubMedQa data = UsableRecords.read(file).data();
    var test = OfficialSplit.of(file, data, null).test(data);
    double[][] answers = FoldModels.answer(out.resolve("pretrained"), test);
    assertArrayEquals(
        figures.models().getFirst().predicted(), ClassifierSections.likeliest(answers));
    // Others, too, whose decisions nobody knows.
    Path asked = folder.resolve("asked.json");
    Files.writeString(
        asked, Files.readString(file).replaceAll("\"final_decision\": \"[a-z]+\", ", ""));
    double[][] unknown =
        FoldModels.answer(
            out.resolve("pretrained"),
            PubMedQa.questions(asked).stream()
                .filter(one -> test.stream().anyMatch(known -> known.id().equals(one.id())))
                .toList());
    assertArrayEquals(
        figures.models().getFirst().predicted(), ClassifierSections.likeliest(unknown));
    String refusal =
        out.resolve("settings.json")
            + ": the folder has a run with other data or settings; give --out another folder, or"
            + " what that run was given to go on with it";
    assertEquals(
        refusal,
        assertThrows(
                IOException.class,
                () ->
                    PubMedQaRun.standard(
                            file, Setting.REASONING_REQUIRED, List.of(), 1, out, "galen test")
                        .run(lines::add))
            .getMessage());
    // A moved file goes on, but not another one of the same name.
    Path moved = Files.move(file, folder.resolve("moved.json"));
    run(moved, "out").run(lines::add);
    Files.writeString(file, Files.readString(moved).replace("colds", "hives"));
    assertEquals(
        refusal,
        assertThrows(IOException.class, () -> run(file, "out").run(lines::add)).getMessage());
  }

  @Test
  void drawsALearningCurveOnTheSameTestRecords() throws IOException {
    Path file = data();
    var lines = new ArrayList<String>();
    PubMedQaRun.Figures figures = run(file, "curve").withCurve(List.of(0.25)).run(lines::add);
    assertEquals(List.of(16, 63), figures.curve().stream().map(CurveSection.Point::size).toList());
    for (CurveSection.Point point : figures.curve()) {
      assertEquals(63, point.model().predicted().length, "the test set stays");
      assertEquals(63, point.bagOfWords().predicted().length);
    }
    assertEquals(figures.models().getLast(), figures.curve().getLast().model());
    Path out = folder.resolve("curve");
    String html = Files.readString(out.resolve(ReportWriter.HTML));
    assertTrue(html.contains("Learning curve") && html.contains("bag of words"), "it is drawn");
    assertTrue(run(file, "curve").json(figures).contains("\"records\":16"), "and told");
    // A run that was killed goes on with the share that it was at; a run without a curve is the
    // same run.
    Path last = out.resolve("share-25/fold-9/probabilities.json");
    byte[] before = Files.readAllBytes(last);
    Files.delete(last);
    lines.clear();
    PubMedQaRun.Figures again = run(file, "curve").withCurve(List.of(0.25)).run(lines::add);
    assertArrayEquals(before, Files.readAllBytes(last));
    assertEquals(1, lines.stream().filter(line -> line.startsWith("fold ")).count(), "" + lines);
    assertArrayEquals(
        figures.curve().getFirst().model().predicted(),
        again.curve().getFirst().model().predicted());
    assertTrue(run(file, "curve").run(lines::add).curve().isEmpty());
  }

  @Test
  void readsNoTestRecordBeforeIt() throws IOException {
    Path file = data();
    PubMedQa data = UsableRecords.read(file).data();
    OfficialSplit split = OfficialSplit.of(file, data, null);
    List<String> texts = PublicTexts.of(data, split, List.of(file));
    // Each training record once by itself, and its context and answer once more from the file.
    assertEquals(3 * split.train(data).size(), texts.size());
  }

  @Test
  void refusesRecordsWithoutADecisionByPlace() throws IOException {
    Path file = folder.resolve("bad.json");
    Files.writeString(file, "{\"1\": {\"QUESTION\": \"Is it?\", \"LONG_ANSWER\": \"It is.\"}}");
    String message = assertThrows(IOException.class, () -> UsableRecords.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()) && message.contains("final_decision"), message);
    assertThrows(IllegalArgumentException.class, () -> Setting.named("free"));
  }

  @Test
  void recordsThatCannotBeUsedAreRejectedByPlace() throws IOException {
    Path file = folder.resolve("some.jsonl");
    String good =
        "{\"pubid\": %d, \"question\": \"Is it?\", \"context\": \"A.\", \"long_answer\": \"It is.\","
            + " \"final_decision\": \"yes\"}\n";
    Files.writeString(
        file,
        good.formatted(1)
            + good.formatted(2).replace("\"yes\"", "\"perhaps\"")
            + good.formatted(3).replace(", \"final_decision\": \"yes\"", "")
            + good.formatted(1)
            + good.formatted(4).replace("It is.", " ")
            + good.formatted(5));
    UsableRecords records = UsableRecords.read(file);
    assertEquals(List.of("1", "5"), records.data().records().stream().map(r -> r.id()).toList());
    assertEquals(
        List.of(2L, 3L, 4L, 5L),
        records.rejects().stream().map(one -> one.origin().line()).sorted().toList());
    records.writeRejects(folder);
    String written = Files.readString(folder.resolve(UsableRecords.FILE));
    assertEquals(4, written.lines().count());
    assertTrue(
        written.contains("\"problem\":\"the pubid 1 stands at " + file + ":1, too\""), written);
    assertTrue(
        records.line(folder).orElseThrow().startsWith("rejects: 4 of 6 records; the first: "));
    Files.writeString(file, good.formatted(3).replace(", \"final_decision\": \"yes\"", ""));
    assertEquals(
        file + ":1: the record has no final_decision; expected yes, no or maybe",
        assertThrows(IOException.class, () -> UsableRecords.read(file)).getMessage());
  }
}
