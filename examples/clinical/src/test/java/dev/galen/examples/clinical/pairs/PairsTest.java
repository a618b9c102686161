package dev.galen.examples.clinical.pairs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.examples.clinical.text.Words;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import dev.galen.train.data.PromptExample;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairsTest {
  @TempDir private Path folder;

  private static Document document(String text, Map<String, String> fields) {
    return new Document("n1", text, fields, new Origin("in.jsonl", 4));
  }

  private static List<Document> pairs(PairStep step, Document document) throws RejectedException {
    List<Document> out = new ArrayList<>();
    step.apply(document, out::add);
    return out;
  }

  private static PairStep step(String... ids) {
    return new PairStep(
        List.of(ids).stream().map(id -> PairTemplates.of(id, PairTemplates.builtIn())).toList(),
        Map.of());
  }

  @Test
  void eachTaskHasATemplate() throws RejectedException {
    Document document =
        document(
            "Cough and fever.",
            Map.of(
                "summary",
                "Flu.",
                "question",
                "What is it?",
                "answer",
                "It is flu.",
                "label",
                "urgent",
                "prior",
                "Well.",
                "changes",
                "Cough is new.",
                "group",
                "g1"));
    for (PairTask task : PairTask.values()) {
      List<PairTemplate> templates =
          PairTemplates.builtIn().stream().filter(t -> t.task() == task).toList();
      assertTrue(!templates.isEmpty(), task.word());
    }
    List<Document> pairs = pairs(step("summarise", "answer@1", "compare", "flag"), document);
    assertEquals(
        List.of("Flu.", "It is flu.", "Cough is new.", "urgent"),
        pairs.stream().map(pair -> pair.field("output")).toList());
    assertEquals("Question: What is it?\nContext: Cough and fever.", pairs.get(1).field("input"));
    assertEquals(
        List.of("summarise", "answer", "compare", "flag"),
        pairs.stream().map(pair -> pair.field("template")).toList());
    assertEquals("1", pairs.getFirst().field("version"));
    assertEquals("g1", pairs.getFirst().field("group"));
  }

  @Test
  void aDocumentWithoutTheFieldsIsRejectedByTheirName() {
    String message =
        assertThrows(
                RejectedException.class,
                () -> pairs(step("summarise"), document("secret words", Map.of("summary", " "))))
            .getMessage();
    assertEquals(
        "no field summary or impression or conclusion, which the template summarise@1 needs",
        message);
  }

  @Test
  void fieldsMayHaveOtherNamesAndBracesStayLiteral() throws RejectedException {
    var template =
        new PairTemplate(
            "own", "2", PairTask.FLAG, "Say {\"a\": 1} of {kind}", "{text}", "{label}");
    var step = new PairStep(List.of(template), Map.of("label", "section_header", "text", "body"));
    Document pair =
        pairs(step, document("old", Map.of("section_header", "GENHX", "body", "new", "kind", "it")))
            .getFirst();
    assertEquals("Say {\"a\": 1} of it", pair.field("instruction"));
    assertEquals("new", pair.field("input"));
    assertEquals("GENHX", pair.field("output"));
  }

  @Test
  void templatesAreReadOrTheirFieldIsNamed() throws IOException {
    Path file = folder.resolve("t.json");
    Files.writeString(
        file,
        """
        [{"name":"summarise","version":"9","task":"summarise","instruction":"Short.",
          "input":"{text}","output":"{summary}"}]
        """);
    var all = new ArrayList<>(PairTemplates.builtIn());
    all.addAll(PairTemplates.read(file));
    assertEquals("summarise@9", PairTemplates.of("summarise", all).id());
    assertEquals("summarise@1", PairTemplates.of("summarise@1", all).id());
    Files.writeString(
        file,
        "{\"name\":\"a\",\"version\":\"1\",\"task\":\"guess\",\"instruction\":\"i\",\"input\":\"\",\"output\":\"{x}\"}");
    assertEquals(
        file + ": template 1: task is guess; expected summarise, answer, compare or flag",
        assertThrows(IOException.class, () -> PairTemplates.read(file)).getMessage());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> PairTemplates.of("summarize", PairTemplates.builtIn()))
            .getMessage()
            .startsWith("template is summarize; expected one of summarise@1, "));
  }

  private List<Example> written(String name) throws IOException {
    Path in = folder.resolve("in.jsonl");
    Files.writeString(
        in,
        """
        {"id":"1","text":"He said \\"ow\\", then\\nleft, 140/90.","fields":{"summary":"Pain, brief."}}
        {"id":"2","text":"None","fields":{}}
        {"id":"3","text":"Well.","fields":{"summary":"None","split":"train"}}
        """);
    Path out = folder.resolve(name);
    new DocumentRun(
            new JsonLinesSource(List.of(in)),
            step("summarise"),
            "",
            2,
            RunProgress.NONE,
            DocumentRun.Check.NONE,
            PairFormat.of(name))
        .run(out);
    assertEquals(1, Files.readAllLines(folder.resolve(name + ".rejects.jsonl")).size());
    return DataFiles.read(out);
  }

  @Test
  void whatIsWrittenIsWhatTrainingReads() throws IOException {
    List<Example> lines = written("pairs.jsonl");
    List<Example> table = written("pairs.csv");
    assertEquals(2, lines.size());
    for (int i = 0; i < 2; i++) {
      var fromLines = (PromptExample) lines.get(i);
      var fromTable = (PromptExample) table.get(i);
      assertEquals(fromLines.prompt(), fromTable.prompt());
      assertEquals(fromLines.completion(), fromTable.completion());
    }
    assertEquals("Pain, brief.", ((PromptExample) lines.getFirst()).completion());
    assertTrue(
        Files.readString(folder.resolve("pairs.csv")).startsWith("instruction,input,output,"));
    assertTrue(
        Files.readString(folder.resolve("pairs.jsonl"))
            .contains(
                "\"template\":\"summarise\",\"version\":\"1\",\"id\":\"3\",\"split\":\"train\""));
  }

  @Test
  void reportsOfAPatientAreCompared() throws IOException {
    Path in = folder.resolve("in.jsonl");
    Files.writeString(
        in,
        """
        {"id":"1","text":"BP 150/90. Cough.","fields":{"patient":"a"}}
        {"id":"2","text":"BP 120/80. Cough.","fields":{"patient":"a"}}
        {"id":"3","text":"BP 120/80. Cough.","fields":{"patient":"b"}}
        {"id":"4","text":"Cough. BP 120/80.","fields":{"patient":"b"}}
        """);
    Path out = folder.resolve("out.jsonl");
    new DocumentRun(
            new PriorSource(new JsonLinesSource(List.of(in)), "patient"),
            new ChangesStep().then(step("compare")),
            "",
            1,
            RunProgress.NONE,
            DocumentRun.Check.NONE,
            PairFormat.JSONL)
        .run(out);
    List<Example> pairs = DataFiles.read(out);
    assertEquals(2, pairs.size());
    String changes = ((PromptExample) pairs.getFirst()).completion();
    assertTrue(changes.startsWith("Changed: ") && changes.contains("150/90 -> "), changes);
    assertEquals("No change.", ((PromptExample) pairs.getLast()).completion());
  }

  @Test
  void lengthsAreCounted() throws RejectedException {
    var lengths = new PairLengths("words", text -> Words.of(text).size());
    for (int i = 1; i <= 100; i++) {
      Document document = document("w ".repeat(i), Map.of("summary", "s"));
      pairs(step("summarise"), document).forEach(lengths::add);
    }
    var json = lengths.json();
    assertEquals(100, json.get("pairs").asInt());
    assertEquals(50, json.get("input").get("p50").asInt());
    assertEquals(99, json.get("input").get("p99").asInt());
    assertEquals(50.5, json.get("input").get("mean").asDouble());
    assertEquals(1, json.get("output").get("max").asInt());
    int fixed = Words.of("Summarise the clinical text. State only what it says.").size() + 1;
    assertEquals(100 + fixed, json.get("all").get("max").asInt());
    assertTrue(lengths.table().contains("p90"));
  }

  @Test
  void aFieldThatStandsForAnotherIsNotReplacedByThatOne() {
    var template = new PairTemplate("own", "1", PairTask.FLAG, "Say", "{text}", "{label}");
    Document document = document("words", Map.of("label", "old"));
    var missing = new PairStep(List.of(template), Map.of("label", "section"));
    String message =
        assertThrows(RejectedException.class, () -> pairs(missing, document)).getMessage();
    assertEquals("no field label, which the template own@1 needs", message);
    var noText = new PairStep(List.of(template), Map.of("text", "body"));
    assertEquals(
        "no field body, which is to be the text",
        assertThrows(RejectedException.class, () -> pairs(noText, document)).getMessage());
  }
}
