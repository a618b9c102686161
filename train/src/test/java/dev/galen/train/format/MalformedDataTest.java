package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input ends in one line that names the file, the line, and what was expected. */
class MalformedDataTest {

  @TempDir Path folder;

  /** In the table, ~ stands for a line break and ' for a double quote. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a.json   | {'1': {'QUESTION': 'Q',~'CONTEXTS': ['C'],          | :2 | malformed JSON
          a.json   | [{'question': 'Q' 'answer': 'A'}]                   | :1 | comma
          a.json   | 12                                                  | :1 | array of rows
          a.json   | {'1':~{'QUESTION': 'Q', 'CONTEXTS': []}}            | :2 | LONG_ANSWER or answer is missing
          a.json   | {'1': {'LONG_ANSWER': 'A'}}                         | :1 | expected input_ids
          a.json   | {'1': {'QUESTION': 'Q', 'LONG_ANSWER': 'A'},~'1': {'QUESTION': 'Q', 'LONG_ANSWER': 'A'}} | :2 | given twice
          a.json   | [{'text': 'a'},~3]                                  | :2 | the record is a number
          a.json   | {'question': 'Q', 'answer': 'A', 'context': {'text': 'C'}} | :1 | without contexts
          a.json   | {'question': 'Q', 'answer': 'A', 'context': [1]}    | :1 | paragraph of the context is a number
          a.jsonl  | {'text': 'a'}~{'text': 'b'                          | :2 | malformed JSON
          a.jsonl  | {'text': 'a'}~{'text': 'b'~{'text': 'c'}            | :2 | malformed JSON
          a.jsonl  | {'text': 'a'}~~nonsense                             | :3 | malformed JSON
          a.jsonl  | {'text': 'a'} {'text': 'b'}                         | :1 | one JSON object on each line
          a.jsonl  | {'text': 'a'}~[1]                                   | :2 | the record is a list
          a.jsonl  | {'text': 5}                                         | :1 | text is a number; expected a string
          a.jsonl  | {'text': '\\ud83d'}                                 | :1 | lone surrogate (\\ud83d)
          a.jsonl  | {'texts': 'b'}                                      | :1 | fields are [texts]; expected input_ids
          a.jsonl  | {'question': 'Q', 'final_decision': 'yes'}          | :1 | long_answer or LONG_ANSWER or answer is missing
          a.jsonl  | {'question': 'Q', 'answer': ' '}                    | :1 | is blank
          a.jsonl  | {'question': 'Q', 'answer': null}                   | :1 | is missing
          a.jsonl  | {'question': ['Q'], 'answer': 'A'}                  | :1 | question is a list
          a.jsonl  | {'question': 'Q', 'answer': 'A', 'decision': 'si'}  | :1 | decision is 'si'; expected yes, no, maybe
          a.jsonl  | {'question': 'Q', 'answer': 'A', 'id': [1]}         | :1 | id is a list
          a.jsonl  | {'input_ids': []}                                   | :1 | input_ids is empty
          a.jsonl  | {'input_ids': '1 2'}                                | :1 | expected a list of integers
          a.jsonl  | {'input_ids': [1, 2.5]}                             | :1 | 2.5 at position 1
          a.jsonl  | {'input_ids': [1, 3000000000]}                      | :1 | 3000000000 at position 1
          a.jsonl  | {'input_ids': [1]}~{'input_ids': [1, 2], 'labels': [1]} | :2 | labels has 1 entries and input_ids has 2
          a.jsonl  | {'input_ids': [1, 0], 'attention_mask': [1]}        | :1 | attention_mask has 1 entries and input_ids has 2
          a.jsonl  | {'input_ids': [1, 0], 'attention_mask': [1, 0, 0]}  | :1 | attention_mask has 3 entries and input_ids has 2
          a.jsonl  | {'input_ids': [1, 0], 'labels': [1, 0], 'attention_mask': []} | :1 | attention_mask has 0 entries
          a.jsonl  | {'input_ids': [1, 0], 'attention_mask': [1, 2]}     | :1 | attention_mask holds 2, expected 0 and 1
          a.jsonl  | {'input_ids': [1, 0], 'token_type_ids': [0]}        | :1 | token_type_ids has 1 entries and input_ids has 2
          a.jsonl  | {'input_ids': [1, 0], 'token_type_ids': [0, 1]}     | :1 | token_type_ids is not used
          a.csv    | text,more~a                                         | :2 | 1 fields and the header has 2
          a.csv    | text~a,b                                            | :2 | 2 fields and the header has 1
          a.csv    | text~a~'b                                           | :3 | not closed
          a.csv    | text,more~a,b~'c,d~e,f~                             | :3 | not closed
          a.csv    | text~a~'b'c~                                        | :  | malformed CSV
          a.csv    | text,Text~a,b                                       | :1 | twice
          a.csv    | question,reply~a,b                                  | :2 | long_answer or LONG_ANSWER or answer is missing
          a.csv    | question,answer~a,                                  | :2 | is blank
          a.csv    | a,b~1,2                                             | :2 | fields are [a, b]; expected
          a.csv    | text                                                | :  | holds no records
          a.txt    | ~~                                                  | :  | holds no records
          a.jsonl  | ~                                                   | :  | holds no records
          a.json   | []                                                  | :  | holds no records
          a.json   | {}                                                  | :1 | fields are []
          """)
  void malformed(String name, String content, String line, String problem) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, content.replace('~', '\n').replace('\'', '"'));
    refuses(file, line, problem.replace('\'', '"'));
  }

  private static void refuses(Path file, String line, String problem) {
    String message = assertThrows(IOException.class, () -> DataFiles.read(file)).getMessage();
    assertTrue(message.startsWith(file + line), message);
    assertTrue(message.contains(problem), message);
    assertEquals(1, message.lines().count(), message);
    assertFalse(message.contains("Source:"), message);
  }

  @Test
  void emptyMissingFolderAndOtherFormats() throws IOException {
    refuses(Files.createFile(folder.resolve("a.json")), ":", "is empty");
    refuses(folder.resolve("absent.json"), ":", "no such file");
    refuses(folder, ":", "is a folder");
    refuses(Files.writeString(folder.resolve("a.parquet"), "PAR1"), ":", ".parquet is not read");
    assertThrows(IllegalArgumentException.class, DataFiles::read);
  }

  @Test
  void bytesThatAreNotUtf8() throws IOException {
    byte[] latin = "text\nfine\ncaf\u00E9 noir\n".getBytes(StandardCharsets.ISO_8859_1);
    for (String name : new String[] {"a.txt", "a.csv", "a"}) {
      refuses(Files.write(folder.resolve(name), latin), ":3", "not valid UTF-8 (byte 0xE9)");
    }
    byte[] json = "{\"text\": \"a\"}\n{\"text\": \"\u00E9\"}".getBytes(StandardCharsets.ISO_8859_1);
    refuses(Files.write(folder.resolve("a.jsonl"), json), ":2", "not valid UTF-8");
    refuses(Files.write(folder.resolve("a.json"), json), ":2", "not valid UTF-8");
    byte[] cut = {'a', (byte) 0xE2, (byte) 0x82};
    refuses(Files.write(folder.resolve("b.txt"), cut), ":1", "not valid UTF-8 (byte 0xE2)");
    byte[] wide = "text".getBytes(StandardCharsets.UTF_16LE);
    refuses(Files.write(folder.resolve("c.txt"), wide), ":1", "NUL");
  }
}
