package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Choices and contexts reach the prompt in every form that data sets give them, or are refused. */
class ChoicesTest {

  @TempDir Path folder;

  private QuestionExample question(String fields) throws IOException {
    return question("a.jsonl", "{'question': 'Q?', " + fields + "}");
  }

  private QuestionExample question(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content.replace('\'', '"'));
    return (QuestionExample) DataFiles.read(file).getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'answer': 'two', 'options': {'A': 'one', 'B': 'two'}",
        "'answer': 'two', 'options': ['one', 'two']",
        "'answer': 'two', 'choices': ['one', 'two']",
        "'answer': 'two', 'options': [{'key': 'A', 'value': 'one'}, {'key': 'B', 'value': 'two'}]",
        "'answer': 'two', 'options': [{'label': 'A', 'text': 'one'}, {'label': 'B', 'text': 'two'}]",
        "'answer': 'two', 'choices': {'text': ['one', 'two'], 'label': ['A', 'B']}",
        "'answer': 'two', 'opa': 'one', 'opb': 'two', 'opc': null",
        "'answer': 'two', 'A': 'one', 'B': 'two', 'C': ''",
        "'answer': 'two', 'option_a': 'one', 'option_b': 'two'",
        "'answer': 'two', 'options': {'A': 'one', 'B': 'two', 'E': null}",
        "'answer': 'two', 'options': 'A. one\\nB. two'",
        "'answer_idx': 'B', 'options': {'A': 'one', 'B': 'two'}",
        "'answerKey': 'B', 'choices': {'text': ['one', 'two'], 'label': ['A', 'B']}"
      })
  void everyFormMakesOnePrompt(String fields) throws IOException {
    QuestionExample example = question(fields);
    assertEquals("A. one\nB. two", example.context());
    assertEquals("two", example.answer());
    for (String context :
        new String[] {
          "'context': 'C.'",
          "'context': ['C.']",
          "'context': {'contexts': ['C.']}",
          "'passage': 'C.'",
          "'article': 'C.', 'context': ''"
        }) {
      assertEquals("C.\nA. one\nB. two", question(fields + ", " + context).context());
    }
  }

  @Test
  void choicesOfATableAndOfARowThatBeginsWithThem() throws IOException {
    var table = question("a.csv", "Question,A,B,C,D,Answer\nQ?,one,two,three,,two\n");
    assertEquals("A. one\nB. two\nC. three", table.context());
    var first = question("b.json", "{'choices': {'A': 'one'}, 'question': 'Q?', 'answer': 'one'}");
    assertEquals("A. one", first.context());
    assertEquals(
        "1. one\n2. two", question("'answer': '1', 'choice1': 'one', 'choice2': 'two'").context());
  }

  @Test
  void answersOfSeveralReadersAreOneWhenTheyAgree() throws IOException {
    assertEquals(
        "A.", question("'answers': {'text': ['A.', 'A.'], 'answer_start': [1, 1]}").answer());
    assertEquals("A.", question("'answers': ['A.']").answer());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'answer': 'x', 'options': ['x'], 'choices': ['x']       | options and choices are both given
          'answer': 'x', 'options': [1]                           | the field option A is a number
          'answer': 'x', 'options': {'A': NaN}                    | the field option A is NaN
          'answer': 'x', 'options': 5                             | the field options is a number
          'answer': 'x', 'options': [['x']]                       | the field option A is a list
          'answer': 'x', 'options': [{'name': 'x'}]               | neither {key, value} nor {label, text}
          'answer': 'x', 'options': [{'key': 'A', 'value': 'x'}, {'key': 'A', 'value': 'y'}] | names the choice A twice
          'answer': 'x', 'choices': {'text': ['x'], 'label': []}  | 1 texts and 0 labels
          'answer': 1, 'options': ['x', 'y']                      | the field answer is a number
          'answer_idx': 'C', 'options': ['x', 'y']                | names no choice: 'C'
          'answer_idx': 'A'                                       | names no choice: 'A'
          'answers': {'text': []}                                 | holds 0 different texts
          'answers': ['x', 'y']                                   | holds 2 different texts
          'answer': 'x', 'context': 'a', 'contexts': ['b']        | context and contexts are all given
          'answer': 'x', 'passage': 'a', 'article': 'b'           | passage and article are all given
          """)
  void whatIsNotUnderstoodIsRefused(String fields, String problem) {
    String message = assertThrows(IOException.class, () -> question(fields)).getMessage();
    assertTrue(message.startsWith(folder.resolve("a.jsonl") + ":1: "), message);
    assertTrue(message.contains(problem.replace('\'', '"')), message);
  }

  @Test
  void nothingStandsBesideAPrompt() throws IOException {
    for (String beside : new String[] {"'context': 'C.'", "'options': ['x']", "'choices': ['x']"}) {
      String row = "{'prompt': 'P', 'completion': ' c', " + beside + "}";
      String message = assertThrows(IOException.class, () -> question("a.jsonl", row)).getMessage();
      assertTrue(message.contains("a prompt is shown as it stands"), message);
    }
  }
}
