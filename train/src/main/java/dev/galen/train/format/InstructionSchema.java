package dev.galen.train.format;

import dev.galen.train.data.Example;
import dev.galen.train.data.PromptExample;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Alpaca's instructions, in the prompt that Stanford Alpaca was trained with (its {@code
 * train.py}): the response follows {@code ### Response:} with nothing in between, and alone is
 * learned.
 */
final class InstructionSchema implements RowSchema {

  private static final String WITH_INPUT =
      "Below is an instruction that describes a task, paired with an input that provides further"
          + " context. Write a response that appropriately completes the request.\n\n"
          + "### Instruction:\n%s\n\n### Input:\n%s\n\n### Response:";

  private static final String WITHOUT_INPUT =
      "Below is an instruction that describes a task. Write a response that appropriately completes"
          + " the request.\n\n### Instruction:\n%s\n\n### Response:";

  /** What others added to the rows; the prompt has no place for it. */
  private static final List<String> ADDED = List.of("system", "history");

  @Override
  public String name() {
    return "instruction and output (and input)";
  }

  @Override
  public Set<String> fields() {
    return Set.of("instruction", "input", "output", "system", "history");
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has("instruction") && row.has("output");
  }

  /** A system is a part of the body unless there is a prompt, and a history that of a patient. */
  @Override
  public boolean misses(String field, RowFields row) {
    return !ADDED.contains(field) || row.has("prompt");
  }

  @Override
  public Example read(RowFields row) throws IOException {
    List<String> added = row.given(ADDED);
    if (!added.isEmpty()) {
      throw row.error(
          "fields are "
              + row.names()
              + "; Alpaca's prompt has no place for "
              + String.join(" and ", added)
              + "; write prompt and completion instead");
    }
    String instruction = row.words("instruction");
    String prompt =
        row.given(List.of("input")).isEmpty()
            ? WITHOUT_INPUT.formatted(instruction)
            : WITH_INPUT.formatted(instruction, row.string("input"));
    return new PromptExample(prompt, row.words("output"), row.origin());
  }
}
