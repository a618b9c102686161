package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.train.data.EncodedExample;
import dev.galen.train.data.Example;
import dev.galen.train.data.PromptExample;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenExample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every layout of file that is read, and what becomes of it. */
class DataFilesTest {

  @TempDir Path folder;

  private List<Example> read(String name, String content) throws IOException {
    return DataFiles.read(Files.writeString(folder.resolve(name), content));
  }

  private QuestionExample question(String name, String content) throws IOException {
    List<Example> examples = read(name, content);
    assertEquals(1, examples.size());
    return assertInstanceOf(QuestionExample.class, examples.getFirst());
  }

  /**
   * No-break spaces and U+0085, which Java's strip leaves, are white space as they are in Python.
   */
  @Test
  void whiteSpaceIsPythons() throws IOException {
    String row =
        "{'question': 'Q', 'answer': 'A', 'decision': '\\u00a0Yes\\u2007'}\n".replace('\'', '"');
    assertEquals("yes", question("a.jsonl", row + "\u00a0\u0085\n").decision());
    assertEquals("A", question("a.csv", "\u202fQuestion\u00a0,answer\nQ,A\n").answer());
    assertThrows(IOException.class, () -> read("a.txt", "\u00a0\n\u2007"));
    assertThrows(IOException.class, () -> read("b.jsonl", row.replace("A", "\\u0085")));
  }

  @Test
  void originalPubMedQa() throws IOException {
    var examples =
        read(
            "pqal.json",
            """
            {
             "11": {
              "QUESTION": "Does A help?",
              "CONTEXTS": ["One.", "Two."],
              "LABELS": ["BACKGROUND", "RESULTS"],
              "LONG_ANSWER": "A helps.",
              "final_decision": "yes"
             },
             "12": {"QUESTION": "B?", "CONTEXTS": [], "LONG_ANSWER": "No idea."}
            }
            """);
    assertEquals(2, examples.size());
    var first = (QuestionExample) examples.get(0);
    assertEquals("11", first.id());
    assertEquals("Does A help?", first.question());
    assertEquals("One.\nTwo.", first.context());
    assertEquals("A helps.", first.answer());
    assertEquals("yes", first.decision());
    assertEquals(2, first.origin().line());
    var second = (QuestionExample) examples.get(1);
    assertEquals("12", second.id());
    assertEquals("", second.context());
    assertNull(second.decision());
    assertEquals(9, second.origin().line());
  }

  @Test
  void rowsWithEveryShapeOfContext() throws IOException {
    String row =
        """
        {"pubid": 7, "question": "Q?", "context": %s, "long_answer": "A.", "final_decision": "No"}\
        """;
    for (String context :
        List.of(
            "\"One.\\nTwo.\"", "[\"One.\", \"Two.\"]", "{\"contexts\": [\"One.\", \"Two.\"]}")) {
      for (String name : List.of("a.json", "a.jsonl", "a")) {
        var example = question(name, row.formatted(context));
        assertEquals("7", example.id());
        assertEquals("One.\nTwo.", example.context());
        assertEquals("no", example.decision());
      }
      assertEquals("One.\nTwo.", question("b.json", "[" + row.formatted(context) + "]").context());
    }
    // A context that comes first is a field of a row, not a record of a map.
    var first = "{\"context\": {\"contexts\": [\"C.\"]}, \"question\": \"Q?\", \"answer\": \"A\"}";
    assertEquals("C.", question("c.json", first).context());
  }

