package dev.galen.examples.clinical.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.PromptTemplate;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.SequenceEncoding;
import dev.galen.train.data.Split;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The corpus' sequences have the bits that they always had, read as a stream or held. */
class CorpusSequencesTest {
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

  private static Tokenizer tokenizer(Examples examples) {
    return BpeTrainer.builder()
        .vocabularySize(600)
        .specialTokens("<|endoftext|>")
        .build()
        .train(examples.stream().map(CorpusSequencesTest::text));
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
