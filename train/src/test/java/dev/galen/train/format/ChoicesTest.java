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

  /** Fields that say the same, each in its own way; the first of them is learned as it stands. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'answer': 1, 'choices': ['one', 'two']                          | two
          'answer': 0, 'choices': ['one', 'two']                          | one
          'answer': 1, 'choices': ['0', '1']                              | 1
          'answer': '0', 'choices': ['one', '0']                          | 0
          'answer_idx': 1, 'options': ['one', 'two']                      | two
          'answer_index': 1, 'options': ['one', 'two']                    | two
          'answer_index': 1, 'answer': 'B', 'options': ['one', 'two']     | B
          'answer_idx': 2, 'options': {'1': 'one', '2': 'two'}            | two
          'answer_idx': 'B', 'answer': 'two', 'options': {'A': 'one', 'B': 'two'} | two
          'answer_idx': 'B', 'answer': ' two ', 'options': {'A': 'one', 'B': 'two'} |` two `
          'answer_idx': 'B', 'answer': 'B. two', 'options': {'A': 'one', 'B': 'two'} | B. two
          'answer_idx': 'B', 'answer': 'B', 'options': ['one', 'two']     | B
          'answer_idx': 'B', 'answerKey': 'B', 'options': ['one', 'two']  | two
          'answer_idx': 'B', 'answer': 'two'                              | two
          'answer_idx': 'B', 'answer': 'two', 'options': 'A. one B. two'  | two
          'answer_idx': '', 'answer': 'two', 'options': ['one', 'two']    | two
          'answer': 'two', 'answers': {'text': ['one', 'two']}            | two
          'answer': 'two', 'answers': {'text': []}                        | two
          'answers': ['one', 'two'], 'answer_idx': 'B', 'options': ['one', 'two'] | two
          'answer': 'two', 'long_answer': 'two'                           | two
          'cop': 0, 'opa': 'one', 'opb': 'two', 'opc': 'x', 'opd': 'y'    | one
          'cop': 4, 'opa': 'one', 'opb': 'two', 'opc': 'x', 'opd': 'y'    | y
          'cop': '0', 'opa': 'one', 'opb': 'two', 'opc': 'x', 'opd': 'y'  | one
          'cop': 'b', 'opa': 'one', 'opb': 'two', 'opc': 'x', 'opd': 'y'  | two
          'cop': 1, 'answer': 'two', 'opa': 'one', 'opb': 'two', 'opc': 'x' | two
          'cop': 2, 'answer': 'two', 'opa': 'one', 'opb': 'two', 'opc': 'x' | two
          'answer': 'two', 'a': 'x', 'context': [], 'passage': 'P'        | two
          'answer': 'two', 'options': [], 'A': 'one', 'B': 'two'          | two
          """)
  void fieldsThatAgree(String fields, String answer) throws IOException {
    assertEquals(answer, question(fields).answer());
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
          'answer': 1, 'options': {'A': 'x', 'B': 'y'}            | the field answer is a number
          'answer': 1, 'opa': 'x', 'opb': 'y'                     | the field answer is a number
          'answer': 1                                             | the field answer is a number
          'answer': 0.5, 'options': ['x', 'y']                    | the field answer is a number
          'answer': 2, 'options': ['x', 'y']                      | answer is 2 and there are 2 choices; expected a place from 0 to 1
          'answer': -1, 'options': ['x', 'y']                     | answer is -1 and there are 2 choices
          'answer': 4294967296, 'options': ['x', 'y']             | answer is 4294967296 and there are 2 choices
          'answer': 1, 'options': ['1', '2']                      | which is a choice and the place of another
          'answer': '1', 'options': ['x', 'y']                    | which is neither a choice nor its letter
          'answer_idx': 2, 'options': ['x', 'y']                  | answer_idx is 2 and there are 2 choices
          'answer_idx': 1, 'options': {'A': 'x', 'B': 'y'}        | names no choice: '1'
          'answer_idx': 0.5, 'options': ['x', 'y']                | the field answer_idx is a number
          'answer': 'x', 'answer_idx': 'B', 'options': ['x', 'y'] | answer and answer_idx do not say the same: answer is 'x'; answer_idx is 'y'
          'answer': 'z', 'answer_idx': 'B', 'options': ['x', 'y'] | answer and answer_idx do not say the same
          'answer': 'A', 'answer_idx': 'B', 'options': ['x', 'y'] | answer and answer_idx do not say the same
          'answer': 'x', 'answer_idx': 'C', 'options': ['x', 'y'] | names no choice: 'C'
          'answer_idx': 'A', 'answerKey': 'B', 'options': ['x', 'y'] | answer_idx and answerKey do not say the same
          'answer_idx': 'A', 'answer_index': 1, 'options': ['x', 'y'] | answer_idx and answer_index do not say the same
          'answer': 'x', 'long_answer': 'Since y, x.'             | long_answer and answer do not say the same
          'answer': 'x', 'answers': ['y', 'z']                    | answer and answers do not say the same
          'answer': 'x', 'answers': 'x'                           | the field answers is a string
          'cop': 1, 'opa': 'x', 'opb': 'y', 'opc': 'z', 'opd': 'w' | cop is 1, which counts from 0 (Hugging Face) or from 1 (the original files): 'y' or 'x'
          'cop': '3', 'opa': 'x', 'opb': 'y', 'opc': 'z', 'opd': 'w' | cop is 3, which counts from 0 (Hugging Face) or from 1
          'cop': -1, 'opa': 'x', 'opb': 'y', 'opc': 'z', 'opd': 'w' | cop names no choice: '-1'
          'cop': 5, 'opa': 'x', 'opb': 'y', 'opc': 'z', 'opd': 'w' | cop names no choice: '5'
          'cop': 65536, 'opa': 'x', 'opb': 'y'                    | cop names no choice: '65536'
          'cop': 1, 'answer': 'z', 'opa': 'x', 'opb': 'y', 'opc': 'z' | answer and cop do not say the same: answer is 'z'; cop is 'y' or 'x'
          'answer': 'x', 'opa': 'x', 'opb': 'y', 'A': 'z'         | opa and A are both given
          'answer': 'x', 'opa': 'x', 'opb': 'y', 'A': 'z', 'B': 'w' | opa and A are both given
          'answer': 'x', 'option_a': 'x', 'optionA': 'y'          | names the choice A twice
          'answer': 'x', 'a': 'x', 'A': 'y'                       | names the choice A twice
          'answer': 'x', 'options': ['x', 'y'], 'opa': 'x', 'opb': 'y' | options and opa are both given
          'answer': 'x', 'options': ['x', 'y'], 'opa': 'x'        | options and opa are both given
          'answer': 'x', 'opa': 'x'                               | opa is the only choice
          'answer': 'x', 'context': 'a', 'passage': 'b'           | context and passage are all given
          'answer': 'x', 'CONTEXTS': ['a'], 'abstract': 'b'       | CONTEXTS and abstract are all given
          'answer': 'x', 'QUESTION': 'Q2?'                        | question and QUESTION differ
          'answer': 'x', 'decision': 'yes', 'final_decision': 'no' | final_decision and decision differ
          'final_decision': 'yes'                                 | a decision alone has no answer
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
    for (String beside :
        new String[] {
          "'context': 'C.'",
          "'options': ['x']",
          "'choices': ['x']",
          "'passage': 'C.'",
          "'opa': 'x', 'opb': 'y'",
          "'option_a': 'x'",
          "'A': 'x', 'B': 'y'"
        }) {
      String row = "{'prompt': 'P', 'completion': ' c', " + beside + "}";
      String message = assertThrows(IOException.class, () -> question("a.jsonl", row)).getMessage();
      String field = beside.substring(1, beside.indexOf('\'', 1));
      assertTrue(message.startsWith(folder.resolve("a.jsonl") + ":1: fields are [prompt"), message);
      assertTrue(message.contains("which would leave out " + field), message);
    }
  }
}
