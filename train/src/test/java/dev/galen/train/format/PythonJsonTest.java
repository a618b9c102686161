package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.Example;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TextExample;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Python's json module writes and reads is read; what it refuses is refused in plain words.
 */
class PythonJsonTest {

  @TempDir Path folder;

  private List<Example> read(String name, String content) throws IOException {
    return DataFiles.read(Files.writeString(folder.resolve(name), content));
  }

  @Test
  void nanAndInfinityInFieldsNobodyReads() throws IOException, URISyntaxException {
    var file = PythonJsonTest.class.getResource("reports/nan-in-unused-field/nan.jsonl");
    List<Example> examples = DataFiles.read(Path.of(file.toURI()));
    assertEquals(3, examples.size());
    assertEquals("The heart is safe.", ((TextExample) examples.get(1)).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "-Infinity",
        "[1, NaN, {\"b\": Infinity}]",
        "{\"x\": {\"text\": NaN}}",
        "1e99999",
        "123456789012345678901234567890123456789012345678901234567890",
        "\"\\ud83d\"",
        "{\"a\": 1, \"a\": 2}",
        "\"text\""
      })
  void unreadFieldsMayHoldAnything(String value) throws IOException {
    String row = "{\"score\": %s, \"text\": \"one\", \"score\": 1}".formatted(value);
    for (String name : List.of("a.jsonl", "b.json", "c")) {
      // An object that comes first would make a map of records of the other two.
      if (value.startsWith("{") && !name.endsWith("jsonl")) {
        continue;
      }
      assertEquals("one", ((TextExample) read(name, row).getFirst()).text());
    }
    assertEquals("one", ((TextExample) read("d.json", "[" + row + "]").getFirst()).text());
    String record = "{\"1\": {\"QUESTION\": \"Q\", \"LONG_ANSWER\": \"A\", \"MESHES\": %s}}";
    assertEquals(
        "A", ((QuestionExample) read("e.json", record.formatted(value)).getFirst()).answer());
  }

  /** In the table, ~ stands for a line break and ' for a double quote. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a.jsonl | {'text': 'a'}~{'text': NaN}                          | :2 | the field text is NaN; expected a string
          a.jsonl | {'question': NaN, 'answer': 'A'}                     | :1 | the field question is NaN
          a.jsonl | {'question': 'Q', 'answer': 'A', 'context': NaN}     | :1 | the field context is NaN
          a.jsonl | {'question': 'Q', 'answer': 'A', 'decision': NaN}    | :1 | the field decision is NaN
          a.jsonl | {'input_ids': [1, NaN]}                              | :1 | input_ids holds NaN at position 1
          a.jsonl | {'input_ids': [1, 2], 'labels': [NaN, 2]}            | :1 | labels holds NaN at position 0
          a.jsonl | {'input_ids': [1, 2], 'labels': NaN}                 | :1 | the field labels is NaN; expected a list
          a.json  | {'1': {'QUESTION': 'Q',~'LONG_ANSWER': -Infinity}}   | :1 | the field LONG_ANSWER is a number
          a.jsonl | {'text': 'a', 'text': 'b'}                           | :1 | the field text is given twice
          a.jsonl | {'question': 'Q', 'answer': 'A', 'options': {'A': 'x', 'A': 'y'}} | :1 | Duplicate field
          a.jsonl | {'text': 'a',}                                       | :1 | malformed JSON
          a.json  | [{'text': 'a'},]                                     | :1 | malformed JSON
          a.jsonl | {'n': +1, 'text': 'a'}                               | :1 | JSON spec does not allow numbers to have plus signs
          a.jsonl | {'n': .5, 'text': 'a'}                               | :1 | malformed JSON
          a.jsonl | {'n': 01, 'text': 'a'}                               | :1 | malformed JSON
          a.jsonl | {'text': 'tab\t'}                                    | :1 | malformed JSON
          a.jsonl | {text: 'a'}                                          | :1 | malformed JSON
          """)
  void usedFieldsAndBrokenSyntax(String name, String content, String line, String problem)
      throws IOException {
    content = content.replace('~', '\n').replace('\'', '"').replace("\\t", "\t");
    refuses(name, content, line, problem.replace('\'', '"'));
  }

  private void refuses(String name, String content, String line, String problem) {
    String message = assertThrows(IOException.class, () -> read(name, content)).getMessage();
    assertTrue(message.startsWith(folder.resolve(name) + line), message);
    assertTrue(message.contains(problem), message);
    assertFalse(message.contains("Feature") || message.contains("Constraints"), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void depthAndDigitsHaveLimitsInPlainWords() throws IOException {
    String deep = "{\"text\": \"a\", \"x\": " + "[".repeat(1001) + "]".repeat(1001) + "}";
    refuses("a.jsonl", deep, ":1", "nested deeper than 1000 levels");
    String long1 = "{\"input_ids\": [" + "1".repeat(5000) + "]}";
    refuses("a.jsonl", long1, ":1", "a number of more than 4300 digits");
    String long2 = "{\"input_ids\": [" + "1".repeat(4000) + "]}";
    refuses("a.jsonl", long2, ":1", "1111... at position 0; expected a 32-bit integer");
    String name = "{\"" + "k".repeat(100_000) + "\": 1, \"text\": \"one\"}";
    assertEquals(1, read("a.jsonl", name).size());
  }

  @Test
  void linesEndInEveryWay() throws IOException {
    String rows =
        "\uFEFF{\"text\": \"a\"}\r\n\r\n  \t\n{\"text\": \"b\\u2028c\"}\r\n{\"text\": \"d\"}";
    List<Example> examples = read("a.jsonl", rows);
    assertEquals(3, examples.size());
    assertEquals("b\u2028c", ((TextExample) examples.get(1)).text());
    assertEquals(4, examples.get(1).origin().line());
  }

  @Test
  void anArrayIsReadUnderEitherName() throws IOException {
    for (String name : List.of("a.json", "a.jsonl", "a")) {
      assertEquals(2, read(name, "[\n {\"text\": \"a\"},\n {\"text\": \"b\"}\n]\n").size());
    }
  }
}
