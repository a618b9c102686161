package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.TokenExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of several documents. */
class PackedRowsTest {
  @TempDir Path folder;

  private TokenExample read(String row) throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), row.replace('\'', '"') + "\n");
    return (TokenExample) DataFiles.read(file).getFirst();
  }

  /** Packed rows, as transformers' flattening collator and TRL's packing leave them. */
  @Test
  void positionsAndLengthsSayWhereDocumentsBegin() throws IOException {
    String row = "{'input_ids': [1, 2, 3, 4, 5], %s}";
    String positions = "'position_ids': [0, 1, 0, 1, 2]";
    for (String field :
        List.of(positions, "'seq_lengths': [2, 3]", positions + ", 'seq_lengths': [2, 3]")) {
      var example = read(row.formatted(field));
      assertArrayEquals(new int[] {2, 3}, example.documents());
    }
    for (String field : List.of("'position_ids': [0, 1, 2, 3, 4]", "'seq_lengths': [5]")) {
      var example = read(row.formatted(field));
      assertNull(example.documents());
    }
    var wrong =
        Map.of(
            "'position_ids': [1, 2, 3, 4, 5]",
            "position_ids holds 1 at position 0; expected 0",
            "'position_ids': [0, 1, 1, 2, 3]",
            "holds 1 at position 2; expected 2, or 0 where",
            "'position_ids': [0, 1]",
            "position_ids has 2 entries and input_ids has 5",
            "'seq_lengths': [2, 2]",
            "seq_lengths are [2, 2]; expected lengths of at least 1",
            "'seq_lengths': [5, 0]",
            "expected lengths of at least 1 that make 5",
            positions + ", 'seq_lengths': [3, 2]",
            "but position_ids restart after [2, 3]",
            positions + ", 'attention_mask': [1, 1, 1, 1, 0]",
            "attention_mask hides something");
    wrong.forEach(
        (field, line) -> {
          var e = assertThrows(IOException.class, () -> read(row.formatted(field)));
          assertTrue(
              e.getMessage().contains(":1: ") && e.getMessage().contains(line), e.getMessage());
        });
  }
}
