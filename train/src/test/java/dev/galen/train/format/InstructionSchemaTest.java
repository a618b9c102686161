package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.PromptExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alpaca's rows in the prompt that its authors published. */
class InstructionSchemaTest {

  @TempDir Path folder;

  private PromptExample read(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return (PromptExample) DataFiles.read(file).getFirst();
  }

  @Test
  void withAnInput() throws IOException {
    String row = "{\"instruction\": \"Add 5%%.\", \"input\": \"10 %s\", \"output\": \"10.5\"}";
    var example = read("a.json", "[" + row + "]");
    assertEquals(
        """
        Below is an instruction that describes a task, paired with an input that provides further \
        context. Write a response that appropriately completes the request.

        ### Instruction:
        Add 5%%.

        ### Input:
        10 %s

        ### Response:\
        """,
        example.prompt());
    assertEquals("10.5", example.completion());
    assertEquals(1, example.origin().line());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", \"input\": \"\"", ", \"input\": null", ", \"input\": \" \""})
  void withoutAnInput(String input) throws IOException {
    var example =
        read("a.jsonl", "{\"instruction\": \"Go.\"" + input + ", \"output\": \" I go.\"}");
    assertEquals(
        """
        Below is an instruction that describes a task. Write a response that appropriately \
        completes the request.

        ### Instruction:
        Go.

        ### Response:\
        """,
        example.prompt());
    assertEquals(" I go.", example.completion());
  }

  @Test
  void asATable() throws IOException {
    var example = read("a.csv", "instruction,input,output\nGo.,,I go.\n");
    assertTrue(example.prompt().contains("Go.\n\n### Response:"), example.prompt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"instruction": "Go."}                        | fields are [instruction]; expected
          {"instruction": "", "output": "x"}            | instruction is blank
          {"instruction": "Go.", "output": ""}          | output is blank
          {"instruction": "Go.", "output": ["x"]}       | output is a list
          {"instruction": "Go.", "output": "x", "input": 5} | input is a number
          {"instruction": "Go.", "output": "x", "system": "s"} | no place for system
          """)
  void whatIsNotUnderstood(String row, String problem) {
    String message = assertThrows(IOException.class, () -> read("a.jsonl", row)).getMessage();
    assertTrue(message.startsWith(folder.resolve("a.jsonl") + ":1: "), message);
    assertTrue(message.contains(problem), message);
  }
}
