package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run asks an encoder of language models, at the least and the greatest that it takes. */
class EncoderContractTest {
  private static final Origin HERE = new Origin("data.jsonl", 7);

  private static QuestionExample question(String words) {
    return new QuestionExample("1", words, "context", "Yes.", null, HERE);
  }

  @Test
  void saysWhatItMakes() {
    SequenceEncoder encoder = SequenceEncoder.of(new WordTokenizer(), 1000, 64);
    assertEquals(1000, encoder.vocabularySize());
    assertEquals(64, encoder.maxLength());
    assertEquals(WordTokenizer.END, encoder.paddingId());
    Batch batch =
        encoder
            .collator()
            .collate(
                List.of(
                    TokenSequence.text(new int[] {5, 6, 7}), TokenSequence.text(new int[] {8, 9})));
    assertEquals(3, batch.cols());
    assertEquals(WordTokenizer.END, batch.inputIds()[5]);
    assertEquals(TokenSequence.IGNORE_INDEX, batch.labels()[5]);
  }

  /** "Question: a b" and "Answer:" are four words: a fifth has room for an answer. */
  @Test
  void aQuestionFitsIfOneTokenOfItsAnswerDoes() {
    Example question = question("a b");
    assertTrue(SequenceEncoder.of(new WordTokenizer(), 1000, 5).fits(question));
    assertFalse(SequenceEncoder.of(new WordTokenizer(), 1000, 4).fits(question));
    // A tokenizer's own token in front takes room, too.
    var behindTwo = new WordTokenizer(new int[] {1, 2}, new int[0]);
    assertFalse(SequenceEncoder.of(behindTwo, 1000, 6).fits(question));
    assertTrue(SequenceEncoder.of(behindTwo, 1000, 7).fits(question));
    assertTrue(SequenceEncoder.ofTokens(1000, 2).fits(question), "what is refused later, by name");
    assertTrue(
        SequenceEncoder.of(new WordTokenizer(), 1000, 2)
            .fits(new TextExample("a b c d e f g", HERE)));
  }

  /** Blocks grow with what fills them, up to a length beyond what is made room for at first. */
  @Test
  void longBlocksHoldAllWords() {
    SequenceEncoder encoder = SequenceEncoder.of(new WordTokenizer(), 1000, 5000).withPacking();
    Example text = new TextExample("a b c d e ".repeat(540).strip(), HERE);
    TokenSequences made = encoder.encode(List.of(text, text));
    assertEquals(2, made.size());
    assertEquals(5000, made.length(0));
    int[] ids = made.get(0).inputIds();
    int ends = 0;
    for (int i = 0; i < ids.length; i++) {
      ends += ids[i] == WordTokenizer.END ? 1 : 0;
    }
    assertEquals(1, ends, "between the two");
    assertEquals(WordTokenizer.END, ids[2700]);
    assertEquals(2 * 2700 + 1 - 5000, made.length(1));
  }

  @Test
  void theLeastThatItTakes() {
    assertEquals(1, SequenceEncoder.ofTokens(1, 2).vocabularySize());
    assertThrows(IllegalArgumentException.class, () -> SequenceEncoder.ofTokens(0, 2));
    assertThrows(IllegalArgumentException.class, () -> SequenceEncoder.ofTokens(1, 1));
    var behindTwo = new WordTokenizer(new int[] {1, 2}, new int[0]);
    assertEquals(4, SequenceEncoder.of(behindTwo, 1000, 4).maxLength());
    var error =
        assertThrows(IllegalArgumentException.class, () -> SequenceEncoder.of(behindTwo, 1000, 3));
    assertEquals(
        "length 3; the tokenizer puts 2 tokens in front of every text, so take at least 4",
        error.getMessage());
  }

  /** Four words of the question with its answer's heading, and what of the context has room. */
  @Test
  void aPromptLeavesTheReserveFree() {
    var example = new QuestionExample("1", "a b", "c d e f g h i j k l m n", "Yes.", null, HERE);
    SequenceEncoder encoder = SequenceEncoder.of(new WordTokenizer(), 1000, 12);
    for (int reserve = 1; reserve <= 6; reserve++) {
      assertEquals(12 - reserve, encoder.prompt(example, reserve).length, "reserve " + reserve);
    }
    for (int reserve : new int[] {7, 8, 11}) {
      assertEquals(4, encoder.prompt(example, reserve).length, "the bare question stays");
    }
  }

  @Test
  void aSequenceOfExactlyTheLengthIsNotShortened() {
    // Four words in front, context and its heading, "Yes." and the end.
    TokenSequence whole =
        SequenceEncoder.of(new WordTokenizer(), 1000, 8).encode(List.of(question("a b"))).get(0);
    assertEquals(8, whole.length());
    assertFalse(whole.shortened());
    TokenSequence cut =
        SequenceEncoder.of(new WordTokenizer(), 1000, 7).encode(List.of(question("a b"))).get(0);
    assertTrue(cut.shortened() && cut.length() <= 7, cut.length() + " tokens");
  }
}
