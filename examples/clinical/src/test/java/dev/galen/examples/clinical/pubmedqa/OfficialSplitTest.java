package dev.galen.examples.clinical.pubmedqa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.SharedData;
import dev.galen.examples.clinical.baseline.Baselines.Measured;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfficialSplitTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @TempDir private Path folder;

  private static JsonNode python() throws IOException {
    return MAPPER.readTree(OfficialSplitTest.class.getResource("split.json"));
  }

  private static QuestionExample record(String id, String decision) {
    return new QuestionExample(id, "Is it so?", "We looked.", "It is " + decision, decision);
  }

  /** A thousand invented ids with the published numbers of decisions. */
  private static PubMedQa thousand(JsonNode python) {
    String labels = python.get("labels").asText();
    var records = new ArrayList<QuestionExample>();
    for (int i = 0; i < labels.length(); i++) {
      String decision = Map.of('y', "yes", 'n', "no", 'm', "maybe").get(labels.charAt(i));
      records.add(record("q" + i, decision));
    }
    return new PubMedQa(records);
  }

  @Test
  void hasPythonsRandomNumbers() throws IOException {
    var random = new PythonRandom(0);
    JsonNode first = python().get("random");
    for (JsonNode bits : first.get("bits")) {
      // 2^31 - 1 has 31 bits; getrandbits(32) is read by them and the lowest one.
      int drawn = random.below(Integer.MAX_VALUE);
      assertEquals(bits.asLong() >>> 1, drawn);
    }
    for (JsonNode below : first.get("below")) {
      assertEquals(below.asInt(), random.below(10));
    }
  }

  @Test
  void isPythonsForAThousandRecords() throws IOException {
    JsonNode python = python();
    PubMedQa data = thousand(python);
    OfficialSplit split = OfficialSplit.compute(data.records());
    assertTrue(split.official());
    var parts = new StringBuilder();
    split.parts().values().forEach(part -> parts.append(part < 0 ? "t" : part.toString()));
    assertEquals(python.get("parts").asText(), parts.toString());
    assertEquals(500, split.test(data).size());
    for (int fold = 0; fold < OfficialSplit.FOLDS; fold++) {
      assertEquals(50, split.part(data, fold).size());
      assertEquals(450, split.trainOf(data, fold).size());
    }
  }

  /** The files hold 790 records; which of 1,000 places those take can only be searched for. */
  @Test
  void agreesWithThePublishedPartOfTheOfficialSplit() throws IOException {
    Path file = SharedData.require("pubmedqa/pqal_shared.json");
    PubMedQa data = UsableRecords.read(file).data();
    OfficialSplit given = OfficialSplit.of(file, data, null);
    assertEquals("official_split.json", given.source());
    assertEquals(385, given.test(data).size());
    assertEquals(405, given.train(data).size());
    JsonNode truth =
        MAPPER.readTree(SharedData.require("pubmedqa/test_ground_truth.json").toFile());
    assertEquals(385, truth.size());
    given
        .test(data)
        .forEach(record -> assertEquals(truth.get(record.id()).asText(), record.decision()));
    OfficialSplit whole = OfficialSplit.compute(thousand(python()).records());
    PubMedQa invented = thousand(python());
    for (String decision : PubMedQa.DECISIONS) {
      List<Integer> all = parts(whole, invented, decision);
      int at = 0;
      for (int part : parts(given, data, decision)) {
        while (at < all.size() && all.get(at) != part) {
          at++;
        }
        assertTrue(at < all.size(), "the published parts of " + decision + " are no selection");
        at++;
      }
    }
  }

  private static List<Integer> parts(OfficialSplit split, PubMedQa data, String decision) {
    return data.records().stream()
        .filter(record -> record.decision().equals(decision))
        .map(record -> split.parts().get(record.id()))
        .toList();
  }

  @Test
  void measuresAsTheOfficialEvaluation() throws IOException {
    Path file = SharedData.require("pubmedqa/pqal_shared.json");
    PubMedQa data = UsableRecords.read(file).data();
    List<QuestionExample> test = OfficialSplit.of(file, data, null).test(data);
    JsonNode raw = MAPPER.readTree(file.toFile());
    for (JsonNode wanted :
        MAPPER.readTree(SharedData.require("metric-cases.json").toFile()).get("cases")) {
      if (!wanted.get("metric").asText().equals("pubmedqa_eval")) {
        continue;
      }
      for (String way : List.of("required", "free")) {
        int[] said =
            test.stream()
                .mapToInt(
                    record ->
                        PubMedQa.DECISIONS.indexOf(
                            raw.get(record.id()).get("reasoning_" + way + "_pred").asText()))
                .toArray();
        Measured human = Measured.of("human", PubMedQa.labels(test), said, 3);
        JsonNode expected = wanted.get("expected").get("human_reasoning_" + way);
        assertEquals(expected.get("accuracy").asDouble(), human.accuracy(), 1e-9);
        assertEquals(expected.get("macro_f1").asDouble(), human.macroF1(), 1e-9);
      }
    }
  }

  @Test
  void readsBothForms() throws IOException {
    Path original = folder.resolve("original.json");
    Files.writeString(
        original,
        """
        {"7": {"QUESTION": "Does it help?", "CONTEXTS": ["We asked.", "They said."],
               "LABELS": ["AIM", "RESULTS"], "MESHES": [], "YEAR": "2011",
               "reasoning_required_pred": "yes", "reasoning_free_pred": "no",
               "final_decision": "no", "LONG_ANSWER": "It did not."}}
        """);
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(
        rows,
        "{\"pubid\": 7, \"question\": \"Does it help?\", \"context\": {\"contexts\": [\"We asked.\","
            + " \"They said.\"], \"labels\": [\"AIM\", \"RESULTS\"], \"meshes\": []},"
            + " \"long_answer\": \"It did not.\", \"final_decision\": \"no\"}\n");
    for (Path file : List.of(original, rows)) {
      QuestionExample record = UsableRecords.read(file).data().records().getFirst();
      assertEquals("7", record.id());
      assertEquals("We asked.\nThey said.", Setting.REASONING_REQUIRED.text(record));
      assertEquals("It did not.", Setting.REASONING_FREE.text(record));
      assertEquals(1, PubMedQa.label(record));
    }
  }

  @Test
  void readsSplitsOfTheUsers() throws IOException {
    var records = new ArrayList<QuestionExample>();
    for (int i = 0; i < 60; i++) {
      records.add(record("a" + i, PubMedQa.DECISIONS.get(i % 3)));
    }
    var data = new PubMedQa(records);
    assertFalse(OfficialSplit.compute(records).official());
    Path file = folder.resolve("test_ground_truth.json");
    Files.writeString(file, "{\"a0\": \"yes\", \"a1\": \"no\", \"other\": \"yes\"}");
    OfficialSplit fixed = OfficialSplit.of(folder.resolve("data.json"), data, null);
    assertEquals(List.of("a0", "a1"), fixed.test(data).stream().map(QuestionExample::id).toList());
    assertFalse(fixed.part(data, 9).isEmpty());
    Path own = folder.resolve("own.json");
    Files.writeString(own, "{\"a0\": \"test\", \"a1\": \"10\"}");
    assertEquals(
        own + ": a1 is \"10\", must be \"test\" or a fold from 0 to 9",
        assertThrows(IOException.class, () -> OfficialSplit.read(own, records.subList(0, 2)))
            .getMessage());
    assertTrue(
        assertThrows(IOException.class, () -> OfficialSplit.read(own, records))
            .getMessage()
            .startsWith(own + ": a1 is"));
    assertThrows(
        IllegalArgumentException.class, () -> OfficialSplit.compute(records.subList(0, 5)));
    Files.writeString(own, "{\"a0\": \"test\", \"a1\": \"3\"}");
    assertFalse(OfficialSplit.read(own, records.subList(0, 2)).official(), "a split of the user's");
  }
}