  @Test
  void rowsSpreadOverLinesAndLinesNamedJson() throws IOException {
    assertEquals(
        "B", question("a.json", "{\n\"question\": \"A?\",\n\"answer\": \"B\"\n}").answer());
    var lines = read("b.json", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n");
    assertEquals(2, lines.size());
    assertEquals(2, lines.get(1).origin().line());
  }

  @Test
  void jsonLinesOfEveryKind() throws IOException {
    var examples =
        read(
            "mixed.jsonl",
            """
            {"text": "A document."}

            {"text": "  "}
            {"id": "x-1", "question": "Q?", "answer": "A."}
            {"prompt": "Say: ", "completion": "hi"}
            {"input_ids": [5, 6, 7], "labels": [-100, 6, 7]}
            {"input_ids": [5], "labels": null, "attention_mask": [1]}
            """);
    assertEquals(5, examples.size());
    assertEquals("A document.", ((TextExample) examples.get(0)).text());
    assertEquals(4, examples.get(1).origin().line());
    assertEquals("x-1", ((QuestionExample) examples.get(1)).id());
    var prompt = (PromptExample) examples.get(2);
    assertEquals("Say: ", prompt.prompt());
    assertEquals("hi", prompt.completion());
    var tokens = (TokenExample) examples.get(3);
    assertArrayEquals(new int[] {5, 6, 7}, tokens.inputIds());
    assertArrayEquals(new int[] {-100, 6, 7}, tokens.labels());
    assertNull(((TokenExample) examples.get(4)).labels());
  }

  /** What a mask hides is not learned, unless labels say so. */
  @Test
  void aMaskOfIdsWithoutLabelsHidesLabels() throws IOException {
    var examples =
        read(
            "masked.jsonl",
            """
            {"input_ids": [5, 6, 7], "attention_mask": [1, 1, 0], "token_type_ids": [0, 0, 0]}
            {"input_ids": [5, 6, 7], "attention_mask": [0, 1, 1], "labels": null}
            {"input_ids": [5, 6, 7], "attention_mask": [1, 1, 0], "labels": [5, -100, 7]}
            {"input_ids": [5, 6, 7], "attention_mask": [1, 1, 1], "token_type_ids": [0, 0, 0]}
            """);
    double[][] labels = {{5, 6, -100}, {-100, 6, 7}, {5, -100, 7}};
    for (int i = 0; i < labels.length; i++) {
      assertArrayEquals(labels[i], ((EncodedExample) examples.get(i)).labels());
    }
    assertArrayEquals(new int[] {0, 1, 1}, ((EncodedExample) examples.get(1)).attentionMask());
    assertNull(((TokenExample) examples.get(3)).labels());
  }

  @Test
  void multipleChoiceOptionsBecomeTheContext() throws IOException {
    var row =
        "{\"question\": \"Q?\", \"answer\": \"Two\", \"options\": {\"A\": \"One\", \"B\": \"Two\"}}";
    assertEquals("A. One\nB. Two", question("a.jsonl", row).context());
  }

  @Test
  void csvWithQuotesLineBreaksAndAnyCaseOfHeader() throws IOException {
    var examples =
        read(
            "a.csv",
            """
            Question,Answer,context,decision\r
            "Is ""it"", so?","Yes.
            It is.",,YES\r
            \r
            B?,C,D,\r
            """);
    assertEquals(2, examples.size());
    var first = (QuestionExample) examples.get(0);
    assertEquals("Is \"it\", so?", first.question());
    assertEquals("Yes.\nIt is.", first.answer());
    assertEquals("", first.context());
    assertEquals("yes", first.decision());
    var second = (QuestionExample) examples.get(1);
    assertEquals("D", second.context());
    assertNull(second.decision());
    assertEquals(5, second.origin().line());
    assertEquals("one", ((TextExample) read("b.csv", "text\none\n").getFirst()).text());
  }

  @Test
  void csvDialogueBecomesContextAndNoteTheAnswer() throws IOException {
    var example =
        question(
            "a.csv", "ID,section_header,section_text,dialogue\n0,PLAN,Rest.,\"D: Rest!\nP: Ok\"\n");
    assertEquals("0", example.id());
    assertEquals("Write the section PLAN of the clinical note.", example.question());
    assertEquals("D: Rest!\nP: Ok", example.context());
    assertEquals("Rest.", example.answer());
  }

  @Test
  void textIsOneDocumentAndKeepsItsLineBreaks() throws IOException {
    for (String name : List.of("a.txt", "a.md", "a")) {
      var examples = read(name, "[doctor] One.\r\nTwo.\n");
      assertEquals("[doctor] One.\r\nTwo.\n", ((TextExample) examples.getFirst()).text());
    }
  }

  @Test
  void byteOrderMarkIsTakenOff() throws IOException {
    assertEquals("one", ((TextExample) read("a.txt", "\uFEFFone").getFirst()).text());
    assertEquals("one", ((TextExample) read("a.csv", "\uFEFFtext\none").getFirst()).text());
    assertEquals(
        "one", ((TextExample) read("a.jsonl", "\uFEFF{\"text\":\"one\"}").getFirst()).text());
    assertEquals(
        "one", ((TextExample) read("a.json", "\uFEFF[{\"text\":\"one\"}]").getFirst()).text());
  }

  @Test
  void charactersAcrossBufferEndsSurvive() throws IOException {
    for (int shift = 0; shift < 4; shift++) {
      String text = "x".repeat((1 << 16) - 2 + shift) + "\u20AC\uD83D\uDE00\u00E9".repeat(30_000);
      assertEquals(text, ((TextExample) read("a.txt", text).getFirst()).text());
      assertEquals(
          text, ((TextExample) read("a.jsonl", "{\"text\":\"" + text + "\"}").getFirst()).text());
      assertEquals(text, ((TextExample) read("a.csv", "text\n" + text + "\n").getFirst()).text());
    }
  }

  @Test
  void filesFollowOneAnotherInTheirOrder() throws IOException {
    Path one = Files.writeString(folder.resolve("1.txt"), "one");
    Path two = Files.writeString(folder.resolve("2.jsonl"), "{\"text\":\"two\"}");
    var texts = new ArrayList<String>();
    for (Example example : DataFiles.read(two, one)) {
      texts.add(((TextExample) example).text());
    }
    assertEquals(List.of("two", "one"), texts);
  }

  @Test
  void recordsReachTheSinkBeforeTheFileIsRead() throws IOException {
    var seen = new ArrayList<Example>();
    Path file = folder.resolve("a.jsonl");
    Files.write(file, "{\"text\":\"one\"}\n{broken".getBytes(StandardCharsets.UTF_8));
    try {
      DataFiles.read(file, seen::add);
    } catch (IOException expected) {
      // The second line is malformed; the first one has arrived.
    }
    assertEquals(1, seen.size());
  }
}
