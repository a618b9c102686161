package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real records through GPT-2's real tokenizer, where both are present. */
class RealTokenizerTest {

  private static Tokenizer gpt2() throws IOException {
    return TokenizerFiles.load(SharedData.file("gpt2-tokenizer/vocab.json").getParent());
  }

  private static List<QuestionExample> pubMedQa() throws IOException {
    return DataFiles.read(SharedData.file("pubmedqa/pqal_shared.json")).stream()
        .map(QuestionExample.class::cast)
        .toList();
  }

  /** What generation sees must be what training saw: the cut between them falls between tokens. */
  @Test
  void promptAndCompletionMakeTheTokensOfTheWhole() throws IOException {
    Tokenizer tokenizer = gpt2();
    var encoder = SequenceEncoder.of(tokenizer, tokenizer.vocabularySize(), 2048);
    for (QuestionExample example : pubMedQa()) {
      String whole =
          PromptTemplate.prompt(example.question(), example.context())
              + PromptTemplate.completion(example)
              + "<|endoftext|>";
      int[] ids = encoder.encode(List.of(example)).getFirst().inputIds();
      assertArrayEquals(tokenizer.encode(whole, SpecialTokens.PARSE), ids, example.id());
    }
  }

  @Test
  void shortenedRecordsKeepQuestionAnswerAndDecision() throws IOException {
    Tokenizer tokenizer = gpt2();
    var encoder = SequenceEncoder.of(tokenizer, tokenizer.vocabularySize(), 256);
    var examples = pubMedQa();
    var sequences = encoder.encode(examples);
    int used = 0;
    for (int i = 0; i < sequences.size(); i++) {
      var sequence = sequences.get(i);
      assertTrue(sequence.length() <= 256);
      String learned =
          tokenizer.decode(Arrays.stream(sequence.labels()).filter(id -> id >= 0).toArray());
      assertEquals(PromptTemplate.completion(examples.get(i)) + "<|endoftext|>", learned);
      String text = tokenizer.decode(sequence.inputIds());
      assertTrue(text.startsWith("Question: " + examples.get(i).question().strip()), text);
      used += sequence.shortened() ? sequence.length() : 256;
    }
    // What is cut away is hardly more than what had to be: on average under two tokens in a
    // hundred.
    assertTrue(used > 0.98 * 256 * sequences.size(), used + " of " + 256 * sequences.size());
  }
}
