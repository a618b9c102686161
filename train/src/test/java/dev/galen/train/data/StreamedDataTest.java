package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that are read anew for each pass make the sequences that held data made. */
class StreamedDataTest {
  @TempDir Path folder;

  @Test
  void labelsOfEveryKindComeBack() {
    for (int vocabulary : new int[] {1000, 65_535, 65_536, Integer.MAX_VALUE}) {
      int last = Math.min(vocabulary - 1, 1_000_000);
      var sequences =
          List.of(
              TokenSequence.text(new int[] {0, 5, last}),
              new TokenSequence(new int[] {1, 2, last}, new int[] {-100, -100, last}, 7),
              new TokenSequence(new int[] {1, 2, 3}, new int[] {-100, -100, -100}),
              new TokenSequence(new int[] {1, 2, 3}, new int[] {last, -100, 0}),
              new TokenSequence(new int[] {4}, new int[] {4}));
      var builder = TokenSequences.builder(vocabulary);
      sequences.forEach(builder::add);
      TokenSequences held = builder.build();
      assertEquals(5, held.size());
      for (int i = 0; i < 5; i++) {
        assertArrayEquals(sequences.get(i).inputIds(), held.get(i).inputIds());
        assertArrayEquals(sequences.get(i).labels(), held.get(i).labels());
        assertEquals(sequences.get(i).leftOut(), held.get(i).leftOut());
        assertEquals(sequences.get(i).tokens(), held.tokens(i));
        assertEquals(sequences.get(i).length(), held.length(i));
      }
      assertEquals(3, held.longest());
      assertEquals(3, held.withLabels(new CausalCollator(0)).size());
      assertArrayEquals(new int[] {4}, held.byLength().getFirst().inputIds());
      assertArrayEquals(new int[] {0, 5, last}, held.byLength().get(1).inputIds());
      assertTrue(TokenSequences.of(held) == held);
    }
    var narrow = TokenSequences.builder(300);
    var beyond = TokenSequence.text(new int[] {70_000});
    assertThrows(IllegalArgumentException.class, () -> narrow.add(beyond));
  }

  @Test
  void manySequencesFillManyChunks() {
    var builder = TokenSequences.builder(100);
    for (int i = 0; i < 3000; i++) {
      int[] ids = new int[1 + i % 100];
      Arrays.fill(ids, i % 100);
      builder.add(TokenSequence.text(ids));
    }
    builder.add(TokenSequence.text(new int[5_000_000]));
    builder.add(TokenSequence.text(new int[] {9}));
    TokenSequences held = builder.build();
    for (int i = 0; i < 3000; i++) {
      assertEquals(1 + i % 100, held.get(i).length());
      assertEquals(i % 100, held.get(i).inputIds()[i % 100]);
    }
    assertEquals(5_000_000, held.get(3000).length());
    assertEquals(9, held.getLast().inputIds()[0]);
    // Two bytes an id, and less than as much again unused.
    assertTrue(held.bytes() < 30_000_000, held.bytes() + " bytes");
  }

  @Test
  void aFileThatChangesMeanwhileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}\n");
    Examples examples = DataFiles.examples(List.of(file), RowSchemas.standard(), 0);
    Files.writeString(file, "{\"text\": \"other\"}\n");
    var fault = assertThrows(IOException.class, () -> examples.forEach(e -> {}));
    assertEquals(
        file + ": changed while it was in use; run again with files that stay as they are",
        fault.getMessage());
    Examples held = DataFiles.examples(List.of(file), RowSchemas.standard(), Long.MAX_VALUE);
    Files.delete(file);
    var seen = new ArrayList<Example>();
    held.forEach(seen::add);
    assertEquals(1, seen.size());
    assertFalse(held.isEmpty() || held.tokenised());
  }

  @Test
  void whatALengthCosts() {
    var builder = TokenSequences.builder(100);
    for (int i = 1; i <= 200; i++) {
      int whole = i == 200 ? 500 : i;
      int kept = Math.min(whole, 150);
      builder.add(new TokenSequence(new int[kept], new int[kept], whole - kept));
    }
    var summary = LengthSummary.of(builder.build());
    assertEquals(new LengthSummary(200, 50, 26, 350, 198, 500), summary);
    assertEquals(
        new LengthSummary(0, 0, 0, 0, 0, 0), LengthSummary.of(TokenSequences.of(List.of())));
  }

  @Test
  void aBatchOfTooManyPositionsIsOneLine() {
    var fault =
        assertThrows(IllegalArgumentException.class, () -> Batch.requirePositions(40_001, 65_536));
    assertEquals(
        "a batch of 40,001 sequences, padded to the longest of 65,536 tokens, has 2,621,505,536"
            + " positions, and at most 2,147,483,647 can be; lower the batch size to 32,767, or the"
            + " length",
        fault.getMessage());
    Batch.requirePositions(32_767, 65_536);
  }
}
