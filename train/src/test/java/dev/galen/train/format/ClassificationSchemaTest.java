package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.ClassifiedExample;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TextExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts and their classes, from tables and from JSON. */
class ClassificationSchemaTest {

  @TempDir Path folder;

  private List<String> read(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    Examples examples = DataFiles.examples(List.of(file), RowSchemas.classification());
    var read = new ArrayList<String>();
    examples.forEach(
        example -> {
          var classified = assertInstanceOf(ClassifiedExample.class, example);
          read.add(classified.text() + "=" + classified.label() + "@" + example.origin().line());
        });
    return read;
  }

  @Test
  void namesAndNumbers() throws IOException {
    var expected = List.of("a b=pos@%d", "c, d=neg@%d");
    String lines = "{\"text\": \"a b\", \"label\": %s}\n{\"label\": %s, \"text\": \"c, d\"}\n";
    assertEquals(at(expected, 1), read("a.jsonl", lines.formatted("\"pos\"", "\" neg \"")));
    assertEquals(List.of("a b=0@1", "c, d=11@2"), read("a.jsonl", lines.formatted("0", "11")));
    assertEquals(at(expected, 2), read("a.csv", "Text,Label\na b,pos\n\"c, d\",neg\n"));
    assertEquals(List.of("x=1@2"), read("a.csv", "id,text,label,title\n5,x,1,t\n"));
    assertEquals(List.of("x=1@1"), read("a.json", "{\"k\": {\"text\": \"x\", \"label\": 1}}"));
  }

  private static List<String> at(List<String> rows, int line) {
    return List.of(rows.get(0).formatted(line), rows.get(1).formatted(line + 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a.jsonl | {"text": "x"}                                   | fields are [text]; expected input_ids and label; or text and label
          a.jsonl | {"sentence1": "x", "sentence2": "y", "label": 1} | expected input_ids and label; or text and label
          a.jsonl | {"text": "x", "label": null}                    | the field label is missing
          a.jsonl | {"text": "x", "label": " "}                     | the field label is blank
          a.jsonl | {"text": "", "label": 1}                        | the field text is blank
          a.jsonl | {"text": "x", "label": -1}                      | label is -1; expected a name, or the number of a class
          a.jsonl | {"text": "x", "label": 3000000000}              | label is 3000000000; expected
          a.jsonl | {"text": "x", "label": 0.5}                     | label is a number; expected a name
          a.jsonl | {"text": "x", "label": true}                    | label is a boolean; expected a name
          a.jsonl | {"text": "x", "label": [1]}                     | label is a list; expected a name
          a.jsonl | {"text": "x", "label": 1, "question": "q"}      | would leave out question
          a.txt   | running text                                    | fields are [text]; expected input_ids and label; or text and label
          """)
  void whatIsNoClass(String name, String row, String problem) {
    String message = assertThrows(IOException.class, () -> read(name, row)).getMessage();
    assertTrue(message.startsWith(folder.resolve(name) + ":1: "), message);
    assertTrue(message.contains(problem), message);
  }

  @Test
  void aLanguageModelReadsTheTextAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"x\", \"label\": 1}");
    Example example = DataFiles.read(file).getFirst();
    assertEquals("x", assertInstanceOf(TextExample.class, example).text());
  }

  @Test
  void madeInTheProgram() {
    var example = new ClassifiedExample("x", "1");
    assertEquals("x", example.key());
    assertThrows(IllegalArgumentException.class, () -> new ClassifiedExample(" ", "1"));
    assertThrows(IllegalArgumentException.class, () -> new ClassifiedExample("x", ""));
  }
}
