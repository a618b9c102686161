package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that are read anew for each pass make the sequences that held data made. */
class StreamedDataTest {
  private static final double HELD_OUT = 0.1;
  private static final long SEED = 42;

  @TempDir Path folder;

  /** The digests are those of commit eca5592, which held all rows, texts and sequences at once. */
  @Test
  void sequencesAreThoseOfTheListsThatWereHeldBefore()
      throws IOException, NoSuchAlgorithmException {
    ClinicalCorpus.write(folder);
    List<Path> files = List.of(folder.resolve("train.json"), folder.resolve("test.json"));
    for (long held : new long[] {0, Long.MAX_VALUE}) {
      Examples examples = DataFiles.examples(files, RowSchemas.standard(), held);
      Examples train = examples.part(Split.Part.TRAIN, HELD_OUT, 0, SEED);
      Examples validation = examples.part(Split.Part.VALIDATION, HELD_OUT, 0, SEED);
      assertEquals(examples.count(), train.count() + validation.count());
      Tokenizer tokenizer = tokenizer(train);
      var encoder = SequenceEncoder.of(tokenizer, tokenizer.vocabularySize(), 96);
      assertEquals(
          "561 fed907c417ba02a0a42871739c7af8c3d2b39f14df5e4d2f398d11e7c72f3d73",
          SequenceDigest.of(encode(train, encoder)));
      assertEquals(
          "55 19c10667eb34a83f299b7ae27ecf8bc7d2c5452dbcb84d05ec4430fdc135f784",
          SequenceDigest.of(encode(validation, encoder)));
      assertEquals(
          "55 d91b64bc69b09a8732c79740c30d0b12e4448088b6c0fd436ffcdc0270733d75",
          SequenceDigest.of(encode(validation, encoder.withLearnedPrompts())));
    }
  }

  @Test
  void documentsArePackedAsBefore() throws IOException, NoSuchAlgorithmException {
    var rows = new StringBuilder();
    for (QuestionExample example : ClinicalCorpus.load().train()) {
      rows.append("{\"text\": \"").append(example.context().replace("\n", "\\n")).append("\"}\n");
    }
    Path file = Files.writeString(folder.resolve("a.jsonl"), rows);
    Examples examples = DataFiles.examples(List.of(file), RowSchemas.standard(), 0);
    Tokenizer tokenizer = tokenizer(examples);
    var encoder = SequenceEncoder.of(tokenizer, tokenizer.vocabularySize(), 64);
    assertEquals(
        "957 50781f65bfccc48aa387b359a7f5abd1921f6b835286d9ab4a9deb5fff766d71",
        SequenceDigest.of(encode(examples, encoder.withPacking())));
    assertEquals(
        "1143 f620a43ab2c095c3d260448ea84911d2ee40233731b14b9d43a9eb4d461495f3",
        SequenceDigest.of(encode(examples, encoder)));
  }

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

  private static Tokenizer tokenizer(Examples examples) {
    return BpeTrainer.builder()
        .vocabularySize(600)
        .specialTokens("<|endoftext|>")
        .build()
        .train(examples.stream().map(StreamedDataTest::text));
  }

  private static String text(Example example) {
    return switch (example) {
      case QuestionExample e -> PromptTemplate.prompt(e.question(), e.context()) + e.answer();
      case TextExample e -> e.text();
      default -> throw new AssertionError(example);
    };
  }

  private static TokenSequences encode(Examples examples, SequenceEncoder encoder)
      throws IOException {
    SequenceEncoding encoding = encoder.encoding();
    examples.forEach(encoding::add);
    return encoding.finish();
  }
}
