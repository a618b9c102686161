package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedSetsTest {
  private static final Path SHARED = Path.of("../../../shared/data");

  @TempDir private Path folder;

  private Collected read(String name, String content) throws IOException {
    return Collected.of(Files.writeString(folder.resolve(name), content));
  }

  private static void is(PublishedSet set, Collected all) {
    assertEquals(List.of(set), List.copyOf(all.source.published().values()));
  }

  @Test
  void pubMedQaHasTwoForms() throws IOException {
    Collected own =
        read(
            "own.json",
            """
            {"101": {"QUESTION": "Does it help?", "CONTEXTS": ["We asked.", "It did."],
              "LABELS": ["BACKGROUND", "RESULTS"], "MESHES": ["Humans", "Pain"], "YEAR": "2010",
              "reasoning_required_pred": "yes", "reasoning_free_pred": "maybe",
              "final_decision": "yes", "LONG_ANSWER": "It helps."},
             "102": {"QUESTION": "And this?", "CONTEXTS": ["One."], "LABELS": ["A", "B"]},
             "103": {"QUESTION": "Unlabelled?", "CONTEXTS": ["One."], "LABELS": ["A"],
              "LONG_ANSWER": "Perhaps."},
             "101": {"QUESTION": "Twice?", "CONTEXTS": ["One."], "LABELS": ["A"]}}
            """);
    is(PublishedSet.PUBMEDQA, own);
    assertEquals(List.of("101", "103"), own.ids());
    assertEquals(
        List.of(
            "5: 2 LABELS for 1 CONTEXTS; expected as many",
            "8: the id of this record was given before"),
        own.rejects);
    Document first = own.documents.getFirst();
    assertEquals("We asked.\nIt did.", first.text());
    assertEquals(
        List.of(
            new Annotation(0, 9, "section", Map.of("label", "BACKGROUND")),
            new Annotation(10, 17, "section", Map.of("label", "RESULTS"))),
        first.annotations());
    assertEquals("yes", first.field("label"));
    assertEquals("It helps.", first.field("answer"));
    assertEquals("Humans; Pain", first.field("meshes"));
    assertNull(own.documents.getLast().field("label"));
    Collected columns =
        read(
            "hf.jsonl",
            "{\"pubid\": 101, \"question\": \"Does it help?\", \"context\": {\"contexts\":"
                + " [\"We asked.\", \"It did.\"], \"labels\": [\"BACKGROUND\", \"RESULTS\"],"
                + " \"meshes\": [\"Humans\", \"Pain\"], \"reasoning_required_pred\": [\"yes\"],"
                + " \"reasoning_free_pred\": [\"maybe\"]}, \"long_answer\": \"It helps.\","
                + " \"final_decision\": \"yes\"}");
    is(PublishedSet.PUBMEDQA, columns);
    Document same = columns.only();
    assertEquals(first.text(), same.text());
    assertEquals(first.annotations(), same.annotations());
    assertEquals("101", same.id());
    assertEquals("maybe", same.field("reasoning_free_pred"));
    assertEquals("Does it help?", same.field("question"));
  }

  @Test
  void pubMedQaIsReadAsParquet() throws IOException {
    Collected all = Collected.of(Path.of("src/test/resources/ingest/pubmedqa.parquet"));
    is(PublishedSet.PUBMEDQA, all);
    Document document = all.only();
    assertEquals("101", document.id());
    assertEquals("We asked.\nIt did.", document.text());
    assertEquals("RESULTS", document.annotations().getLast().attributes().get("label"));
    assertEquals("Humans; Pain", document.field("meshes"));
    assertEquals("yes", document.field("reasoning_required_pred"));
    assertEquals("It helps.", document.field("answer"));
  }

  @Test
  void medQaHasItsOptionsInThreeForms() throws IOException {
    String own =
        "{\"question\": \"Which?\", \"answer\": \"two\", \"options\": {\"A\": \"one\", \"B\": \"two\"},"
            + " \"meta_info\": \"step1\", \"answer_idx\": \"B\"}";
    String list =
        "{\"meta_info\": \"step1\", \"question\": \"Which?\", \"answer\": \"two\", \"options\":"
            + " [{\"key\": \"A\", \"value\": \"one\"}, {\"key\": \"B\", \"value\": \"two\"}]}";
    String endings =
        "{\"id\": \"q1\", \"sent1\": \"Which?\", \"sent2\": \"\", \"ending0\": \"one\","
            + " \"ending1\": \"two\", \"label\": 1}";
    for (String form : List.of(own, list, endings)) {
      Collected all = read("a.jsonl", form);
      is(PublishedSet.MEDQA, all);
      Document document = all.only();
      assertEquals("Which?", document.text());
      assertEquals("one", document.field("option_A"));
      assertEquals("B", document.field("label"));
      assertEquals("two", document.field("answer"));
    }
    Collected bad = read("b.jsonl", own + "\n" + own.replace("\"B\"}", "\"E\"}"));
    assertEquals(List.of("2: answer_idx is none of A, B"), bad.rejects);
    Collected other =
        read("c.jsonl", own.replace("\"answer_idx\": \"B\"", "\"answer_idx\": \"A\""));
    assertEquals(List.of("1: answer and answer_idx name different options"), other.rejects);
  }

  @Test
  void medQuadIsRowsOrXml() throws IOException {
    Collected rows =
        read(
            "a.jsonl",
            "{\"id\": \"X-1\", \"source\": \"S\", \"url\": \"u\", \"focus\": \"Gout\", \"synonyms\":"
                + " [\"podagra\"], \"qtype\": \"treatment\", \"question\": \"How?\", \"answer\":"
                + " \"So.\"}\n{\"id\": \"X-2\", \"qtype\": \"t\", \"question\": \"Q\", \"answer\": \"\"}");
    is(PublishedSet.MEDQUAD, rows);
    assertEquals(Map.of("no answer", 1L), rows.source.leftOut());
    Collected xml =
        read(
            "a.xml",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document id="0000001" source="S" url="u">
            <Focus>Gout</Focus>
            <FocusAnnotations><UMLS><CUIs><CUI>C0018099</CUI></CUIs></UMLS>
             <Synonyms><Synonym>podagra</Synonym></Synonyms></FocusAnnotations>
            <QAPairs>
             <QAPair pid="1"><Question qid="X-1" qtype="treatment">How?</Question>
              <Answer>
                So.</Answer></QAPair>
             <QAPair pid="2"><Question qid="X-2" qtype="t">Q</Question><Answer></Answer></QAPair>
            </QAPairs></Document>
            """);
    is(PublishedSet.MEDQUAD, xml);
    assertEquals(rows.only().fields(), xml.only().fields());
    assertEquals(rows.only().text(), xml.only().text());
    assertEquals("X-1", xml.only().id());
    assertEquals(Map.of("no answer", 1L), xml.source.leftOut());
  }

  @Test
  void dialoguesAreKnownAndAHospitalsOwnAreNot() throws IOException {
    String mts = "ID,section_header,section_text,dialogue\n0,%s,Has pain.,Doctor: Pain?\n";
    Collected section = read("mts.csv", mts.formatted("FAM/SOCHX"));
    is(PublishedSet.MTS_DIALOG, section);
    assertEquals("FAM/SOCHX", section.only().field("label"));
    assertEquals("Has pain.", section.only().text());
    assertEquals(Map.of(), read("own.csv", mts.formatted("Our section")).source.published());
    String aci = "dataset,encounter_id,dialogue,note\n%s,D2N001,[doctor] hi,NOTE\n";
    Collected visit = read("aci.csv", aci.formatted("virtassist"));
    is(PublishedSet.ACI_BENCH, visit);
    assertEquals("D2N001", visit.only().id());
    assertEquals("NOTE", visit.only().text());
    assertEquals(Map.of(), read("ours.csv", aci.formatted("ward 3")).source.published());
    Collected json =
        read("v.json", "{\"data\": [{\"src\": \"hi\", \"tgt\": \"NOTE\", \"file\": \"0-aci\"}]}");
    is(PublishedSet.ACI_BENCH, json);
    assertEquals("hi", json.only().field("dialogue"));
  }

  @ParameterizedTest
  @CsvSource({
    "pubmedqa/pqal_shared.json, 790, PUBMEDQA",
    "medqa-usmle/medqa_us_test_4options_part.jsonl, 913, MEDQA",
    "medquad/medquad_nih_subset.jsonl, 2800, MEDQUAD",
    "mts-dialog/MTS-Dialog-TrainingSet.csv, 1201, MTS_DIALOG",
    "mts-dialog/MTS-Dialog-ValidationSet.csv, 100, MTS_DIALOG",
    "aci-bench/train.csv, 67, ACI_BENCH",
    "deid-presidio/synth_dataset_v2_part.json, 798, PRESIDIO"
  })
  void publishedFilesAreWhole(String file, int count, PublishedSet set) throws IOException {
    Path path = SHARED.resolve(file);
    assumeTrue(Files.exists(path), "no " + path + " here");
    Collected all = Collected.of(path);
    is(set, all);
    assertEquals(List.of(), all.rejects);
    assertEquals(count, all.documents.size());
    assertEquals(0, all.source.repeated());
    for (Document document : all.documents) {
      assertNull(IntegrityCheck.reason(document), document::id);
    }
  }
}
